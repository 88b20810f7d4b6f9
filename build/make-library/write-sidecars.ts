import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileFormatFacts } from '../../electron/contract/catalogue/file-formats.ts';
import type { GenerationId } from '../../electron/contract/entities/ids.ts';
import { toStoredError } from '../../electron/library/db/columns.ts';
import { ORIGINALS, sidecarPath } from '../../electron/library/files/folders.ts';
import { splitMicros } from '../../electron/library/images/cost-shares.ts';
import { batchRequest, RECORDED_AFTER_MS } from './insert-job.ts';
import type { PlannedFile, PlannedGeneration, PlannedImage, PlannedJob } from './planned.ts';
import type { Shelves } from './shelves.ts';

const folders = new Set<string>();

/**
 * Writes the sidecars of a job's requests. They say what `buildSidecar` reads from the rows (a test compares them), from what was planned,
 * which is several times faster.
 */
export function writeSidecars(folder: string, job: PlannedJob, shelves: Shelves): void {
  for (const generation of job.generations) {
    const path = sidecarPath(folder, generation.id as GenerationId, job.createdAt);
    const month = dirname(path);
    if (!folders.has(month)) mkdirSync(month, { recursive: true });
    folders.add(month);
    writeFileSync(path, `${JSON.stringify(sidecarOf(job, generation, shelves), null, 2)}\n`);
  }
}

function sidecarOf(job: PlannedJob, made: PlannedGeneration, shelves: Shelves): object {
  const { cost, estimate, error } = made;
  const shares = cost ? splitMicros(cost.cost, made.images.length) : [];
  return {
    ...{ kind: 'emulsion-generation', version: 1, id: made.id, job: jobEntry(job), ordinal: made.ordinal },
    ...{ operation: made.operation, state: made.state, parameters: made.parameters, n: made.n },
    inputs: made.inputs.map(({ role, imageId, file }, position) => ({
      ...{ role, position, image_id: imageId },
      ...fileEntry(file),
    })),
    ...{ created_at: iso(job.createdAt), sent_at: iso(made.sentAt), finished_at: iso(made.finishedAt) },
    ...{ request_id: made.requestId, status: made.status, answer: made.answer, documents: [], billing: made.billing },
    ...{ cost: cost?.cost ?? null, cost_basis: cost?.basis ?? null, prices: made.prices },
    estimate: estimate && { least: estimate.min, most: estimate.max },
    error: error && toStoredError(error),
    images: made.images.map((image, index) => imageEntry(image, shares[index] ?? null, shelves)),
    partials: [],
  };
}

function jobEntry({ id, request, profileName, baseUrl, createdAt, batch }: PlannedJob): object {
  return {
    ...{ id, request, profile_name: profileName, base_url: baseUrl, created_at: iso(createdAt) },
    batch: batch && {
      ...{ id: batch.id, request: batchRequest(batch), created_at: iso(batch.createdAt), at: batch.place },
    },
  };
}

function imageEntry(image: PlannedImage, cost: number | null, shelves: Shelves): object {
  const { id, position, file, width, height, revisedPrompt, at, flaw, strict } = image;
  const made_at = iso(at + RECORDED_AFTER_MS);
  return {
    ...{ id, position, ...fileEntry(file), cost, width, height, revised_prompt: revisedPrompt, created_at: iso(at) },
    damaged: flaw !== null,
    strict: strict && {
      ...{
        state: 'done',
        feather: strict.feather,
        width,
        height,
        has_alpha: false,
        made_at,
        ...fileEntry(strict.file),
      },
      ...{ outside: strict.outside, changed: strict.changed, visible: strict.visible },
    },
    collections: shelves.collections
      .filter(({ key }) => image.collections.includes(key))
      .map(({ id: collectionId, name }) => ({ id: collectionId, name })),
  };
}

function fileEntry({ sha256, format, bytes }: PlannedFile): object {
  const { extension } = fileFormatFacts(format);
  return { sha256, file: `${ORIGINALS}/${sha256.slice(0, 2)}/${sha256.slice(2)}.${extension}`, format, bytes };
}

const iso = (at: number): string => new Date(at).toISOString();

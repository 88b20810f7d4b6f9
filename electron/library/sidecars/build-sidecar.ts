import type { BatchId, GenerationId, JobId } from '../../contract/entities/ids.ts';
import { PricesSchema } from '../../contract/entities/money.ts';
import { JobRequestSchema } from '../../contract/entities/requests.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { readJson, readNullableJson, toStoredError } from '../db/columns.ts';
import { prepare, type Readable } from '../db/database.ts';
import { readImageRows, readPartialRows, type ImageRow, type PartialRow } from '../images/image-rows.ts';
import { rowToStrictResult } from '../images/strict-results.ts';
import { readChanges, readDetails, readInputFile, type InputFileRow } from '../inputs/input-files.ts';
import { readBatchIndex, readBatchIntent } from '../jobs/batches.ts';
import {
  inputRows,
  readGeneration,
  readGenerationRow,
  type GenerationRow,
  type InputRow,
} from '../jobs/generations.ts';
import { readDocuments } from '../jobs/responses.ts';
import { iso, isoOrNull, sidecarFile, sidecarImage } from './sidecar-image.ts';
import { SIDECAR_VERSION, type GenerationSidecarFile } from './sidecar-schema.ts';

type FileRow = Pick<PartialRow, 'sha256' | 'format' | 'bytes'>;

/**
 * A request's sidecar from its current rows.
 * @throws StudioError `not-found` for a request that isn't in the library; `library-damaged` for columns that aren't valid
 */
export function buildSidecar(
  { db, folder }: { db: Readable; folder: string },
  id: GenerationId,
): GenerationSidecarFile {
  const row = readGenerationRow(db, id);
  const generation = readGeneration(db, id);
  const job = row && jobEntry(db, row);
  if (!row || !generation || !job) {
    throw new StudioError({
      code: 'not-found',
      message: `Request ${id} isn’t in the library. No sidecar was written.`,
    });
  }
  return {
    kind: 'emulsion-generation',
    version: SIDECAR_VERSION,
    id,
    job,
    ordinal: row.ordinal,
    operation: row.operation,
    state: row.state,
    parameters: { ...generation.parameters },
    n: row.n,
    inputs: inputRows(db, id).map((input) => inputEntry(db, folder, input)),
    created_at: iso(row.created_at),
    sent_at: isoOrNull(row.sent_at),
    finished_at: isoOrNull(row.finished_at),
    request_id: row.request_id,
    status: row.status,
    answer: generation.answer,
    documents: readDocuments(db, id),
    billing: row.billing,
    cost: row.cost,
    cost_basis: row.cost_basis,
    prices: readNullableJson(PricesSchema, row.prices, { table: 'generations', column: 'prices', row: id }),
    estimate: generation.estimate && { least: generation.estimate.min, most: generation.estimate.max },
    error: generation.error && toStoredError(generation.error),
    images: readImageRows(db, id).map((image) => imageEntry(db, folder, image)),
    partials: readPartialRows(db, id).map((partial) => partialEntry(folder, partial)),
  };
}

/** The request's job; null if its row is missing. */
function jobEntry(db: Readable, row: GenerationRow): GenerationSidecarFile['job'] | null {
  const sql = 'SELECT request, created_at FROM jobs WHERE id = ?';
  const job = prepare<[string], { request: string; created_at: number }>(db, sql).get(row.job_id);
  if (!job) return null;
  return {
    id: row.job_id,
    request: readJson(JobRequestSchema, job.request, { table: 'jobs', column: 'request', row: row.job_id }),
    profile_name: row.profile_name,
    base_url: row.base_url,
    created_at: iso(job.created_at),
    batch: batchEntry(db, row.job_id),
  };
}

function batchEntry(db: Readable, jobId: JobId): GenerationSidecarFile['job']['batch'] {
  const sql = 'SELECT batch_id AS id, batch_place AS place FROM jobs WHERE id = ? AND batch_id IS NOT NULL';
  const row = prepare<[string], { id: BatchId; place: string | null }>(db, sql).get(jobId);
  const batch = row && readBatchIntent(db, row.id);
  if (!batch) return null;
  const { id, request, createdAt } = batch;
  return { id, request, created_at: iso(createdAt), at: readBatchIndex(jobId, row.place) };
}

function inputEntry(db: Readable, folder: string, row: InputRow): GenerationSidecarFile['inputs'][number] {
  const { role, position, image_id, sha256 } = row;
  return { role, position, image_id, ...sidecarFile(folder, row), upload: uploadEntry(readInputFile(db, sha256)) };
}

function uploadEntry(row: InputFileRow | null): GenerationSidecarFile['inputs'][number]['upload'] {
  if (row === null) return null;
  const { name, width, height, orientation, frames, thumbhash, image_id } = row;
  return {
    name,
    width,
    height,
    orientation,
    frames,
    has_alpha: row.has_alpha === 1,
    thumbhash,
    changes: readChanges(row),
    details: readDetails(row),
    image_id,
    added_at: iso(row.added_at),
  };
}

function partialEntry(folder: string, row: PartialRow): GenerationSidecarFile['partials'][number] {
  return { index: row.ordinal, ...sidecarFile(folder, row), arrived_at: iso(row.arrived_at) };
}

function imageEntry(db: Readable, folder: string, row: ImageRow): GenerationSidecarFile['images'][number] {
  return {
    ...sidecarImage(db, folder, row),
    position: row.position,
    cost: row.cost,
    revised_prompt: row.revised_prompt,
    strict: strictEntry(db, folder, row),
  };
}

function strictEntry(db: Readable, folder: string, row: ImageRow): GenerationSidecarFile['images'][number]['strict'] {
  const result = rowToStrictResult(row);
  const made_at = iso(row.strict_made_at ?? 0);
  if (result === null) return null;
  if (result.state === 'failed') return { ...result, error: toStoredError(result.error), made_at };
  const { hasAlpha: has_alpha, ...rest } = result;
  const sql = 'SELECT sha256, format, bytes FROM originals WHERE sha256 = ?';
  const original = prepare<[string], FileRow>(db, sql).get(result.sha256);
  return original ? { ...rest, ...sidecarFile(folder, original), has_alpha, made_at } : null;
}

import { createHash, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { computeCost } from '../../electron/contract/costs/cost.ts';
import type { ResponseMetadata } from '../../electron/contract/entities/generations.ts';
import type { GenerationId, JobId, ProfileId, Sha256 } from '../../electron/contract/entities/ids.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import { findModel } from '../../electron/contract/catalogue/models.ts';
import { collect, createCollection } from '../fakes/collections.ts';
import { finishGeneration, markSent } from '../../electron/library/jobs/generations.ts';
import { saveImage } from '../../electron/library/images/save-image.ts';
import { createThumbnails } from '../../electron/library/images/thumbnails.ts';
import { finishJob, recordIntent, startJob } from '../../electron/library/jobs/jobs.ts';
import { incomingFolder, openLibrary, type Library } from '../../electron/library/library.ts';

const DAY = 86_400_000;
const MODELS = ['gpt-image-2.6-sunburst', 'gpt-image-2.6-sunburst', 'gpt-image-2.5-sunburst', 'gpt-image-2'] as const;
const QUALITIES = ['low', 'medium', 'high'] as const;
const SUBJECTS = [
  'A stoneware bottle with an olive branch',
  'A sunlit courtyard with cobalt walls',
  'A ringed planet over its moons',
  'An alpine ridge after snowfall',
  'Dunes at noon, long lens',
] as const;

/** The demo server's image and usage for a prompt. */
export async function draw(
  baseUrl: string,
  parameters: JobRequest['parameters'],
): Promise<{ bytes: Buffer; answer: ResponseMetadata }> {
  const response = await fetch(`${baseUrl}/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(parameters),
  });
  const { data, ...answer } = (await response.json()) as ResponseMetadata & { data: { b64_json: string }[] };
  return { bytes: Buffer.from(data[0]?.b64_json ?? '', 'base64'), answer };
}

/** Fills a closed library with images on most days of the current month. */
export async function writeHistory(folder: string, baseUrl: string): Promise<void> {
  const library = await openLibrary(folder);
  const now = new Date();
  const collections = ['Casa Azul', 'Olive & stone', 'Perfume launch'].map((name) =>
    createCollection(library.db, name, now.getTime()),
  );
  for (let day = 1; day < now.getDate(); day += 1) {
    const noon = new Date(now.getFullYear(), now.getMonth(), day, 12).getTime();
    for (let click = 0; click < (day * 7) % 5; click += 1) {
      const image = await makeOne(library, baseUrl, noon + click * 600_000, day * 5 + click);
      const collection = collections[(day + click) % 4];
      if (collection) collect(library.db, collection.id, [image], true, noon);
    }
  }
  await loseOne(library, now.getTime() - DAY);
  library.close();
}

async function makeOne(library: Library, baseUrl: string, at: number, number: number) {
  const model = MODELS[number % MODELS.length] ?? MODELS[0];
  const parameters = {
    prompt: SUBJECTS[number % SUBJECTS.length] ?? SUBJECTS[0],
    model,
    size: '1024x1024',
    quality: QUALITIES[number % QUALITIES.length] ?? 'medium',
    n: 1,
  };
  const { job, generation } = intend(library, parameters, at);
  const { bytes, answer } = await draw(baseUrl, parameters);
  // Bytes after a PNG's end make each file unique.
  const own = Buffer.concat([bytes, Buffer.from(String(number))]);
  const path = join(incomingFolder(library), `${randomUUID()}.png`);
  await writeFile(path, own);
  const sha256 = createHash('sha256').update(own).digest('hex') as Sha256;
  const file = { path, bytes: own.length, sha256 };
  const { id } = await saveImage(library, { generationId: generation, position: 0, file, revisedPrompt: null, at });
  const { prices } = findModel(model);
  const cost = computeCost({ answer, images: 1, prices, svgPrices: null, free: false });
  const known = cost && { ...cost, prices };
  finishGeneration(library.db, generation, { state: 'done', at, answer, billing: 'billed', error: null, cost: known });
  finishJob(library.db, job, { state: 'done', error: null, at });
  await createThumbnails(library, id);
  return id;
}

/** A request that may have been billed. */
async function loseOne(library: Library, at: number): Promise<void> {
  const parameters = { prompt: 'North face at first light', model: 'gpt-image-2.5-sunburst', quality: 'max' as const };
  const { job, generation } = intend(library, parameters, at);
  const error = {
    code: 'timed-out' as const,
    message: 'The server sent nothing for 16 minutes, so Emulsion stopped waiting. The request may have been billed.',
    billing: 'possible' as const,
  };
  finishGeneration(library.db, generation, { state: 'failed', at, answer: null, billing: 'possible', error });
  finishJob(library.db, job, { state: 'failed', error, at });
}

function intend(library: Library, parameters: JobRequest['parameters'] & { prompt: string }, at: number) {
  const [job, generation] = [uuid() as JobId, uuid() as GenerationId];
  const estimate = { min: 120_000, max: 610_000 };
  recordIntent(library.db, {
    id: job,
    request: { operation: 'create', profileId: 'environment' as ProfileId, parameters } as JobRequest,
    profileName: 'Environment',
    baseUrl: 'https://api.openai.com/v1',
    createdAt: at,
    estimate,
    generations: [{ id: generation, parameters, n: 1, estimate }],
  });
  startJob(library.db, job, at);
  markSent(library.db, generation, at);
  return { job, generation };
}

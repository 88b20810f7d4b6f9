import type { JobId } from '../../contract/entities/ids.ts';
import type { StrictMaskResult } from '../../contract/entities/strict-mask-result.ts';
import { jobOutcome } from '../../contract/rules/job-outcome.ts';
import { errorToJson } from '../db/columns.ts';
import { prepare, type Writable } from '../db/database.ts';
import { storeStrictResult } from '../images/strict-results.ts';
import { finishJob, readEndedRequests } from '../jobs/jobs.ts';
import { SIDECAR_VERSION, type GenerationSidecar, type ImportSidecar } from '../sidecars/sidecar-schema.ts';
import { insertFile, insertImage, type UnindexedImage } from './insert-images.ts';

type Values = Record<string, string | number | null>;
const timeOf = (text: string | null): number | null => (text === null ? null : Date.parse(text));
const jsonOf = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** Whether an image's thumbnails are on the disk. */
type HasThumbnail = (sha256: string) => boolean;

/**
 * A request with its job, inputs, partial images, response and images.
 * @returns its images, whose words aren't indexed yet
 * @throws where its rows contradict those that are there
 */
export function insertRequest(db: Writable, record: GenerationSidecar, hasThumbnail: HasThumbnail): UnindexedImage[] {
  insertJob(db, record);
  insertGeneration(db, record);
  insertInputs(db, record);
  for (const partial of record.partials) {
    insertFile(db, partial);
    const sql = 'INSERT INTO partials (generation_id, ordinal, sha256, arrived_at) VALUES (?, ?, ?, ?)';
    prepare<[string, number, string, number]>(db, sql).run(
      record.id,
      partial.index,
      partial.sha256,
      Date.parse(partial.arrived_at),
    );
  }
  if (record.documents.length > 0)
    prepare<[string, string]>(db, 'INSERT INTO answers (generation_id, documents) VALUES (?, ?)').run(
      record.id,
      JSON.stringify(record.documents),
    );
  const prompt = textOf(record, 'prompt');
  const files = record.inputs.flatMap(({ role, upload }) =>
    role === 'image' && upload && upload.image_id === null ? [upload.name] : [],
  );
  const origin = { jobId: record.job.id, generationId: record.id, importId: null, prompt, fileName: null, files };
  return record.images.map((image) => {
    const inserted = insertImage(db, image, origin, hasThumbnail(image.sha256));
    insertStrict(db, image);
    return inserted;
  });
}

/** An import with its image, if that is there. @returns the image, whose words aren't indexed yet */
export function insertImport(db: Writable, record: ImportSidecar, hasThumbnail: HasThumbnail): UnindexedImage[] {
  const sql = `INSERT INTO imports (id, run, file_name, imported_at, dated, software, prompt, negative_prompt, model, parameters, texts, recorded_at)
    VALUES (:id, :run, :file, :at, :dated, :software, :prompt, :negative, :model, :parameters, :texts, :recorded)`;
  prepare<[Values]>(db, sql).run({
    id: record.id,
    run: record.run,
    file: record.file_name,
    at: Date.parse(record.imported_at),
    dated: record.dated,
    software: record.software,
    prompt: record.prompt,
    negative: record.negative_prompt,
    model: record.model,
    parameters: JSON.stringify(record.parameters),
    texts: JSON.stringify(record.texts),
    recorded: Date.now(),
  });
  const { image } = record;
  if (image === null) return [];
  const origin = {
    jobId: null,
    generationId: null,
    importId: record.id,
    prompt: record.prompt,
    fileName: record.file_name,
    files: [],
  };
  return [insertImage(db, image, origin, hasThumbnail(image.sha256))];
}

/** The job of a request, with the first of its requests; how it ended follows once all are there. */
function insertJob(db: Writable, { job }: GenerationSidecar): void {
  if (job.batch) {
    const sql = 'INSERT INTO batches (id, request, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING';
    const { id, request, created_at } = job.batch;
    prepare<[string, string, number]>(db, sql).run(id, JSON.stringify(request), Date.parse(created_at));
  }
  // Nobody is asked again about what went wrong long ago.
  const sql = `INSERT INTO jobs (id, state, request, profile_name, base_url, created_at, dismissed, batch_id, batch_place)
    VALUES (:id, 'done', :request, :profile, :url, :at, 1, :batch, :place) ON CONFLICT DO NOTHING`;
  prepare<[Values]>(db, sql).run({
    id: job.id,
    request: JSON.stringify(job.request),
    profile: job.profile_name,
    url: job.base_url,
    at: Date.parse(job.created_at),
    batch: job.batch?.id ?? null,
    place: job.batch ? JSON.stringify(job.batch.at) : null,
  });
}

function insertGeneration(db: Writable, record: GenerationSidecar): void {
  const { parameters, estimate, job } = record;
  const sql = `INSERT INTO generations (id, job_id, ordinal, operation, state, model, prompt, n, parameters, created_at, sent_at, finished_at,
      request_id, status, answer, billing, error, recorded_at, estimate_least, estimate_most, cost, cost_basis, prices)
    VALUES (:id, :job, :ordinal, :operation, :state, :model, :prompt, :n, :parameters, :created, :sent, :finished,
      :request, :status, :answer, :billing, :error, :recorded, :least, :most, :cost, :basis, :prices)`;
  prepare<[Values]>(db, sql).run({
    id: record.id,
    job: job.id,
    ordinal: record.ordinal,
    operation: record.operation,
    // Only ended requests have a record.
    state: record.state === 'intent' || record.state === 'sent' ? 'interrupted' : record.state,
    model: textOf(record, 'model'),
    prompt: textOf(record, 'prompt'),
    n: record.n,
    parameters: JSON.stringify(parameters),
    created: Date.parse(record.created_at),
    sent: timeOf(record.sent_at),
    finished: timeOf(record.finished_at),
    request: record.request_id,
    status: record.status,
    answer: jsonOf(record.answer),
    billing: record.billing,
    error: errorToJson(record.error),
    // Older records are written again.
    recorded: record.version === SIDECAR_VERSION ? Date.now() : null,
    least: estimate?.least ?? null,
    most: estimate?.most ?? null,
    cost: record.cost,
    basis: record.cost_basis,
    prices: jsonOf(record.prices),
  });
}

function textOf({ parameters }: GenerationSidecar, name: 'model' | 'prompt'): string {
  const value = parameters[name];
  return typeof value === 'string' ? value : '';
}

function insertInputs(db: Writable, { id, inputs }: GenerationSidecar): void {
  for (const input of inputs) {
    insertFile(db, input);
    const sql = 'INSERT INTO inputs (generation_id, position, role, sha256, image_id) VALUES (?, ?, ?, ?, ?)';
    prepare<[string, number, string, string, string | null]>(db, sql).run(
      id,
      input.position,
      input.role,
      input.sha256,
      input.image_id,
    );
    if (input.upload) insertUpload(db, input.sha256, input.upload);
  }
}

type Upload = NonNullable<GenerationSidecar['inputs'][number]['upload']>;

function insertUpload(db: Writable, sha256: string, upload: Upload): void {
  const sql = `INSERT INTO input_files (sha256, name, width, height, orientation, frames, has_alpha, thumbhash, deeds, image_id, added_at, details)
    VALUES (:sha256, :name, :width, :height, :orientation, :frames, :alpha, :thumbhash, :changes, :image, :at, :details) ON CONFLICT DO NOTHING`;
  prepare<[Values]>(db, sql).run({
    sha256,
    name: upload.name,
    width: upload.width,
    height: upload.height,
    orientation: upload.orientation,
    frames: upload.frames,
    alpha: upload.has_alpha ? 1 : 0,
    thumbhash: upload.thumbhash,
    changes: JSON.stringify(upload.changes),
    image: upload.image_id,
    at: Date.parse(upload.added_at),
    details: jsonOf(upload.details ?? null),
  });
}

function insertStrict(db: Writable, image: GenerationSidecar['images'][number]): void {
  const { strict } = image;
  if (strict === null) return;
  const at = Date.parse(strict.made_at);
  if (strict.state === 'failed') {
    const { state, feather, error } = strict;
    storeStrictResult(db, image.id, { state, feather, error }, at);
    return;
  }
  insertFile(db, strict);
  const { has_alpha: hasAlpha, made_at: _, file: __, ...rest } = strict;
  storeStrictResult(db, image.id, { ...rest, hasAlpha } satisfies StrictMaskResult, at);
}

/** How each job ended, from its requests. */
export function endJobs(db: Writable): void {
  db.exec(`UPDATE jobs SET ${ENDED}`);
  const sql = `SELECT id, finished_at FROM jobs WHERE id IN (SELECT job_id FROM generations WHERE state <> 'done')`;
  for (const job of prepare<[], EndedJob>(db, sql).all()) finish(db, job);
}

/** How one job ended, from its requests; nothing if one of them hasn't. */
export function endJob(db: Writable, id: JobId): void {
  const isOpen = "SELECT 1 FROM generations g WHERE g.job_id = jobs.id AND g.state IN ('intent', 'sent')";
  prepare<[string]>(db, `UPDATE jobs SET ${ENDED} WHERE id = ? AND NOT EXISTS (${isOpen})`).run(id);
  const sql = `SELECT id, finished_at FROM jobs WHERE id = ? AND NOT EXISTS (${isOpen})`;
  const job = prepare<[string], EndedJob>(db, sql).get(id);
  if (job) finish(db, job);
}

interface EndedJob {
  id: JobId;
  finished_at: number;
}

const ENDED = `
  started_at = (SELECT min(sent_at) FROM generations g WHERE g.job_id = jobs.id),
  finished_at = coalesce((SELECT max(finished_at) FROM generations g WHERE g.job_id = jobs.id), created_at),
  estimate_least = (SELECT CASE WHEN count(*) = count(estimate_least) THEN sum(estimate_least) END FROM generations g WHERE g.job_id = jobs.id),
  estimate_most = (SELECT CASE WHEN count(*) = count(estimate_most) THEN sum(estimate_most) END FROM generations g WHERE g.job_id = jobs.id)`;

function finish(db: Writable, { id, finished_at: at }: EndedJob): void {
  finishJob(db, id, { ...jobOutcome(readEndedRequests(db, id)), at });
}

import type { GenerationState } from '../../contract/entities/generations.ts';
import type { BatchId, GenerationId, JobId, Sha256, Timestamp } from '../../contract/entities/ids.ts';
import type { Job, JobGeneration, JobState } from '../../contract/entities/jobs.ts';
import { JobRequestSchema, type Input, type JobRequest } from '../../contract/entities/requests.ts';
import { StudioError, type ErrorReport } from '../../contract/errors/errors.ts';
import { notSent } from '../../contract/errors/messages.ts';
import type { MicrosRange } from '../../contract/entities/money.ts';
import type { Parameters } from '../../contract/catalogue/parameters.ts';
import { jobOutcome, type EndedRequest, type JobOutcome } from '../../contract/rules/job-outcome.ts';
import { errorFromJson, errorToJson, readJson, readRows } from '../db/columns.ts';
import { prepare, transact, type Readable, type Writable } from '../db/database.ts';
import { generationError, readGenerationRows, rowToEstimate, type GenerationRow } from './generations.ts';
import { recordPromptSource } from '../prompts/saved-prompts.ts';
import { readPartialRows, readImageRows, rowToPartial, rowToImage } from '../images/image-rows.ts';

/** A job and its requests, before anything is sent. */
export interface Intent {
  id: JobId;
  request: JobRequest;
  profileName: string;
  /** Scheme, host and path; never a key. */
  baseUrl: string;
  createdAt: Timestamp;
  /** The batch it belongs to, and its index on each of the batch's axes. */
  batch?: { id: BatchId; at: number[] };
  /** Estimated cost of the whole job; null if unknown. */
  estimate: MicrosRange | null;
  generations: {
    id: GenerationId;
    /** As they will be sent. */
    parameters: Parameters;
    n: number;
    estimate: MicrosRange | null;
  }[];
}

/**
 * Records what will be sent before anything is sent, committed to disk on return.
 * @throws StudioError `input-invalid` if an input isn't in the library; then nothing is stored
 */
export function recordIntent(db: Writable, intent: Intent): void {
  transact(db, () => {
    const sql = `INSERT INTO jobs (id, state, request, profile_name, base_url, created_at, batch_id, batch_place, estimate_least, estimate_most)
      VALUES (:id, 'waiting', :request, :profileName, :baseUrl, :at, :batch, :place, :min, :max)`;
    prepare<[Record<string, string | number | null>]>(db, sql).run({
      id: intent.id,
      request: JSON.stringify(intent.request),
      profileName: intent.profileName,
      baseUrl: intent.baseUrl,
      at: intent.createdAt,
      batch: intent.batch?.id ?? null,
      place: intent.batch ? JSON.stringify(intent.batch.at) : null,
      min: intent.estimate?.min ?? null,
      max: intent.estimate?.max ?? null,
    });
    for (const [ordinal, generation] of intent.generations.entries()) insertGeneration(db, intent, generation, ordinal);
  });
}

function insertGeneration(
  db: Writable,
  intent: Intent,
  generation: Intent['generations'][number],
  ordinal: number,
): void {
  const { request } = intent;
  const sql = `INSERT INTO generations (id, job_id, ordinal, operation, state, model, prompt, n, parameters, created_at, estimate_least, estimate_most)
    VALUES (:id, :job, :ordinal, :operation, 'intent', :model, :prompt, :n, :parameters, :at, :min, :max)`;
  prepare<[Record<string, string | number | null>]>(db, sql).run({
    id: generation.id,
    job: intent.id,
    ordinal,
    operation: request.operation,
    model: generation.parameters.model ?? '',
    prompt: 'prompt' in generation.parameters ? generation.parameters.prompt : '',
    n: generation.n,
    parameters: JSON.stringify(generation.parameters),
    at: intent.createdAt,
    min: generation.estimate?.min ?? null,
    max: generation.estimate?.max ?? null,
  });
  if (request.savedPrompt && 'prompt' in generation.parameters)
    recordPromptSource(db, request.savedPrompt, generation.parameters.prompt);
  if (request.operation === 'create') return;
  for (const [position, input] of request.inputs.entries()) insertInput(db, generation.id, position, input);
}

function insertInput(db: Writable, generationId: GenerationId, position: number, input: Input): void {
  const known = prepare<[string], { sha256: Sha256 }>(db, 'SELECT sha256 FROM originals WHERE sha256 = ?').get(
    input.sha256,
  );
  if (!known) {
    const message = notSent('An input image of this request is no longer in the library. Choose another one.');
    throw new StudioError({ code: 'input-invalid', message, field: input.role });
  }
  // The image it was made from may be gone; its bytes are what is sent.
  const sql = `INSERT INTO inputs (generation_id, position, role, sha256, image_id)
    VALUES (?, ?, ?, ?, (SELECT id FROM images WHERE id = ?))`;
  prepare<[string, number, string, string, string | null]>(db, sql).run(
    generationId,
    position,
    input.role,
    input.sha256,
    input.image,
  );
}

interface JobRow {
  id: JobId;
  state: JobState;
  request: string;
  profile_name: string;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
  error: string | null;
  dismissed: number;
  batch_id: BatchId | null;
  estimate_least: number | null;
  estimate_most: number | null;
}

/**
 * A job with its requests and everything received, or null.
 * @throws StudioError `library-damaged` if a stored value can't be read
 */
export function readJob(db: Readable, id: JobId): Job | null {
  const row = prepare<[string], JobRow>(db, 'SELECT * FROM jobs WHERE id = ?').get(id);
  return row ? rowToJob(db, row) : null;
}

/**
 * Ended jobs listed at most; older ones are in the history. Otherwise listing would take seconds for people who never dismiss
 * any.
 */
const MAX_ENDED_JOBS = 1000;
const NEWEST = `ORDER BY created_at DESC, id DESC LIMIT ${MAX_ENDED_JOBS}`;

/**
 * Jobs that wait or run; and of jobs not yet dismissed, the newest thousand that failed or were interrupted, and the newest
 * thousand that were stopped after they may have been billed or had received images. Oldest first. Jobs with damaged columns are left out.
 */
export function listJobs(db: Readable): Job[] {
  return readRows(prepare<[], JobRow>(db, LISTED).all(), (row) => rowToJob(db, row));
}

/** Names its indices: SQLite would rather look at every job that has ended. */
export const LISTED = `SELECT * FROM jobs INDEXED BY jobs_open WHERE is_open = 1 AND state IN ('waiting', 'running')
    UNION ALL SELECT * FROM (
      SELECT * FROM jobs INDEXED BY jobs_open WHERE is_open = 1 AND state NOT IN ('waiting', 'running') ${NEWEST})
    UNION ALL SELECT * FROM (SELECT * FROM jobs j INDEXED BY jobs_stopped WHERE j.state = 'cancelled' AND j.dismissed = 0 AND (
      json_extract(j.error, '$.billing') <> 'none' OR EXISTS (SELECT 1 FROM images i WHERE i.job_id = j.id)
      OR EXISTS (SELECT 1 FROM generations g JOIN partials p ON p.generation_id = g.id WHERE g.job_id = j.id)) ${NEWEST})
    ORDER BY created_at, id`;

function rowToJob(db: Readable, row: JobRow): Job {
  const generations = readGenerationRows(db, row.id).map((generation) => rowToJobGeneration(db, generation));
  return {
    id: row.id,
    state: row.state,
    request: readJson(JobRequestSchema, row.request, { table: 'jobs', column: 'request', row: row.id }),
    profileName: row.profile_name,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    generations,
    error: jobError(row, generations),
    dismissed: row.dismissed === 1,
    batchId: row.batch_id,
    estimate: rowToEstimate(row),
  };
}

/** Told from what is recorded about each request: earlier releases stored one request's error as that of the whole job. */
function jobError({ id, error }: JobRow, generations: readonly JobGeneration[]): ErrorReport | null {
  const stored = errorFromJson(error, { table: 'jobs', column: 'error', row: id });
  return stored && generations.length > 1 ? (jobOutcome(generations).error ?? stored) : stored;
}

function rowToJobGeneration(db: Readable, row: GenerationRow): JobGeneration {
  return {
    id: row.id,
    state: row.state satisfies GenerationState,
    n: row.n,
    sentAt: row.sent_at,
    finishedAt: row.finished_at,
    requestId: row.request_id,
    billing: row.billing,
    cost: row.cost,
    partials: readPartialRows(db, row.id).map(rowToPartial),
    images: readImageRows(db, row.id).map(rowToImage),
    error: generationError(row),
  };
}

/**
 * The first request of a job is about to be sent; keeps an earlier start time. Committed to disk on return.
 * @throws StudioError `not-found`, `disk-full`, `disk-unwritable`, `library-damaged`; then nothing is changed
 */
export function startJob(db: Writable, id: JobId, at: Timestamp): void {
  updateRow(db, id, () =>
    prepare<[number, string]>(
      db,
      "UPDATE jobs SET state = 'running', started_at = coalesce(started_at, ?) WHERE id = ?",
    ).run(at, id),
  );
}

/**
 * The server rejected a request without processing it, and it will be sent again: the request waits again, and so does its job
 * unless another of its requests was sent. The rejection's status and request id stay until the next attempt. Committed to disk
 * on return.
 * @throws StudioError `not-found`, `disk-full`, `disk-unwritable`, `library-damaged`; then nothing is changed
 */
export function requeueGeneration(db: Writable, id: JobId, generationId: GenerationId): void {
  const sql = `UPDATE generations SET state = 'intent', sent_at = NULL, billing = 'none', recorded_at = NULL
    WHERE id = ? AND job_id = ? AND state = 'sent'`;
  updateRow(db, id, () => {
    const taken = prepare<[string, string]>(db, sql).run(generationId, id);
    const untouched = `UPDATE jobs SET state = 'waiting', started_at = NULL WHERE id = :id
      AND NOT EXISTS (SELECT 1 FROM generations WHERE job_id = :id AND state <> 'intent')`;
    prepare<[{ id: string }]>(db, untouched).run({ id });
    return taken;
  });
}

export interface JobEnd extends JobOutcome {
  at: Timestamp;
}

type EndedRow = Pick<GenerationRow, 'id' | 'state' | 'n' | 'sent_at' | 'billing' | 'cost' | 'error'> & {
  images: number;
};

/** How the requests of a job ended, by their rows; all that {@link jobOutcome} needs. */
export function readEndedRequests(db: Readable, id: JobId): EndedRequest[] {
  const sql = `SELECT g.id, g.state, g.n, g.sent_at, g.billing, g.cost, g.error,
      (SELECT count(*) FROM images i WHERE i.generation_id = g.id) AS images
    FROM generations g WHERE g.job_id = ? ORDER BY g.ordinal`;
  return prepare<[string], EndedRow>(db, sql)
    .all(id)
    .map((row) => ({
      state: row.state,
      n: row.n,
      sentAt: row.sent_at,
      billing: row.billing,
      cost: row.cost,
      error: generationError(row),
      images: { length: row.images },
    }));
}

/**
 * Ends a job; {@link jobOutcome} determines how. Committed to disk on return.
 * @throws StudioError `not-found`, `disk-full`, `disk-unwritable`, `library-damaged`; then nothing is changed
 */
export function finishJob(db: Writable, id: JobId, end: JobEnd): void {
  updateRow(db, id, () =>
    prepare<[string, string | null, number, string]>(
      db,
      'UPDATE jobs SET state = ?, error = ?, finished_at = ? WHERE id = ?',
    ).run(end.state, errorToJson(end.error), end.at, id),
  );
}

/**
 * Removes an ended job from the list; it stays in the library.
 * @throws StudioError `not-found`; `bad-payload` for a job that hasn't ended
 */
export function dismissJob(db: Writable, id: JobId): void {
  transact(db, () => {
    const state = prepare<[string], { state: JobState }>(db, 'SELECT state FROM jobs WHERE id = ?').get(id)?.state;
    if (state === undefined) throw jobNotFound(id);
    if (state === 'waiting' || state === 'running') {
      const message = 'This job hasn’t ended yet. Stop it first. Nothing was changed.';
      throw new StudioError({ code: 'bad-payload', message });
    }
    prepare<[string]>(db, 'UPDATE jobs SET dismissed = 1 WHERE id = ?').run(id);
  });
}

function updateRow(db: Writable, id: JobId, update: () => { changes: number }): void {
  if (transact(db, update).changes > 0) return;
  throw jobNotFound(id);
}

function jobNotFound(id: JobId): StudioError {
  return new StudioError({ code: 'not-found', message: `Job ${id} isn’t in the library. Nothing was changed.` });
}

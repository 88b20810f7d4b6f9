import { StrictMaskOptionsSchema } from '../../contract/entities/strict-mask.ts';
import {
  ResponseMetadataSchema,
  type Generation,
  type GenerationState,
  type InputRecord,
  type ResponseMetadata,
} from '../../contract/entities/generations.ts';
import type { GenerationId, ImageId, JobId, Sha256, Timestamp } from '../../contract/entities/ids.ts';
import type { InputRole } from '../../contract/entities/requests.ts';
import { StudioError, type Billing, type ErrorReport } from '../../contract/errors/errors.ts';
import type { CostBasis, MicrosRange } from '../../contract/entities/money.ts';
import type { Operation, OutputFormat } from '../../contract/catalogue/parameters.ts';
import { recordCost, type RecordedCost } from './costs.ts';
import { errorFromJson, errorToJson, PARAMETERS, readJson, readNullableJson, type StoredAt } from '../db/columns.ts';
import { prepare, transact, type Readable, type Writable } from '../db/database.ts';
import { readPartialRows, rowToPartial } from '../images/image-rows.ts';

/** A request's row, with its job's profile and address. */
export interface GenerationRow {
  id: GenerationId;
  job_id: JobId;
  ordinal: number;
  operation: Operation;
  state: GenerationState;
  model: string;
  prompt: string;
  n: number;
  parameters: string;
  created_at: number;
  sent_at: number | null;
  finished_at: number | null;
  request_id: string | null;
  status: number | null;
  answer: string | null;
  billing: Billing;
  error: string | null;
  estimate_least: number | null;
  estimate_most: number | null;
  cost: number | null;
  cost_basis: CostBasis | null;
  prices: string | null;
  profile_name: string;
  base_url: string;
  variation: number | null;
  strict: string | null;
}

const GENERATIONS = `SELECT g.*, j.profile_name, j.base_url, json_extract(j.request, '$.variation') AS variation,
    json_extract(j.request, '$.strict') AS strict
  FROM generations g JOIN jobs j ON j.id = g.job_id`;

export function readGenerationRow(db: Readable, id: GenerationId): GenerationRow | null {
  return prepare<[string], GenerationRow>(db, `${GENERATIONS} WHERE g.id = ?`).get(id) ?? null;
}

export function readGenerationRows(db: Readable, jobId: JobId): GenerationRow[] {
  return prepare<[string], GenerationRow>(db, `${GENERATIONS} WHERE g.job_id = ? ORDER BY g.ordinal`).all(jobId);
}

/**
 * One request with everything known about it, or null.
 * @throws StudioError `library-damaged` if a stored value can't be read
 */
export function readGeneration(db: Readable, id: GenerationId): Generation | null {
  const row = readGenerationRow(db, id);
  return row && rowToGeneration(db, row);
}

function rowToGeneration(db: Readable, row: GenerationRow): Generation {
  const at = (column: string): StoredAt => ({ table: 'generations', column, row: row.id });
  return {
    id: row.id,
    jobId: row.job_id,
    operation: row.operation,
    state: row.state,
    parameters: readJson(PARAMETERS[row.operation], row.parameters, at('parameters')),
    inputs: inputRows(db, row.id).map(rowToInput),
    profileName: row.profile_name,
    baseUrl: row.base_url,
    createdAt: row.created_at,
    sentAt: row.sent_at,
    finishedAt: row.finished_at,
    requestId: row.request_id,
    status: row.status,
    answer: readNullableJson(ResponseMetadataSchema, row.answer, at('answer')),
    billing: row.billing,
    cost: row.cost,
    costBasis: row.cost_basis,
    estimate: rowToEstimate(row),
    variation: row.variation === 1,
    strict: readNullableJson(StrictMaskOptionsSchema, row.strict, {
      table: 'jobs',
      column: 'request',
      row: row.job_id,
    }),
    error: generationError(row),
    partials: readPartialRows(db, row.id).map(rowToPartial),
  };
}

/** A row's estimated cost in micro-dollars. */
export function rowToEstimate(row: {
  estimate_least: number | null;
  estimate_most: number | null;
}): MicrosRange | null {
  const { estimate_least: min, estimate_most: max } = row;
  return min === null || max === null ? null : { min, max };
}

/** A request's error; see {@link errorFromJson}. */
export function generationError({
  id,
  error,
  billing,
}: Pick<GenerationRow, 'id' | 'error' | 'billing'>): ErrorReport | null {
  return errorFromJson(error, { table: 'generations', column: 'error', row: id }, billing);
}

export interface InputRow {
  generation_id: GenerationId;
  position: number;
  role: InputRole;
  sha256: Sha256;
  image_id: ImageId | null;
  format: OutputFormat;
  bytes: number;
}

/** A request's inputs, in the order in which they are sent. */
export function inputRows(db: Readable, generationId: GenerationId): InputRow[] {
  const sql = `SELECT n.*, o.format, o.bytes FROM inputs n JOIN originals o ON o.sha256 = n.sha256
    WHERE n.generation_id = ? ORDER BY n.position`;
  return prepare<[string], InputRow>(db, sql).all(generationId);
}

function rowToInput(row: InputRow): InputRecord {
  return { role: row.role, position: row.position, sha256: row.sha256, imageId: row.image_id };
}

/**
 * The request is about to be sent: from now on it may have been billed. Committed to disk on return, so that after a crash a
 * sent request never looks unsent.
 */
export function markSent(db: Writable, id: GenerationId, at: Timestamp): void {
  updateRow(db, id, () =>
    prepare<[number, string]>(
      db,
      // An earlier attempt's status and request id don't belong to this one.
      "UPDATE generations SET state = 'sent', sent_at = ?, status = NULL, request_id = NULL, answer = NULL, billing = 'possible', recorded_at = NULL WHERE id = ?",
    ).run(at, id),
  );
}

/** The response's head was received. */
export function recordResponseHead(
  db: Writable,
  id: GenerationId,
  head: { status: number; requestId: string | null },
): void {
  updateRow(db, id, () =>
    prepare<[number, string | null, string]>(
      db,
      'UPDATE generations SET status = ?, request_id = ?, recorded_at = NULL WHERE id = ?',
    ).run(head.status, head.requestId, id),
  );
}

/**
 * The response reported usage, so the request is billed even if the rest of it fails. Committed to disk on return.
 * @throws StudioError `not-found`, `disk-full`, `disk-unwritable`, `library-damaged`; then nothing is changed
 */
export function recordAnswer(db: Writable, id: GenerationId, answer: ResponseMetadata): void {
  const sql = "UPDATE generations SET answer = ?, billing = 'billed', recorded_at = NULL WHERE id = ?";
  updateRow(db, id, () => prepare<[string, string]>(db, sql).run(JSON.stringify(answer), id));
}

/** How a request ended. */
export interface GenerationEnd {
  state: Exclude<GenerationState, 'intent' | 'sent'>;
  at: Timestamp;
  answer: ResponseMetadata | null;
  /** Null or omitted keeps what {@link recordResponseHead} stored. */
  requestId?: string | null;
  status?: number | null;
  billing: Billing;
  error: ErrorReport | null;
  /** By the prices of its day; null or omitted if unknown. */
  cost?: RecordedCost | null;
}

/**
 * Ends a request and divides its cost among its images, committed to disk on return; its sidecar is outdated then. The state
 * before isn't checked: the last end written wins.
 * @throws StudioError `not-found`, `disk-full`, `disk-unwritable`, `library-damaged`; then nothing is changed
 */
export function finishGeneration(db: Writable, id: GenerationId, end: GenerationEnd): void {
  const sql = `UPDATE generations SET state = :state, finished_at = :at, answer = :answer, request_id = coalesce(:requestId, request_id),
    status = coalesce(:status, status), billing = :billing, error = :error, recorded_at = NULL WHERE id = :id`;
  updateRow(db, id, () => {
    const written = prepare<[Record<string, string | number | null>]>(db, sql).run({
      id,
      state: end.state,
      at: end.at,
      requestId: end.requestId ?? null,
      status: end.status ?? null,
      billing: end.billing,
      answer: end.answer && JSON.stringify(end.answer),
      error: errorToJson(end.error),
    });
    recordCost(db, id, end.cost ?? null);
    return written;
  });
}

function updateRow(db: Writable, id: GenerationId, update: () => { changes: number }): void {
  if (transact(db, update).changes > 0) return;
  throw new StudioError({ code: 'not-found', message: `Request ${id} isn’t in the library. Nothing was changed.` });
}

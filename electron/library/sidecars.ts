import { constants } from 'node:fs';
import { copyFile, readFile, stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import * as v from 'valibot';
import { BatchRequestSchema } from '../contract/rules/batch.ts';
import { ResponseMetadataSchema, GENERATION_STATES } from '../contract/entities/generations.ts';
import {
  BatchIdSchema,
  CollectionIdSchema,
  GenerationIdSchema,
  ImageIdSchema,
  JobIdSchema,
  Sha256Schema,
  type BatchId,
  type GenerationId,
  type JobId,
} from '../contract/entities/ids.ts';
import { INPUT_ROLES, JobRequestSchema } from '../contract/entities/requests.ts';
import { BILLING, StudioError } from '../contract/errors/errors.ts';
import { COST_BASES, PricesSchema } from '../contract/entities/money.ts';
import { FILE_FORMATS } from '../contract/catalogue/file-formats.ts';
import { isDamage } from '../contract/entities/image-flaws.ts';
import { OPERATIONS } from '../contract/catalogue/parameters.ts';
import { readDocuments } from './jobs/responses.ts';
import { readBatchIndex, readBatchIntent } from './jobs/batches.ts';
import { collectionNames } from './images/collections.ts';
import { readJson, readNullableJson, StoredErrorSchema, toStoredError } from './db/columns.ts';
import { prepare, transact, type Readable } from './db/database.ts';
import { errorCode } from '../disk/error-code.ts';
import { openedAnywayAt } from './db/counters.ts';
import { writeDerived } from './files/derived-files.ts';
import { toDiskError } from './db/disk-errors.ts';
import { originalPath, sidecarPath } from './files/folders.ts';
import { inputRows, readGeneration, readGenerationRow } from './jobs/generations.ts';
import type { Library } from './files/library-handle.ts';
import { flawOf, readPartialRows, readImageRows, type PartialRow, type ImageRow } from './images/image-rows.ts';
import { rowToStrictResult } from './images/strict-results.ts';

const time = v.pipe(v.string(), v.isoTimestamp());
const file = { sha256: Sha256Schema, file: v.string(), format: v.picklist(FILE_FORMATS), bytes: v.number() };

const StrictSidecarSchema = v.variant('state', [
  v.object({
    state: v.literal('done'),
    feather: v.number(),
    ...file,
    width: v.number(),
    height: v.number(),
    has_alpha: v.boolean(),
    /** Pixels outside the mask; those changed by the original response; those visibly changed. */
    outside: v.number(),
    changed: v.number(),
    visible: v.number(),
    made_at: time,
  }),
  v.object({ state: v.literal('failed'), feather: v.number(), error: StoredErrorSchema, made_at: time }),
]);

/**
 * The sidecar of one request: everything the database knows about it that can't be derived from the originals. The database can be
 * rebuilt from sidecars and originals. Names are the API's where it has one; times are ISO 8601 in UTC; `file` is relative to the
 * library's folder, with forward slashes.
 */
const SidecarSchema = v.object({
  kind: v.literal('emulsion-generation'),
  version: v.literal(1),
  id: GenerationIdSchema,
  job: v.object({
    id: JobIdSchema,
    request: JobRequestSchema,
    profile_name: v.string(),
    base_url: v.string(),
    created_at: time,
    /** Its batch, repeated in each of the batch's sidecars, and its index on each axis. Missing in older sidecars. */
    batch: v.optional(
      v.nullable(
        v.object({ id: BatchIdSchema, request: BatchRequestSchema, created_at: time, at: v.array(v.number()) }),
      ),
      null,
    ),
  }),
  /** 0-based position among the job's requests. */
  ordinal: v.number(),
  operation: v.picklist(OPERATIONS),
  state: v.picklist(GENERATION_STATES),
  parameters: v.record(v.string(), v.unknown()),
  n: v.number(),
  inputs: v.array(
    v.object({ ...file, role: v.picklist(INPUT_ROLES), position: v.number(), image_id: v.nullable(ImageIdSchema) }),
  ),
  created_at: time,
  sent_at: v.nullable(time),
  finished_at: v.nullable(time),
  request_id: v.nullable(v.string()),
  status: v.nullable(v.number()),
  answer: v.nullable(ResponseMetadataSchema),
  /** The response without pixels: one document, or one per stream event. Missing in older sidecars. */
  documents: v.optional(v.array(v.unknown()), []),
  billing: v.picklist(BILLING),
  /** Micro-dollars. This field and the next three are missing in older sidecars. */
  cost: v.optional(v.nullable(v.number()), null),
  cost_basis: v.optional(v.nullable(v.picklist(COST_BASES)), null),
  /** Prices used for the cost. */
  prices: v.optional(v.nullable(PricesSchema), null),
  estimate: v.optional(v.nullable(v.strictObject({ least: v.number(), most: v.number() })), null),
  error: v.nullable(StoredErrorSchema),
  images: v.array(
    v.object({
      ...file,
      cost: v.optional(v.nullable(v.number()), null),
      id: ImageIdSchema,
      position: v.number(),
      width: v.number(),
      height: v.number(),
      revised_prompt: v.nullable(v.string()),
      created_at: time,
      damaged: v.boolean(),
      /** The strict mask's result or error; null if none was requested. Missing in older sidecars. */
      strict: v.optional(v.nullable(StrictSidecarSchema), null),
      /** By name. Missing in older sidecars. */
      collections: v.optional(v.array(v.object({ id: CollectionIdSchema, name: v.string() })), []),
    }),
  ),
  partials: v.array(v.object({ ...file, index: v.number(), arrived_at: time })),
});
type Sidecar = v.InferOutput<typeof SidecarSchema>;
/** A sidecar as it is written, with stored names. */
type SidecarFile = v.InferInput<typeof SidecarSchema>;

/** Times that a sidecar is written again because its rows changed meanwhile; after that it stays outdated until something writes it. */
const MAX_REWRITES = 3;

/**
 * Writes a request's sidecar from its current rows, replacing an older one. For failed requests too. It is marked as written once the
 * file is durable, and only if the rows still say what was written.
 * @throws StudioError `not-found`, `disk-full`, `disk-unwritable`, `library-damaged`
 */
export function writeSidecar(library: Library, generationId: GenerationId): Promise<void> {
  // One after the other: of two writers, the one with the older rows could be the last to replace the file.
  const queue = writing.get(library.db) ?? new Map<GenerationId, Promise<void>>();
  writing.set(library.db, queue);
  const before = queue.get(generationId) ?? Promise.resolve();
  const written = before.catch(() => undefined).then(() => writeUntilCurrent(library, generationId));
  queue.set(generationId, written);
  const forget = (): void => {
    if (queue.get(generationId) === written) queue.delete(generationId);
  };
  written.then(forget, forget);
  return written;
}
const writing = new WeakMap<Readable, Map<GenerationId, Promise<void>>>();

async function writeUntilCurrent(library: Library, generationId: GenerationId): Promise<void> {
  const { folder } = library;
  for (let rewrite = 0; rewrite < MAX_REWRITES; rewrite += 1) {
    const { path, text } = renderSidecar(library, generationId);
    try {
      await keepOlder(library, path);
      await writeDerived(folder, path, text);
    } catch (thrown) {
      throw toDiskError(thrown, { folder });
    }
    if (markWritten(library, generationId, text)) return;
  }
}

/**
 * A library that was opened although its database was older than its files: a sidecar from before may know more than the rows, so a copy of
 * it stays beside the new one.
 */
async function keepOlder({ db }: Library, path: string): Promise<void> {
  const openedAt = openedAnywayAt(db);
  if (openedAt === null) return;
  const modified = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
  if (modified === null || modified >= openedAt) return;
  await copyFile(path, path.replace(/\.json$/u, '.before.json'), constants.COPYFILE_EXCL).catch((thrown: unknown) => {
    if (errorCode(thrown) !== 'EEXIST') throw thrown;
  });
}

/** Marks a sidecar as written if its rows still say what it contains. Returns whether they do. */
function markWritten(library: Library, generationId: GenerationId, text: string): boolean {
  return transact(library.db, () => {
    if (renderSidecar(library, generationId).text !== text) return false;
    const sql = 'UPDATE generations SET recorded_at = ? WHERE id = ?';
    prepare<[number, string]>(library.db, sql).run(Date.now(), generationId);
    return true;
  });
}

function renderSidecar(library: Library, generationId: GenerationId): { path: string; text: string } {
  const record = buildSidecar(library, generationId);
  return {
    path: sidecarPath(library.folder, generationId, Date.parse(record.created_at)),
    text: `${JSON.stringify(record, null, 2)}\n`,
  };
}

/** Ended requests whose sidecar is missing or outdated, oldest first. */
export function listOutdatedSidecars(db: Readable): GenerationId[] {
  const sql =
    "SELECT id FROM generations WHERE recorded_at IS NULL AND state NOT IN ('intent', 'sent') ORDER BY created_at";
  return prepare<[], { id: GenerationId }>(db, sql)
    .all()
    .map((row) => row.id);
}

/** Writes outdated sidecars of ended requests. Errors go to `failed`; the next start retries. */
export async function writeSidecars(
  library: Library,
  ids: readonly GenerationId[],
  failed: (thrown: unknown) => void,
): Promise<void> {
  const due = new Set(ids);
  for (const id of listOutdatedSidecars(library.db)) if (due.has(id)) await writeSidecar(library, id).catch(failed);
}

/**
 * Reads a sidecar.
 * @throws if it isn't one, or not of this version
 */
export async function readSidecar(path: string): Promise<Sidecar> {
  return v.parse(SidecarSchema, JSON.parse(await readFile(path, 'utf8')));
}

function buildSidecar({ db, folder }: Library, id: GenerationId): SidecarFile {
  const row = readGenerationRow(db, id);
  const generation = readGeneration(db, id);
  const request = row && readRequest(db, row.job_id);
  if (!row || !generation || !request) {
    throw new StudioError({
      code: 'not-found',
      message: `Request ${id} isn’t in the library. No sidecar was written.`,
    });
  }
  return {
    kind: 'emulsion-generation',
    version: 1,
    id,
    job: {
      id: row.job_id,
      request: request.request,
      profile_name: row.profile_name,
      base_url: row.base_url,
      created_at: iso(request.createdAt),
      batch: readBatchPosition(db, row.job_id),
    },
    ordinal: row.ordinal,
    operation: row.operation,
    state: row.state,
    parameters: { ...generation.parameters },
    n: row.n,
    inputs: inputRows(db, id).map((input) => ({
      role: input.role,
      position: input.position,
      image_id: input.image_id,
      ...fileOf(folder, input),
    })),
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
    partials: readPartialRows(db, id).map((partial) => ({
      index: partial.ordinal,
      ...fileOf(folder, partial),
      arrived_at: iso(partial.arrived_at),
    })),
  };
}

function imageEntry(db: Readable, folder: string, row: ImageRow): SidecarFile['images'][number] {
  return {
    id: row.id,
    position: row.position,
    ...fileOf(folder, row),
    cost: row.cost,
    width: row.width,
    height: row.height,
    revised_prompt: row.revised_prompt,
    created_at: iso(row.created_at),
    damaged: isDamage(flawOf(row)),
    strict: strictEntry(db, folder, row),
    collections: collectionNames(db, row.id),
  };
}

function strictEntry(db: Readable, folder: string, row: ImageRow): SidecarFile['images'][number]['strict'] {
  const result = rowToStrictResult(row);
  const made_at = iso(row.strict_made_at ?? 0);
  if (result === null) return null;
  if (result.state === 'failed') return { ...result, error: toStoredError(result.error), made_at };
  const { hasAlpha: has_alpha, ...rest } = result;
  const sql = 'SELECT sha256, format, bytes FROM originals WHERE sha256 = ?';
  const original = prepare<[string], Pick<PartialRow, 'sha256' | 'format' | 'bytes'>>(db, sql).get(result.sha256);
  return original ? { ...rest, ...fileOf(folder, original), has_alpha, made_at } : null;
}

function fileOf(
  folder: string,
  row: Pick<PartialRow, 'sha256' | 'format' | 'bytes'>,
): Pick<SidecarFile['partials'][number], keyof typeof file> {
  const path = relative(folder, originalPath(folder, row.sha256, row.format));
  return { sha256: row.sha256, file: path.split(sep).join('/'), format: row.format, bytes: row.bytes };
}

function readRequest(
  db: Readable,
  jobId: string,
): { request: SidecarFile['job']['request']; createdAt: number } | null {
  const row = prepare<[string], { request: string; created_at: number }>(
    db,
    'SELECT request, created_at FROM jobs WHERE id = ?',
  ).get(jobId);
  if (!row) return null;
  const request = readJson(JobRequestSchema, row.request, { table: 'jobs', column: 'request', row: jobId });
  return { request, createdAt: row.created_at };
}

function readBatchPosition(db: Readable, jobId: JobId): SidecarFile['job']['batch'] {
  const sql = 'SELECT batch_id AS id, batch_place AS place FROM jobs WHERE id = ? AND batch_id IS NOT NULL';
  const row = prepare<[string], { id: BatchId; place: string | null }>(db, sql).get(jobId);
  const batch = row && readBatchIntent(db, row.id);
  if (!batch) return null;
  return {
    id: batch.id,
    request: batch.request,
    created_at: iso(batch.createdAt),
    at: readBatchIndex(jobId, row.place),
  };
}

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

import { prepare, type Statement, type Writable } from '../../electron/library/db/database.ts';
import { errorToJson } from '../../electron/library/db/columns.ts';
import { splitMicros } from '../../electron/library/images/cost-shares.ts';
import { flawColumns } from '../../electron/library/images/image-rows.ts';
import { imageIndexText } from '../../electron/library/images/image-words.ts';
import { joinIndexTexts } from '../../electron/library/images/search-tokens.ts';
import type { BatchRequest } from '../../electron/contract/rules/batch.ts';
import type { UsedPrompts } from './used-prompts.ts';
import type { PlannedFile, PlannedGeneration, PlannedImage, PlannedInput, PlannedJob } from './planned.ts';

type Value = string | number | Buffer | null;

/** Columns by table, in the order in which values are given. */
const COLUMNS = {
  jobs: 'id, state, request, profile_name, base_url, created_at, started_at, finished_at, error, dismissed, batch_id, batch_place, estimate_least, estimate_most',
  generations:
    'id, job_id, ordinal, operation, state, model, prompt, n, parameters, created_at, sent_at, finished_at, request_id, status, answer, billing, error, estimate_least, estimate_most, cost, cost_basis, prices, recorded_at',
  'temp.made_originals': 'sha256, format, bytes',
  images:
    'timeline, id, job_id, generation_id, position, sha256, width, height, has_alpha, thumbhash, dhash, flaw, flaw_cause, developed_at, revised_prompt, created_at, deleted_at, cost, rating, favourite, rejected, note, prompt_key',
  inputs: 'generation_id, position, role, sha256, image_id',
  input_files:
    'sha256, name, width, height, orientation, frames, has_alpha, thumbhash, deeds, image_id, added_at, details',
  strict_results: 'image_id, state, feather, sha256, width, height, has_alpha, outside, changed, visible, made_at',
  image_tags: 'tag, timeline',
  collection_images: 'collection, timeline, position, added_at',
  batches: 'id, request, created_at',
  tags: 'key, id, parent, name, folded, created_at',
  collections: 'key, id, name, parent, position, query, created_at',
  saved_prompts: 'id, name, tags, created_at, changed_at',
  prompt_versions: 'prompt_id, version, text, created_at',
  prompts: 'key, text, used, used_at',
  picture_words: 'rowid, prompt',
} as const;
type Table = keyof typeof COLUMNS;

const statements = new WeakMap<Writable, Map<Table, Statement<Value[], never>>>();

/** Inserts a row; a row with the same key as an existing input file is left out. */
export function insertRow(db: Writable, table: Table, ...values: Value[]): void {
  const known = statements.get(db) ?? new Map<Table, Statement<Value[], never>>();
  statements.set(db, known);
  const statement = known.get(table) ?? prepare<Value[]>(db, insertion(table));
  known.set(table, statement);
  statement.run(...values);
}

function insertion(table: Table): string {
  const columns = COLUMNS[table];
  const places = columns.split(',').map(() => '?');
  const again = table === 'input_files' ? ' ON CONFLICT DO NOTHING' : '';
  return `INSERT INTO ${table} (${columns}) VALUES (${places.join(', ')})${again}`;
}

function insertFile(db: Writable, { sha256, format, bytes }: PlannedFile): void {
  insertRow(db, 'temp.made_originals', sha256, format, bytes);
}

/** From an end until its sidecar was written, and from an image until its masked result. */
const RECORDED_AFTER_MS = 900;
/** Timeline positions per millisecond; see migration 0001. */
const SLOTS = 1024;

/** Inserts a job with everything that belongs to it. Jobs are inserted by the time of their images, so that the text index grows at its end. */
export function insertJob(db: Writable, job: PlannedJob, prompts: UsedPrompts): void {
  const estimates = job.generations.map(({ estimate }) => estimate);
  const sum = (of: 'min' | 'max'): number | null =>
    estimates.includes(null) ? null : estimates.reduce((whole, estimate) => whole + (estimate?.[of] ?? 0), 0);
  insertBatch(db, job);
  insertRow(
    db,
    'jobs',
    ...[job.id, job.state, JSON.stringify(job.request), job.profileName, job.baseUrl, job.createdAt],
    ...[
      Math.min(...job.generations.map(({ sentAt }) => sentAt)),
      job.finishedAt,
      errorToJson(job.error),
      Number(job.dismissed),
    ],
    ...[job.batch?.id ?? null, job.batch ? JSON.stringify(job.batch.place) : null, sum('min'), sum('max')],
  );
  for (const generation of job.generations) insertGeneration(db, job, generation, prompts);
}

/** With the first of a batch's jobs. */
function insertBatch(db: Writable, { batch }: PlannedJob): void {
  if (batch?.place[0] !== 0) return;
  insertRow(db, 'batches', batch.id, JSON.stringify(batchRequest(batch)), batch.createdAt);
}

/** A batch as it was requested. */
function batchRequest({ base }: NonNullable<PlannedJob['batch']>): BatchRequest {
  return { base, variables: true, models: [], qualities: [] };
}

function insertGeneration(db: Writable, job: PlannedJob, made: PlannedGeneration, prompts: UsedPrompts): void {
  const promptKey = prompts.use(made.prompt, job.createdAt);
  insertRow(
    db,
    'generations',
    ...[made.id, job.id, made.ordinal, made.operation, made.state, made.model, made.prompt, made.n],
    ...[JSON.stringify(made.parameters), job.createdAt, made.sentAt, made.finishedAt, made.requestId, made.status],
    ...[made.answer && JSON.stringify(made.answer), made.billing, errorToJson(made.error)],
    ...[made.estimate?.min ?? null, made.estimate?.max ?? null],
    ...[made.cost?.cost ?? null, made.cost?.basis ?? null, made.prices && JSON.stringify(made.prices)],
    made.finishedAt + RECORDED_AFTER_MS,
  );
  for (const [position, input] of made.inputs.entries()) {
    insertAdded(db, input, job.createdAt);
    insertRow(db, 'inputs', made.id, position, input.role, input.file.sha256, input.imageId);
  }
  const shares = made.cost ? splitMicros(made.cost.cost, made.images.length) : [];
  for (const [index, image] of made.images.entries())
    insertImage(db, { jobId: job.id, made, image, cost: shares[index] ?? null, promptKey });
}

/** A mask or markup, as it was added before the request. */
function insertAdded(db: Writable, { role, file, added }: PlannedInput, at: number): void {
  if (!added) return;
  const { width, height } = added;
  insertFile(db, file);
  insertRow(db, 'input_files', file.sha256, `${role}.png`, width, height, 1, 1, 1, null, '[]', null, at, null);
}

interface ImageOfJob {
  jobId: string;
  made: PlannedGeneration;
  image: PlannedImage;
  cost: number | null;
  promptKey: number | null;
}

function insertImage(db: Writable, { jobId, made, image, cost, promptKey }: ImageOfJob): void {
  const { id: generationId, prompt } = made;
  const { marks } = image;
  const timeline = image.at * SLOTS;
  const { flaw, flaw_cause: cause } = flawColumns(image.flaw);
  insertFile(db, image.file);
  insertRow(
    db,
    'images',
    ...[timeline, image.id, jobId, generationId, image.position, image.file.sha256, image.width, image.height],
    ...[
      Number(image.hasAlpha),
      image.thumbhash,
      image.dhash,
      flaw,
      cause,
      image.at + 400,
      image.revisedPrompt,
      image.at,
    ],
    ...[marks.trashedAt, cost, marks.rating, Number(marks.favourite), Number(marks.rejected), marks.note],
    promptKey,
  );
  for (const tag of image.tags) insertRow(db, 'image_tags', tag, timeline);
  for (const collection of image.collections)
    insertRow(db, 'collection_images', collection, timeline, timeline / SLOTS, image.at);
  insertStrict(db, image, prompt);
  const words = wordsOf(prompt, image) ?? imageIndexText(db, timeline);
  if (words !== null) insertRow(db, 'picture_words', timeline, words);
}

/** What an image is found by, see `image-words.ts`; null where that is the prompt of another image, which the rows say. */
function wordsOf(prompt: string, { revisedPrompt, marks }: PlannedImage): string | null {
  if (prompt === '') return null;
  const texts = [prompt, revisedPrompt, marks.note].filter((text) => text !== null);
  return joinIndexTexts(texts);
}

function insertStrict(db: Writable, image: PlannedImage, prompt: string): void {
  const { strict } = image;
  if (!strict) return;
  const { width, height } = image;
  insertFile(db, strict.file);
  const changes = JSON.stringify([`Masked result, feather ${strict.feather} px.`]);
  insertRow(
    db,
    'input_files',
    ...[
      strict.file.sha256,
      prompt.slice(0, 60) || 'Image',
      width,
      height,
      1,
      1,
      0,
      image.thumbhash,
      changes,
      image.id,
      image.at + RECORDED_AFTER_MS,
      null,
    ],
  );
  insertRow(
    db,
    'strict_results',
    ...[image.id, 'done', strict.feather, strict.file.sha256, width, height, 0],
    ...[strict.outside, strict.changed, strict.visible, image.at + RECORDED_AFTER_MS],
  );
}

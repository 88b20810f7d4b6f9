import type { Readable } from '../../../electron/library/db/database.ts';

/** Everything that a rebuild brings back, by ids: keys may differ. */
const QUERIES = {
  jobs: `SELECT id, state, request, profile_name, base_url, created_at, started_at, finished_at, error, estimate_least, estimate_most, batch_id,
    batch_place FROM jobs ORDER BY id`,
  batches: 'SELECT id, request, created_at FROM batches ORDER BY id',
  generations: `SELECT id, job_id, ordinal, operation, state, model, prompt, n, parameters, created_at, sent_at, finished_at, request_id, status,
    answer, billing, error, cost, cost_basis, prices, estimate_least, estimate_most FROM generations ORDER BY id`,
  documents: 'SELECT * FROM answers ORDER BY generation_id',
  images: `SELECT id, job_id, generation_id, import_id, position, sha256, width, height, has_alpha, thumbhash, flaw, flaw_cause,
    developed_at IS NULL AS due, revised_prompt, cost, created_at, deleted_at, rating, favourite, rejected, note, stack_cover
    FROM images ORDER BY id`,
  imports: `SELECT id, run, file_name, imported_at, dated, software, prompt, negative_prompt, model, parameters, texts FROM imports ORDER BY id`,
  originals: 'SELECT * FROM originals ORDER BY sha256',
  inputs: 'SELECT * FROM inputs ORDER BY generation_id, position',
  uploads: `SELECT * FROM input_files WHERE sha256 IN (SELECT sha256 FROM inputs) ORDER BY sha256`,
  partials: 'SELECT * FROM partials ORDER BY generation_id, ordinal',
  strict: 'SELECT * FROM strict_results ORDER BY image_id',
  tags: `SELECT t.id, t.name, t.folded, t.images, t.created_at, p.id AS parent FROM tags t LEFT JOIN tags p ON p.key = t.parent ORDER BY t.id`,
  tagged:
    'SELECT t.id, i.id AS image FROM image_tags m JOIN tags t ON t.key = m.tag JOIN images i USING (timeline) ORDER BY 1, 2',
  collections: `SELECT c.id, c.name, c.position, c.query, c.images, c.created_at, p.id AS parent, i.id AS cover FROM collections c
    LEFT JOIN collections p ON p.key = c.parent LEFT JOIN images i ON i.timeline = c.cover ORDER BY c.id`,
  collected: `SELECT c.id, i.id AS image, m.position, m.added_at FROM collection_images m JOIN collections c ON c.key = m.collection
    JOIN images i USING (timeline) ORDER BY 1, 2`,
  saved: 'SELECT * FROM saved_prompts ORDER BY id',
  versions: 'SELECT * FROM prompt_versions ORDER BY prompt_id, version',
  used: 'SELECT text FROM prompts ORDER BY text',
  counters:
    "SELECT name, value FROM counters WHERE name IN ('pictures', 'bytes', 'trash', 'trash-bytes') ORDER BY name",
} as const;

/** A library's rows by what they are about, in the order of their ids. */
export function rowsOf({ db }: { db: Readable }): Record<string, unknown[]> {
  return Object.fromEntries(
    Object.entries(QUERIES).map(([name, sql]) => [
      name,
      db.prepare<[], Record<string, unknown>>(sql).all().map(parsed),
    ]),
  );
}

/** The order of names in JSON says nothing. */
function parsed(row: Record<string, unknown>): Record<string, unknown> {
  const read = (value: unknown): unknown =>
    typeof value === 'string' && /^[[{]/u.test(value) ? (JSON.parse(value) as unknown) : value;
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, read(value)]));
}

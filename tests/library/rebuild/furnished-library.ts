import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { CollectionId, SavedPromptId } from '../../../electron/contract/entities/ids.ts';
import { backfill } from '../../../electron/library/backfill.ts';
import { openLibrary, type Library } from '../../../electron/library/library.ts';
import { savePrompt } from '../../../electron/library/prompts/saved-prompts.ts';
import { createCollection } from '../../fakes/collections.ts';
import { importedImage } from '../imported-image.ts';
import { openOrder } from '../order/order-fixtures.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { emptyFolder } from '../test-library.ts';
import { endedEdit, endedImage, failedRequest } from './ended-requests.ts';

/** Removes a library's database with its log. */
export function removeDatabase(folder: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(join(folder, `library.db${end}`), { force: true });
}

/** Everything that a rebuild brings back, by ids: keys may differ. */
const QUERIES = {
  jobs: `SELECT id, state, request, profile_name, base_url, created_at, started_at, finished_at, error, estimate_least, estimate_most, batch_id,
    batch_place FROM jobs ORDER BY id`,
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

export function rowsOf({ db }: Library): Record<string, unknown[]> {
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

/** A library with one of everything, closed. @returns its folder, and its rows as they were */
export async function furnished(): Promise<{ folder: string; rows: Record<string, unknown[]> }> {
  const folder = join(await emptyFolder(), 'library');
  const library = await openLibrary(folder, sharedDecoding);
  const { db } = library;
  const first = await endedImage(library, 'a fox in snow');
  const edited = await endedEdit(library, first, 'the same fox at dusk');
  const second = await endedImage(library, 'a red house', 2);
  const trashed = await endedImage(library, 'a failed attempt');
  failedRequest(library, 'a refused prompt');
  const photo = await importedImage(library, {
    prompt: 'a fox, photographed',
    model: 'sd_xl',
    at: Date.UTC(2025, 3, 1),
  });
  const { apply } = openOrder(library);
  const parent = createCollection(db, 'Client', 1);
  const child = createCollection(db, 'Winter', 2);
  const smart = createCollection(db, 'Best', 3);
  db.prepare('UPDATE collections SET parent = (SELECT key FROM collections WHERE id = ?) WHERE id = ?').run(
    parent.id,
    child.id,
  );
  db.prepare("UPDATE collections SET query = 'rating:>=4' WHERE id = ?").run(smart.id);
  db.prepare('UPDATE collections SET cover = (SELECT timeline FROM images WHERE id = ?) WHERE id = ?').run(
    second.id,
    child.id,
  );
  const collect = async (ids: (typeof first.id)[], collectionId: CollectionId): Promise<unknown> =>
    apply(ids, { kind: 'collect', collectionId, on: true, before: null });
  await apply([first.id, photo.id], { kind: 'rate', rating: 5 });
  await apply([second.id], { kind: 'favourite', on: true });
  await apply([edited.id], { kind: 'reject', on: true });
  await apply([first.id], { kind: 'note', note: 'the client’s choice\n“snow”' });
  await apply([first.id, photo.id], { kind: 'tag', add: ['client/acme', 'Füchse'], remove: [] });
  await collect([second.id, first.id], child.id);
  await collect([photo.id], parent.id);
  await apply([trashed.id], { kind: 'trash' });
  const promptId = '01890000-0000-7000-8000-00000000aaaa' as SavedPromptId;
  savePrompt(db, { promptId, name: 'Fox', tags: ['animals'], text: 'a {colour} fox' }, 5);
  savePrompt(db, { promptId, name: 'Fox', tags: ['animals'], text: 'a {colour} fox in snow' }, 6);
  await backfill(library, { failed: (thrown) => expect.unreachable(String(thrown)) });
  const rows = rowsOf(library);
  library.close();
  return { folder, rows };
}

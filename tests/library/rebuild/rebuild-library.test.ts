import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { FileFormat } from '../../../electron/contract/catalogue/file-formats.ts';
import type { CollectionId, SavedPromptId, Sha256 } from '../../../electron/contract/entities/ids.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import { readFamily } from '../../../electron/library/family/family.ts';
import { backfill } from '../../../electron/library/backfill.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { readJob } from '../../../electron/library/jobs/jobs.ts';
import { openLibrary, type Library } from '../../../electron/library/library.ts';
import { rebuildLibrary, type Rebuilt } from '../../../electron/library/rebuild/rebuild-library.ts';
import { savePrompt } from '../../../electron/library/prompts/saved-prompts.ts';
import { createCollection } from '../../fakes/collections.ts';
import { openOrder } from '../order/order-fixtures.ts';
import { importedImage } from '../imported-image.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { emptyFolder, reportOf, savedImage, withBytes } from '../test-library.ts';
import { askLibrary } from '../index/ask-library.ts';
import { endedEdit, endedImage, failedRequest } from './ended-requests.ts';

const running = (): { signal: AbortSignal; progress(): void } => ({
  signal: new AbortController().signal,
  progress: () => undefined,
});

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

function rowsOf({ db }: Library): Record<string, unknown[]> {
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
async function furnished(): Promise<{ folder: string; rows: Record<string, unknown[]> }> {
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

const removeDatabase = (folder: string): void => {
  for (const end of ['', '-wal', '-shm']) rmSync(join(folder, `library.db${end}`), { force: true });
};

/** Rebuilds and opens the library. */
async function reopened(folder: string): Promise<{ library: Library; rebuilt: Rebuilt }> {
  const rebuilt = await rebuildLibrary(folder, running());
  const library = await openLibrary(folder, sharedDecoding);
  return { library, rebuilt };
}

it('a lost database comes back from records and originals with everything in it', async () => {
  const { folder, rows } = await furnished();
  removeDatabase(folder);
  expect((await reportOf(() => openLibrary(folder, sharedDecoding))).code).toBe('library-incomplete');
  const { library, rebuilt } = await reopened(folder);
  const after = rowsOf(library);
  for (const name of Object.keys(QUERIES)) expect(after[name], name).toEqual(rows[name]);
  expect(rebuilt).toMatchObject({
    restored: {
      requests: 5,
      imports: 1,
      images: 6,
      rated: 2,
      favourites: 1,
      rejected: 1,
      notes: 1,
      tags: 4,
      collections: 3,
      links: 1,
    },
    unused: 0,
    missingFiles: 0,
    unlistedFiles: 0,
    kept: null,
  });
  const { find } = askLibrary(library);
  expect(find('fox')).toHaveLength(3);
  expect(find('tag:client/acme')).toHaveLength(2);
  expect(find('in:Winter')).toHaveLength(2);
  const [edit] = find('dusk');
  if (!edit) throw new Error('The edit.');
  expect((await readFamily(library.db, edit.id)).members).toHaveLength(2);
  expect(readImage(library.db, edit.id)?.generation?.inputs[0]?.imageId).not.toBeNull();
  for (const { id } of library.db.prepare<[], { id: never }>('SELECT id FROM jobs').all())
    expect(readJob(library.db, id)).toMatchObject({ dismissed: true });
  library.close();
});

it.each([
  ['empty', (path: string) => truncateSync(path)],
  ['overwritten with zeros', (path: string) => writeFileSync(path, Buffer.alloc(20_000))],
  ['cut', (path: string) => truncateSync(path, 9000)],
])('a database that is %s is replaced, and kept', async (_, damage) => {
  const { folder, rows } = await furnished();
  for (const end of ['-wal', '-shm']) rmSync(join(folder, `library.db${end}`), { force: true });
  damage(join(folder, 'library.db'));
  const damaged = readFileSync(join(folder, 'library.db'));
  const { library, rebuilt } = await reopened(folder);
  expect(rowsOf(library)).toEqual(rows);
  expect(rebuilt.kept).toMatch(/^library-before-[\dT-]+\.db$/u);
  expect(readFileSync(join(folder, rebuilt.kept ?? '')).equals(damaged)).toBe(true);
  library.close();
});

it('records that can’t be used are named, and the others are used', async () => {
  const { folder } = await furnished();
  removeDatabase(folder);
  const [record = ''] = readdirSync(join(folder, 'records'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /[0-9a-f]{12}\.json$/u.test(name),
  );
  const text = readFileSync(join(folder, 'records', record), 'utf8');
  const twin = record.replace(/.{12}\.json$/u, '000000000001.json');
  writeFileSync(join(folder, 'records', twin), text);
  writeFileSync(join(folder, 'records', record.replace(/.{12}\.json$/u, '000000000002.json')), '{"kind":');
  writeFileSync(
    join(folder, 'records', record.replace(/.{12}\.json$/u, '000000000003.json')),
    text.replace('"version": 2', '"version": 99'),
  );
  const { library, rebuilt } = await reopened(folder);
  expect(rebuilt.unused).toBe(3);
  expect(rebuilt.unusedRecords.map(({ file }) => file.replaceAll('\\', '/'))).toHaveLength(3);
  expect(rebuilt.restored.images).toBe(6);
  library.close();
});

it('without the library’s record, tags and collections come back from the images’ records', async () => {
  const { folder } = await furnished();
  removeDatabase(folder);
  rmSync(join(folder, 'records', 'library.json'));
  const { library, rebuilt } = await reopened(folder);
  expect(rebuilt.restored).toMatchObject({ tags: 4, collections: 3 });
  const { find } = askLibrary(library);
  expect(find('tag:client')).toHaveLength(2);
  expect(find('in:Winter')).toHaveLength(2);
  library.close();
});

it('stopped or failed, it leaves everything as it was', async () => {
  const { folder, rows } = await furnished();
  const before = readFileSync(join(folder, 'library.db'));
  const ending = new AbortController();
  const stopped = rebuildLibrary(folder, { signal: ending.signal, progress: () => undefined });
  ending.abort(new Error('stopped'));
  await expect(stopped).rejects.toThrow('stopped');
  const library = await openLibrary(folder, sharedDecoding);
  expect((await reportOf(() => rebuildLibrary(folder, running()))).code).toBe('library-locked');
  expect(rowsOf(library)).toEqual(rows);
  library.close();
  expect(readFileSync(join(folder, 'library.db')).length).toBe(before.length);
  expect(readdirSync(folder).filter((name) => name.includes('rebuilding') || name.includes('before'))).toEqual([]);
});

it('what an earlier rebuild left when it was killed is no obstacle', async () => {
  const { folder, rows } = await furnished();
  removeDatabase(folder);
  for (const end of ['', '-wal']) writeFileSync(join(folder, `library.rebuilding.db${end}`), 'half');
  const { library } = await reopened(folder);
  expect(rowsOf(library)).toEqual(rows);
  expect(existsSync(join(folder, 'library.rebuilding.db'))).toBe(false);
  library.close();
});

it('files without a record, and records without a file, are counted', async () => {
  const { folder } = await furnished();
  const library = await openLibrary(folder, sharedDecoding);
  const { sha256 } = withBytes(library, await savedImage(library, { prompt: 'not recorded' }));
  const recorded = library.db.prepare<[string], { sha256: Sha256; format: FileFormat }>(
    'SELECT o.* FROM images JOIN originals o USING (sha256) WHERE sha256 <> ?',
  );
  const gone = recorded.get(sha256);
  if (!gone) throw new Error('An original.');
  library.close();
  removeDatabase(folder);
  rmSync(originalPath(folder, gone.sha256, gone.format));
  const { library: after, rebuilt } = await reopened(folder);
  expect(rebuilt).toMatchObject({ unlistedFiles: 1, missingFiles: 1, restored: { images: 6 } });
  after.close();
});

import { copyFileSync, cpSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { v7 as uuid } from 'uuid';
import { expect, it } from 'vitest';
import type { Edit } from '../../../electron/contract/entities/changes.ts';
import type { ImageId, SavedPromptId } from '../../../electron/contract/entities/ids.ts';
import { backfill } from '../../../electron/library/backfill.ts';
import { sidecarPath } from '../../../electron/library/files/folders.ts';
import { finishGeneration } from '../../../electron/library/jobs/generations.ts';
import { openLibrary, type Library } from '../../../electron/library/library.ts';
import { savePrompt } from '../../../electron/library/prompts/saved-prompts.ts';
import { listQuarantine } from '../../../electron/library/quarantine/list-quarantine.ts';
import { libraryRecordPath } from '../../../electron/library/sidecars/library-record.ts';
import { writeOutdatedSidecars } from '../../../electron/library/sidecars/outdated-sidecars.ts';
import { importedImage } from '../imported-image.ts';
import { openOrder } from '../order/order-fixtures.ts';
import { emptyFolder, savedImage } from '../test-library.ts';

const AT = Date.UTC(2026, 10, 30, 12);
const failed = (thrown: unknown): void => expect.unreachable(String(thrown));
const TAG: Edit = { kind: 'tag', add: ['client/acme'], remove: [] };

interface Filled {
  folder: string;
  database: string;
  images: ImageId[];
  /** The paths of both images' records. */
  records: string[];
}

/** A closed library with a requested image and an imported one, whose records are written. */
async function filled(): Promise<Filled> {
  const folder = join(await emptyFolder(), 'library');
  const library = await openLibrary(folder);
  const { id, generationId } = await savedImage(library, { at: AT });
  finishGeneration(library.db, generationId, { state: 'done', at: AT, answer: null, billing: 'billed', error: null });
  const imported = await importedImage(library, { at: AT, prompt: 'a fox', model: 'sd_xl' });
  await backfill(library, { failed });
  library.close();
  const records = [sidecarPath(folder, generationId, AT), sidecarPath(folder, imported.importId, AT)];
  return { folder, database: join(folder, 'library.db'), images: [id, imported.id], records };
}

/** Opens a library as the application does, changes it and closes it. */
async function session(folder: string, change: (library: Library) => Promise<unknown>): Promise<void> {
  const library = await openLibrary(folder, undefined, [], true);
  await backfill(library, { failed });
  await change(library);
  await backfill(library, { failed });
  library.close();
}

const edit =
  (images: ImageId[], ...edits: Edit[]) =>
  async (library: Library): Promise<void> => {
    const { apply } = openOrder(library);
    for (const each of edits) await apply(images, each);
  };

/** What is in the quarantine. */
function kept(folder: string): string[] {
  return readdirSync(join(folder, 'quarantine')).map((name) => readFileSync(join(folder, 'quarantine', name), 'utf8'));
}

const read = (path: string): string => readFileSync(path, 'utf8');

it('an older database put back keeps what the records of its images and its library said', async () => {
  const { folder, database, images, records } = await filled();
  copyFileSync(database, `${database}.older`);
  await session(folder, async (library) => {
    await edit(images, { kind: 'rate', rating: 5 }, { kind: 'note', note: 'the best' }, TAG)(library);
    savePrompt(library.db, { promptId: uuid() as SavedPromptId, name: 'Fox', text: 'a fox', tags: [] }, AT);
  });
  const newest = [libraryRecordPath(folder), ...records].map(read);
  expect(kept(folder)).toEqual([]);
  copyFileSync(`${database}.older`, database);

  await session(folder, edit(images, { kind: 'favourite', on: true }));
  expect(read(libraryRecordPath(folder))).not.toContain('client');
  expect(kept(folder).toSorted()).toEqual(newest.toSorted());
  const { files } = await listQuarantine(folder, { after: null, limit: 10 });
  expect(files.map(({ reason }) => reason)).toEqual(['record', 'record', 'record']);

  // Once is enough, and what this database writes from now on is its own.
  await session(folder, edit(images, { kind: 'note', note: 'another' }, TAG));
  expect(kept(folder)).toHaveLength(3);
});

it('a record that was changed by hand is kept before it is replaced', async () => {
  const { folder, images, records } = await filled();
  const [record = ''] = records;
  const changed = read(record).replace('"rating": 0', '"rating": 4');
  writeFileSync(record, changed);
  await session(folder, edit(images, { kind: 'favourite', on: true }));
  expect(kept(folder)).toEqual([changed]);
});

it('nothing is kept of records that this database wrote, in this session or before, or in a copy of the folder', async () => {
  const { folder, images } = await filled();
  for (const rating of [1, 2, 3] as const) await session(folder, edit(images, { kind: 'rate', rating }, TAG));
  const copy = join(await emptyFolder(), 'library');
  cpSync(folder, copy, { recursive: true });
  await session(copy, edit(images, { kind: 'rate', rating: 4 }));
  expect([...kept(folder), ...kept(copy)]).toEqual([]);
});

it('nothing is kept where a crash came between record and mark', async () => {
  const { folder, images } = await filled();
  await session(folder, async (library) => {
    const hashes = library.db.prepare('SELECT * FROM record_hashes').all();
    await edit(images, { kind: 'rate', rating: 2 })(library);
    await writeOutdatedSidecars(library, { failed });
    library.db.exec(
      'UPDATE generations SET recorded_at = NULL; UPDATE imports SET recorded_at = NULL; DELETE FROM record_hashes',
    );
    const put = library.db.prepare('INSERT INTO record_hashes (name, hash) VALUES (:name, :hash)');
    for (const row of hashes) put.run(row);
  });
  await session(folder, edit(images, { kind: 'rate', rating: 3 }));
  expect(kept(folder)).toEqual([]);
});

it('of a library of an earlier version, records that say what its rows say aren’t kept, those that say more are', async () => {
  const { folder, database, images, records } = await filled();
  const [first = '', second = ''] = records;
  new Database(database).exec('DELETE FROM record_hashes').close();
  copyFileSync(database, `${database}.older`);
  await session(folder, edit(images.slice(0, 1), { kind: 'rate', rating: 2 }, TAG));
  expect(kept(folder)).toEqual([]);
  await session(folder, edit(images.slice(1), { kind: 'rate', rating: 5 }));
  const newest = [libraryRecordPath(folder), first, second].map(read);
  copyFileSync(`${database}.older`, database);
  await session(folder, edit(images, { kind: 'favourite', on: true }));
  expect(kept(folder).toSorted()).toEqual(newest.toSorted());
});

it('a record of which no copy can be kept isn’t replaced, and is due again', async () => {
  const { folder, images, records } = await filled();
  const [record = ''] = records;
  const changed = read(record).replace('"rating": 0', '"rating": 4');
  writeFileSync(record, changed);
  const quarantine = join(folder, 'quarantine');
  const library = await openLibrary(folder);
  await edit(images.slice(0, 1), { kind: 'favourite', on: true })(library);
  rmdirSync(quarantine);
  writeFileSync(quarantine, 'in the way');
  const failures: unknown[] = [];
  await writeOutdatedSidecars(library, { failed: (thrown) => failures.push(thrown) });
  expect(failures).toHaveLength(1);
  expect(read(record)).toBe(changed);
  rmSync(quarantine);
  library.close();
  await session(folder, () => Promise.resolve());
  expect(kept(folder)).toEqual([changed]);
});

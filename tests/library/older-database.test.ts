import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { ImageId } from '../../electron/contract/entities/ids.ts';
import { backfill } from '../../electron/library/backfill.ts';
import { openLibrary, type Library } from '../../electron/library/library.ts';
import { copyFiles } from '../../electron/library/move/copy-files.ts';
import { openReadOnly } from '../../electron/library/open-read-only.ts';
import { rebuildLibrary } from '../../electron/library/rebuild/rebuild-library.ts';
import { restoreSnapshot } from '../../electron/library/restore/restore-snapshot.ts';
import { libraryRecordPath } from '../../electron/library/sidecars/library-record.ts';
import { writeLibraryRecord } from '../../electron/library/sidecars/write-library-record.ts';
import { makeSnapshot } from '../../electron/library/snapshots/make-snapshot.ts';
import { snapshotPath } from '../../electron/library/snapshots/snapshot-files.ts';
import { createCollection } from '../fakes/collections.ts';
import { openOrder } from './order/order-fixtures.ts';
import { furnished, removeDatabase } from './rebuild/furnished-library.ts';
import { sharedDecoding } from './shared-decoding.ts';
import { emptyFolder, reportOf } from './test-library.ts';

const AT = Date.UTC(2026, 11, 1, 12);
const failed = (thrown: unknown): void => expect.unreachable(String(thrown));
const signal = new AbortController().signal;

/** Opens a library as the application does, works on it, writes its records and closes it. */
async function session(folder: string, work: (library: Library) => unknown = () => undefined, openAnyway = false) {
  const library = await openLibrary(folder, sharedDecoding, [], openAnyway);
  try {
    await backfill(library, { failed });
    await work(library);
    await backfill(library, { failed });
  } finally {
    library.close();
  }
}

async function rate(library: Library, rating: 0 | 1 | 2 | 3 | 4 | 5): Promise<void> {
  const id = library.db.prepare<[], ImageId>('SELECT id FROM images ORDER BY id').pluck().get() as ImageId;
  await openOrder(library).apply([id], { kind: 'rate', rating });
}

/** A closed library, and a copy of its database before an image was rated again. */
async function older(): Promise<{ folder: string; database: string }> {
  const { folder } = await furnished();
  const database = join(folder, 'library.db');
  copyFileSync(database, `${database}.older`);
  await session(folder, (library) => rate(library, 2));
  copyFileSync(database, `${database}.newest`);
  return { folder, database };
}

const refusal = (folder: string): Promise<{ code: string; message: string }> =>
  reportOf(() => openLibrary(folder, sharedDecoding));

it('an older database that knows every image is not opened, and nothing is changed', async () => {
  const { folder, database } = await older();
  copyFileSync(`${database}.older`, database);
  const before = readFileSync(libraryRecordPath(folder), 'utf8');
  const { code, message } = await refusal(folder);
  expect(code).toBe('library-incomplete');
  expect(message).toMatch(/but its database, library\.db, is an older copy: records were written since\./u);
  expect(message).toContain('Nothing was changed.');
  expect(readFileSync(libraryRecordPath(folder), 'utf8')).toBe(before);
  expect(readFileSync(database).equals(readFileSync(`${database}.older`))).toBe(true);
  copyFileSync(`${database}.newest`, database);
  await session(folder);
});

it('nor one that lacks only a collection, which is in no image’s record', async () => {
  const { folder } = await furnished();
  const database = join(folder, 'library.db');
  copyFileSync(database, `${database}.older`);
  await session(folder, ({ db }) => createCollection(db, 'Spring', 9));
  copyFileSync(`${database}.older`, database);
  expect((await refusal(folder)).code).toBe('library-incomplete');
});

it('is opened anyway once the person says so, and isn’t asked about again', async () => {
  const { folder, database } = await older();
  copyFileSync(`${database}.older`, database);
  // It ends before any record is written.
  (await openLibrary(folder, sharedDecoding, [], true)).close();
  await session(folder, (library) => rate(library, 3));
  // What was the newest is the older one now.
  copyFileSync(`${database}.newest`, database);
  expect((await refusal(folder)).code).toBe('library-incomplete');
});

it('a snapshot put in place by hand is noticed if anything was recorded since, in the same session too', async () => {
  const { folder } = await furnished();
  const database = join(folder, 'library.db');
  let first = '';
  let second = '';
  await session(folder, async (library) => {
    await rate(library, 1);
    await backfill(library, { failed });
    first = (await makeSnapshot(folder, { reason: 'manual', now: AT })).name;
    await rate(library, 3);
    await backfill(library, { failed });
    second = (await makeSnapshot(folder, { reason: 'manual', now: AT + 1000 })).name;
  });
  copyFileSync(database, `${database}.newest`);
  copyFileSync(snapshotPath(folder, first), database);
  expect((await refusal(folder)).code).toBe('library-incomplete');
  // Nothing was recorded since.
  copyFileSync(snapshotPath(folder, second), database);
  await session(folder);
});

it('a restored snapshot, a rebuilt database and an empty one that was opened anyway are current', async () => {
  const { folder } = await furnished();
  const database = join(folder, 'library.db');
  let name = '';
  await session(folder, async () => {
    name = (await makeSnapshot(folder, { reason: 'manual', now: AT })).name;
  });
  await session(folder, (library) => rate(library, 1));
  await restoreSnapshot(folder, name, { signal, now: AT + 1000 });
  await session(folder, (library) => rate(library, 4));
  await rebuildLibrary(folder, { signal, progress: () => undefined });
  await session(folder);
  copyFileSync(database, `${database}.older`);
  await session(folder, (library) => rate(library, 5));
  copyFileSync(`${database}.older`, database);
  expect((await refusal(folder)).code).toBe('library-incomplete');
  removeDatabase(folder);
  await session(folder, () => undefined, true);
  await session(folder);
});

it.each<[string, (text: string) => string | null]>([
  ['none', () => null],
  ['one of an earlier version, without the number', (text) => text.replace(/ {2}"epoch": \d+,\n/u, '')],
  ['one with a number that can’t be counted up', (text) => text.replace(/"epoch": \d+/u, '"epoch": 9007199254740991')],
  ['one with a text for the number', (text) => text.replace(/"epoch": \d+/u, '"epoch": "many"')],
  ['one that was cut', (text) => text.slice(0, 40)],
])('a library’s record says nothing where there is %s', async (_, change) => {
  const { folder } = await furnished();
  const path = libraryRecordPath(folder);
  const text = readFileSync(path, 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  if (changed === null) rmSync(path);
  else writeFileSync(path, changed);
  await session(folder);
  await session(folder);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ epoch: expect.any(Number) as number });
  await rebuildLibrary(folder, { signal, progress: () => undefined });
  await session(folder);
});

it('a copied folder is current, and so is a copy during which the next number began', async () => {
  const { folder } = await furnished();
  const copy = join(await emptyFolder(), 'copy');
  cpSync(folder, copy, { recursive: true });
  await session(copy, (library) => rate(library, 1));

  const target = await emptyFolder();
  const library = await openLibrary(folder, sharedDecoding);
  await backfill(library, { failed });
  const record = libraryRecordPath(folder);
  const text = readFileSync(record, 'utf8');
  const next = Number(/"epoch": (\d+)/u.exec(text)?.[1]) + 1;
  const result = await copyFiles({
    folder,
    target,
    free: null,
    isStopped: () => false,
    progress(_done, _total, name) {
      // As the application does it, after the database was copied.
      if (name !== 'library.db') writeFileSync(record, text.replace(/"epoch": \d+/u, `"epoch": ${next}`));
    },
  });
  library.close();
  expect(result).not.toBeNull();
  expect(readFileSync(record, 'utf8')).toContain(`"epoch": ${next}`);
  // As the copied database says it.
  expect(readFileSync(libraryRecordPath(target), 'utf8')).toBe(text);
  await session(target);
});

it('the number is in the library’s record before any other record says something new, once for each session', async () => {
  const { folder } = await furnished();
  const renamed = vi.spyOn(fs, 'rename');
  onTestFinished(() => renamed.mockRestore());
  const library = await openLibrary(folder, sharedDecoding);
  const epoch = (): unknown => (JSON.parse(readFileSync(libraryRecordPath(folder), 'utf8')) as { epoch: number }).epoch;
  const before = epoch();
  renamed.mockClear();
  await rate(library, 1);
  await backfill(library, { failed });
  await rate(library, 2);
  await backfill(library, { failed });
  library.close();
  const records = renamed.mock.calls.map(([, to]) => String(to)).filter((to) => to.endsWith('.json'));
  expect(records[0]).toBe(libraryRecordPath(folder));
  expect(records.filter((to) => to === libraryRecordPath(folder))).toHaveLength(1);
  expect(records.length).toBeGreaterThan(2);
  expect(epoch()).toBe(Number(before) + 1);
});

it('a library’s record that can’t be written keeps no other record from being written', async () => {
  const { folder } = await furnished();
  const path = libraryRecordPath(folder);
  rmSync(path);
  mkdirSync(join(path, 'in the way'), { recursive: true });
  const library = await openLibrary(folder, sharedDecoding);
  await rate(library, 1);
  const failures: unknown[] = [];
  await backfill(library, { failed: (thrown) => failures.push(thrown) });
  expect(failures).not.toEqual([]);
  expect(library.db.prepare('SELECT count(*) FROM generations WHERE recorded_at IS NULL').pluck().get()).toBe(0);
  library.close();
});

it('two writers of the library’s record take turns: the last one has the newest rows', async () => {
  const { folder } = await furnished();
  const library = await openLibrary(folder, sharedDecoding);
  onTestFinished(() => library.close());
  const { rename } = fs;
  const released = Promise.withResolvers<undefined>();
  const reached = Promise.withResolvers<undefined>();
  const renamed = vi.spyOn(fs, 'rename').mockImplementationOnce(async (from, to) => {
    reached.resolve(undefined);
    await released.promise;
    await rename(from, to);
  });
  onTestFinished(() => renamed.mockRestore());
  createCollection(library.db, 'First', 8);
  const first = writeLibraryRecord(library);
  await reached.promise;
  createCollection(library.db, 'Second', 9);
  const second = writeLibraryRecord(library);
  // Enough for a writer that doesn't wait to overtake.
  for (let turn = 0; turn < 500; turn += 1) await fs.stat(folder);
  released.resolve(undefined);
  await Promise.all([first, second]);
  expect(readFileSync(libraryRecordPath(folder), 'utf8')).toContain('"Second"');
});

it('a library that can’t be written is asked about at each opening, and can be opened anyway', async () => {
  const { folder, database } = await older();
  copyFileSync(`${database}.older`, database);
  const preferences = await emptyFolder();
  for (let opening = 0; opening < 2; opening += 1) {
    const { code, message } = await reportOf(() => openReadOnly(folder, preferences, sharedDecoding));
    expect(code).toBe('library-incomplete');
    expect(message).toContain(folder);
    (await openReadOnly(folder, preferences, sharedDecoding, true)).close();
  }
  expect(readFileSync(database).equals(readFileSync(`${database}.older`))).toBe(true);
});

import { copyFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { backfill } from '../../electron/library/backfill.ts';
import { openLibrary, type Library } from '../../electron/library/library.ts';
import type { Restored } from '../../electron/library/restore/restore-snapshot.ts';
import { makeSnapshot } from '../../electron/library/snapshots/make-snapshot.ts';
import { snapshotPath } from '../../electron/library/snapshots/snapshot-files.ts';
import { choiceSentences, restoredSentence, snapshotLabel } from '../../electron/studio/handlers/restore-texts.ts';
import { RefusedLibrary } from '../../electron/studio/refused-library.ts';
import { furnished } from '../library/rebuild/furnished-library.ts';
import { endedImage } from '../library/rebuild/ended-requests.ts';
import { rowsOf } from '../library/rebuild/library-rows.ts';
import { sharedDecoding } from '../library/shared-decoding.ts';
import { emptyFolder, openTestStudio } from './test-studio.ts';

const AT = Date.UTC(2026, 11, 1, 12);
const signal = new AbortController().signal;

/** A library as the studio's, with two snapshots, and one image more since. */
async function withSnapshots(): Promise<{
  folder: string;
  library: string;
  database: string;
  names: string[];
  rows: unknown;
}> {
  const { folder: from } = await furnished();
  const folder = await emptyFolder();
  const library = join(folder, 'library');
  await rename(from, library);
  const names: string[] = [];
  let rows: unknown;
  await session(library, async (opened) => {
    for (const now of [AT, AT + 1000]) names.push((await makeSnapshot(library, { reason: 'manual', now })).name);
    await endedImage(opened, 'a newer fox');
    await backfill(opened, { failed: (thrown) => expect.unreachable(String(thrown)) });
    rows = rowsOf(opened)['images'];
  });
  return { folder, library, database: join(library, 'library.db'), names, rows };
}

async function session(folder: string, work: (library: Library) => unknown): Promise<void> {
  const library = await openLibrary(folder, sharedDecoding);
  await work(library);
  library.close();
}

/** Why a studio doesn't open. */
async function refusal(options: Parameters<typeof openTestStudio>[0]): Promise<RefusedLibrary> {
  const thrown: unknown = await openTestStudio(options).then(
    () => 'opened',
    (reason: unknown) => reason,
  );
  expect(thrown).toBeInstanceOf(RefusedLibrary);
  return thrown as RefusedLibrary;
}

it.each<[string, (database: string) => void]>([
  ['missing', (database) => rmSync(database)],
  [
    'empty, with a log',
    (database) => {
      truncateSync(database, 0);
      writeFileSync(`${database}-wal`, 'what it held');
    },
  ],
  [
    'damaged',
    (database) => writeFileSync(database, 'not a database, but longer than a header of one hundred bytes '.repeat(9)),
  ],
  [
    'another program’s',
    (database) => {
      rmSync(database);
      new Database(database).exec('CREATE TABLE other (id)').close();
    },
  ],
])('a database that is %s is refused with the newest snapshot, which is restored when asked for', async (_, spoil) => {
  const { folder, library, database, names, rows } = await withSnapshots();
  spoil(database);
  const spoilt = existsSync(database) ? readFileSync(database) : null;
  const log = existsSync(`${database}-wal`) ? readFileSync(`${database}-wal`) : null;
  const { snapshot } = await refusal({ folder });
  expect(snapshot).toMatchObject({ name: names[1], madeAt: AT + 1000 });
  // Nothing was changed by asking.
  expect(existsSync(database) ? readFileSync(database) : null).toEqual(spoilt);
  const reports: Restored[] = [];
  const restore = { snapshot, signal, restored: (said: Restored) => void reports.push(said) };
  await (await openTestStudio({ folder, restore })).studio.close();
  expect(reports).toMatchObject([{ taken: 1, unused: 0 }]);
  const kept = reports[0]?.kept ?? null;
  if (spoilt) expect(readFileSync(join(library, kept ?? '')).equals(spoilt)).toBe(true);
  else expect(kept).toBeNull();
  if (log) expect(readFileSync(join(library, `${kept}-wal`)).equals(log)).toBe(true);
  await session(library, (opened) => expect(rowsOf(opened)['images']).toEqual(rows));
});

it('an older database that knows every image is refused with the snapshot too', async () => {
  const { folder, library, database, names } = await withSnapshots();
  copyFileSync(database, `${database}.older`);
  await session(library, async (opened) => {
    opened.db.exec("UPDATE images SET note = 'newer'; UPDATE generations SET recorded_at = NULL");
    await backfill(opened, { failed: (thrown) => expect.unreachable(String(thrown)) });
  });
  copyFileSync(`${database}.older`, database);
  const { code, snapshot } = await refusal({ folder });
  expect(code).toBe('library-incomplete');
  expect(snapshot?.name).toBe(names[1]);
});

it('a snapshot that turns out to be damaged is answered with the next older one, and then with none', async () => {
  const { folder, library, database, names } = await withSnapshots();
  rmSync(database);
  for (const name of names) {
    const path = snapshotPath(library, name);
    const bytes = readFileSync(path);
    // Its first pages can be read.
    bytes.fill(0xff, bytes.length - 40_000);
    writeFileSync(path, bytes);
  }
  let { snapshot } = await refusal({ folder });
  for (const name of names.toReversed()) {
    expect(snapshot?.name).toBe(name);
    const refused = await refusal({ folder, restore: { snapshot, signal, restored: () => expect.unreachable() } });
    expect(refused.message).toBe('This snapshot is damaged. Nothing was changed. Choose another snapshot.');
    ({ snapshot } = refused);
    expect(existsSync(database)).toBe(false);
  }
  expect(snapshot).toBeNull();
});

it('the newest is restored where none is named, and a library without one says so', async () => {
  const { folder, library, database, names } = await withSnapshots();
  rmSync(database);
  let restored: string | null = null;
  const restore = {
    snapshot: null,
    signal,
    restored: (_: Restored, { name }: { name: string }) => void (restored = name),
  };
  await (await openTestStudio({ folder, restore })).studio.close();
  expect(restored).toBe(names[1]);
  rmSync(join(library, 'snapshots'), { recursive: true });
  await expect(openTestStudio({ folder, restore })).rejects.toThrow(
    'no snapshot that can be restored. Nothing was changed.',
  );
});

it('says in plain words what each choice brings back', () => {
  const snapshot = { name: 'x', madeAt: new Date(2026, 11, 2, 10, 30).getTime(), images: 12_846 };
  expect(snapshotLabel(snapshot)).toBe('the snapshot of 2 December 2026 at 10:30 (12,846 images)');
  expect(choiceSentences(snapshot)).toContain('the snapshot of 2 December 2026 at 10:30 (12,846 images)');
  expect(restoredSentence({ taken: 0, unused: 0, unlisted: 0, kept: null })).toBe('The snapshot was restored.');
});

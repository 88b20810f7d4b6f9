import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openUntrusted } from '../../../electron/library/db/database.ts';
import { findDamage } from '../../../electron/library/db/find-damage.ts';
import { openLibrary, type Library } from '../../../electron/library/library.ts';
import { copyDatabase } from '../../../electron/library/snapshots/copy-database.ts';
import { makeDailySnapshot } from '../../../electron/library/snapshots/daily-snapshots.ts';
import { makeSnapshot } from '../../../electron/library/snapshots/make-snapshot.ts';
import { listSnapshots, snapshotName, snapshotPath } from '../../../electron/library/snapshots/snapshot-files.ts';
import { damagePage } from '../damage.ts';
import { emptyFolder, reportOf, savedImage, testLibrary } from '../test-library.ts';

const { signal } = new AbortController();
/** Noon of a local day. */
const day = (number: number): number => new Date(2026, 10, number, 12).getTime();

const free = (bytes: number | null) => (): Promise<number | null> => Promise.resolve(bytes);

let library: Library;
beforeEach(async () => {
  library = await testLibrary();
  await savedImage(library);
});

function imagesIn(path: string): number {
  const db = openUntrusted(path, { readonly: true });
  try {
    return db.prepare<[], number>('SELECT count(*) FROM images').pluck().get() ?? 0;
  } finally {
    db.close();
  }
}

const filesOf = ({ folder }: Library): string[] => readdirSync(join(folder, 'snapshots')).sort();

describe('a snapshot', () => {
  it('is one sound file with all rows, also those in the log only', async () => {
    await savedImage(library);
    const steps: number[] = [];
    const made = await makeSnapshot(library.folder, {
      reason: 'daily',
      now: day(1),
      progress: (done, total) => steps.push(done / total),
    });
    expect(filesOf(library)).toEqual([made.name]);
    const path = snapshotPath(library.folder, made.name);
    expect(imagesIn(path)).toBe(2);
    expect(findDamage(path)).toEqual([]);
    expect(filesOf(library)).toEqual([made.name]);
    expect(made).toMatchObject({ reason: 'daily', madeAt: day(1), bytes: readFileSync(path).length });
    expect(steps.length).toBeGreaterThan(0);
  });

  it('is of one moment, however much is written meanwhile, and is not begun anew by it', async () => {
    library.db.exec('CREATE TABLE filling (bytes BLOB)');
    const fill = library.db.prepare('INSERT INTO filling VALUES (randomblob(4000000))');
    for (let piece = 0; piece < 8; piece += 1) fill.run();
    const copy = join(library.folder, 'copy.db');
    const done: number[] = [];
    const isProven = await copyDatabase(library.db.name, copy, {
      isStopped: () => false,
      progress(pages) {
        done.push(pages);
        library.db.prepare("UPDATE images SET note = 'later'").run();
      },
    });
    expect(isProven).toBe(true);
    expect(done.length).toBeGreaterThan(3);
    expect(done).toEqual(done.toSorted((one, other) => one - other));
    const db = openUntrusted(copy, { readonly: true });
    expect(db.prepare('SELECT note FROM images').pluck().get()).toBeNull();
    db.close();
  });

  it('leaves nothing that looks whole when it is cancelled, or when a crash left an unproven one', async () => {
    const cancelled = new AbortController();
    const reason = new Error('cancelled');
    const attempt = makeSnapshot(library.folder, { reason: 'daily', now: day(1), signal: cancelled.signal });
    cancelled.abort(reason);
    await expect(attempt).rejects.toBe(reason);
    mkdirSync(join(library.folder, 'snapshots'), { recursive: true });
    writeFileSync(join(library.folder, 'snapshots', `${snapshotName(day(1), 'daily')}.part`), 'cut off');
    expect(await listSnapshots(library.folder)).toEqual([]);
    const made = await makeSnapshot(library.folder, { reason: 'daily', now: day(1) });
    expect(filesOf(library)).toEqual([made.name]);
  });

  it('of a damaged database is refused, and removes no older one', async () => {
    const first = await makeSnapshot(library.folder, { reason: 'daily', now: day(1) });
    const { folder } = library;
    library.close();
    damagePage(folder, 'generations_of_model');
    const { code } = await reportOf(() => makeSnapshot(folder, { reason: 'daily', now: day(2) }));
    expect(code).toBe('library-damaged');
    expect(filesOf(library)).toEqual([first.name]);
  });

  it('pushes out the oldest only beyond ten, and is the newest also after the clock was set back', async () => {
    const { folder } = library;
    await makeSnapshot(folder, { reason: 'daily', now: day(1) });
    for (let number = 2; number <= 10; number += 1)
      writeFileSync(snapshotPath(folder, snapshotName(day(number), 'daily')), 'older');
    expect(await listSnapshots(folder)).toHaveLength(10);
    const made = await makeSnapshot(folder, { reason: 'deletion', now: day(3) });
    const kept = await listSnapshots(folder);
    expect(kept).toHaveLength(10);
    expect(kept[0]).toEqual(made);
    expect(kept.at(-1)?.madeAt).toBe(day(2));
  });
});

describe('the daily snapshot', () => {
  it('is made once a local day, and not of an empty library', async () => {
    const days = [day(1), day(1) + 3_600_000, day(2)];
    const made: boolean[] = [];
    for (const at of days) made.push(await makeDailySnapshot(library, { now: () => at, signal }, free(1e12)));
    expect(made).toEqual([true, false, true]);
    const empty = await testLibrary();
    expect(await makeDailySnapshot(empty, { now: () => day(1), signal }, free(1e12))).toBe(false);
    expect(existsSync(join(empty.folder, 'snapshots'))).toBe(false);
  });

  it('is not made daily where the disk is nearly full, and is where nobody knows', async () => {
    const options = { now: () => day(1), signal };
    expect(await makeDailySnapshot(library, options, free(100_000_000))).toBe(false);
    expect(await listSnapshots(library.folder)).toEqual([]);
    expect(await makeDailySnapshot(library, options, free(null))).toBe(true);
  });
});

describe('before a migration', () => {
  it('a database of an earlier version is copied as it was', async () => {
    const folder = join(await emptyFolder(), 'library');
    const current = await openLibrary(folder);
    const version = Number(current.db.pragma('user_version', { simple: true }));
    current.close();
    expect(await listSnapshots(folder)).toEqual([]);
    const db = openUntrusted(join(folder, 'library.db'), {});
    db.pragma('user_version = 9');
    db.close();
    // The steps after 9 can't run twice: the migration fails, and the copy is there.
    await openLibrary(folder).then(
      (library) => library.close(),
      () => undefined,
    );
    const [made] = await listSnapshots(folder);
    expect(made?.reason).toBe('migration');
    const copy = openUntrusted(snapshotPath(folder, made?.name ?? ''), { readonly: true });
    expect(copy.pragma('user_version', { simple: true })).toBe(9);
    copy.close();
    expect(version).toBeGreaterThan(9);
  });
});

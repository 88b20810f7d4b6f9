import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openUntrusted } from '../../../electron/library/db/database.ts';
import { SCHEMA_VERSION } from '../../../electron/library/db/migrations/migrate.ts';
import { openLibrary, type Library } from '../../../electron/library/library.ts';
import { finishRemovals } from '../../../electron/library/order/removals.ts';
import { restoreSnapshot } from '../../../electron/library/restore/restore-snapshot.ts';
import { prepareDatabase } from '../../../electron/library/restore/prepare-database.ts';
import { RESTORE_STEPS, type RestoreProgress, type RestoreStep } from '../../../electron/library/restore/steps.ts';
import { listSnapshots, snapshotPath } from '../../../electron/library/snapshots/snapshot-files.ts';
import { rowsOf } from '../rebuild/library-rows.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { reportOf, sha256, testLibrary } from '../test-library.ts';
import { snapshotted, SNAPSHOT_AT } from './snapshotted-library.ts';

const options = { signal: new AbortController().signal, now: SNAPSHOT_AT + 60_000 };

async function looking<Result>(folder: string, look: (library: Library) => Result): Promise<Result> {
  const library = await openLibrary(folder, sharedDecoding);
  try {
    return look(library);
  } finally {
    library.close();
  }
}

const isLog = (file: string): boolean => /-(?:wal|shm)$/u.test(file);
const hashOf = (path: string): string => sha256(readFileSync(path));

it('brings back ratings as they were, takes in again what came since, and opens without a question', async () => {
  const { folder, name, rated, finished, rows } = await snapshotted();
  const restored = await restoreSnapshot(folder, name, options);
  expect(restored).toMatchObject({ taken: 3, unused: 0, unlisted: 0 });
  const now = await looking(folder, rowsOf);
  const without = (record: typeof rows) =>
    (record['images'] ?? []).map((row) => ({ ...(row as Record<string, unknown>), rating: null }));
  expect(without(now)).toEqual(without(rows));
  for (const table of ['generations', 'imports', 'documents', 'originals', 'inputs', 'partials', 'counters', 'jobs'])
    expect(now[table], table).toEqual(rows[table]);
  const ratings = await looking(folder, ({ db }) => ({
    rating: db.prepare('SELECT rating FROM images WHERE id = ?').pluck().get(rated),
    state: db.prepare('SELECT state FROM generations WHERE id = ?').pluck().get(finished),
    integrity: db.pragma('integrity_check', { simple: true }),
    keys: db.pragma('foreign_key_check'),
  }));
  expect(ratings).toEqual({ rating: 5, state: 'done', integrity: 'ok', keys: [] });
  expect(readdirSync(folder).filter((file) => file.startsWith('library.restoring'))).toEqual([]);
});

it('keeps the database that it replaces as a snapshot, with which everything comes back', async () => {
  const { folder, name, rows } = await snapshotted();
  const { kept } = await restoreSnapshot(folder, name, options);
  const [newest] = await listSnapshots(folder);
  expect(newest).toMatchObject({ reason: 'restore', madeAt: options.now });
  expect(kept).toBe(join('snapshots', newest?.name ?? ''));
  // It is a file of its own: the open library doesn't change it.
  const before = hashOf(join(folder, kept ?? ''));
  const changed = await looking(folder, ({ db, folder: open }) => {
    db.exec("UPDATE images SET note = 'later'");
    return hashOf(join(open, kept ?? ''));
  });
  expect(changed).toBe(before);
  await restoreSnapshot(folder, newest?.name ?? '', { ...options, now: options.now + 1 });
  expect(await looking(folder, rowsOf)).toEqual(rows);
});

it('makes an index of the replaced database useless', async () => {
  const { folder, name } = await snapshotted();
  const identity = ({ db }: Library): unknown => db.prepare('SELECT identity FROM index_identity').pluck().get();
  const before = await looking(folder, identity);
  await restoreSnapshot(folder, name, options);
  expect(await looking(folder, identity)).not.toBe(before);
});

it('refuses a snapshot that is gone, damaged or of a newer version, and leaves the library as it was', async () => {
  const { folder, name, rows } = await snapshotted();
  const path = snapshotPath(folder, name);
  const whole = readFileSync(path);
  const attempt = () => reportOf(() => restoreSnapshot(folder, name, options));

  const damaged = Buffer.from(whole);
  damaged.fill(0xa5, Math.floor(whole.length / 2), Math.floor(whole.length / 2) + 20_000);
  writeFileSync(path, damaged);
  expect(await attempt()).toMatchObject({
    code: 'library-damaged',
    message: 'This snapshot is damaged. Nothing was changed. Choose another snapshot.',
  });
  writeFileSync(
    path,
    'not a database, however long it is, and it is longer than a header of SQLite, which has a hundred bytes',
  );
  expect((await attempt()).code).toBe('library-damaged');

  writeFileSync(path, whole);
  const newer = openUntrusted(path, {});
  newer.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
  newer.close();
  expect(await attempt()).toMatchObject({ code: 'library-newer' });
  expect((await reportOf(() => restoreSnapshot(folder, '../library.db', options))).code).toBe('not-found');
  expect(await looking(folder, rowsOf)).toEqual(rows);
  expect((await listSnapshots(folder)).map((snapshot) => snapshot.name)).toEqual([name]);
});

it('is refused while the library is open, and nothing has changed when it is cancelled', async () => {
  const { folder, name, rows } = await snapshotted();
  const library = await testLibrary(folder);
  expect((await reportOf(() => restoreSnapshot(folder, name, options))).code).toBe('library-locked');
  library.close();
  const controller = new AbortController();
  const reason = new Error('cancelled');
  const attempt = restoreSnapshot(folder, name, {
    ...options,
    signal: controller.signal,
    progress: () => controller.abort(reason),
  });
  await expect(attempt).rejects.toBe(reason);
  expect(await looking(folder, rowsOf)).toEqual(rows);
  expect(readdirSync(folder).filter((file) => file.startsWith('library.restoring'))).toEqual([]);
});

it.each(RESTORE_STEPS.filter((step) => step !== 'replace'))(
  'changes nothing when it is cancelled in the step %s',
  async (step) => {
    const { folder, name, rows } = await snapshotted();
    const files = readdirSync(folder, { recursive: true }).filter((file) => !isLog(String(file)));
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const attempt = restoreSnapshot(folder, name, {
      ...options,
      signal: controller.signal,
      progress: (at) => at.step === step && controller.abort(reason),
    });
    await expect(attempt).rejects.toBe(reason);
    expect(readdirSync(folder, { recursive: true }).filter((file) => !isLog(String(file)))).toEqual(files);
    expect(await looking(folder, rowsOf)).toEqual(rows);
  },
);

it('isn’t cancelled once it replaces the database: it ends, or says why it failed', async () => {
  const { folder, name, rows } = await snapshotted();
  const cancelledLate = (before: () => void) => {
    const controller = new AbortController();
    const progress = ({ step }: RestoreProgress): void => {
      if (step !== 'replace') return;
      before();
      controller.abort(new Error('cancelled'));
    };
    return restoreSnapshot(folder, name, { ...options, signal: controller.signal, progress });
  };
  const snapshots = join(folder, 'snapshots');
  const failed = await reportOf(() =>
    cancelledLate(() => {
      renameSync(snapshots, `${snapshots} elsewhere`);
      writeFileSync(snapshots, 'in the way');
    }),
  );
  expect(failed.message).not.toContain('cancelled');
  rmSync(snapshots);
  renameSync(`${snapshots} elsewhere`, snapshots);
  expect(await looking(folder, rowsOf)).toEqual(rows);
  await cancelledLate(() => undefined);
  expect(await looking(folder, rowsOf)).not.toEqual(rows);
});

it('asks in each step whether to stop, and stops there', async () => {
  const { folder, name } = await snapshotted();
  const asksUntil = async (last: number) => {
    const asked: RestoreStep[] = [];
    let now: RestoreStep = 'copy';
    const path = join(folder, 'library.restoring.db');
    const prepared = await prepareDatabase({
      folder,
      snapshot: snapshotPath(folder, name),
      path,
      isStopped: () => asked.push(now) > last,
      progress: ({ step }) => (now = step),
    });
    rmSync(path, { force: true });
    return { asked, prepared };
  };
  const { asked, prepared } = await asksUntil(Infinity);
  expect(prepared).not.toBeNull();
  expect([...new Set(asked)]).toEqual(RESTORE_STEPS.filter((step) => step !== 'replace'));
  for (const last of asked.keys()) expect((await asksUntil(last)).prepared).toBeNull();
});

it('replaces a damaged or missing database, and keeps a damaged one as it is', async () => {
  const { folder, name, rows } = await snapshotted();
  const path = join(folder, 'library.db');
  writeFileSync(path, 'a file that is no database');
  const { kept } = await restoreSnapshot(folder, name, options);
  expect(readFileSync(join(folder, kept ?? ''), 'utf8')).toBe('a file that is no database');
  expect((await looking(folder, rowsOf))['generations']).toEqual(rows['generations']);
  expect(existsSync(path)).toBe(true);
});

it('isn’t kept closed by files that nothing explains, however many', async () => {
  const { folder, name } = await snapshotted();
  const strays = Array.from({ length: 15 }, (_, number) => addOriginal(folder, `stray ${number}`));
  expect(await restoreSnapshot(folder, name, options)).toMatchObject({ unlisted: 15 });
  await testLibrary(folder);
  expect(strays.every((path) => existsSync(path))).toBe(true);
});

it('deletes no file that was to be deleted when the snapshot was made', async () => {
  const { folder, name } = await snapshotted();
  const path = addOriginal(folder, 'received again');
  const snapshot = openUntrusted(snapshotPath(folder, name), {});
  snapshot
    .prepare("INSERT INTO removals (kind, name, format) VALUES ('original', ?, 'png')")
    .run(sha256(Buffer.from('received again')));
  snapshot.close();
  await restoreSnapshot(folder, name, options);
  expect(await finishRemovals(await testLibrary(folder), () => false)).toEqual([]);
  expect(existsSync(path)).toBe(true);
});

/** A file among the originals that no row and no record names. */
function addOriginal(folder: string, text: string): string {
  const bytes = Buffer.from(text);
  const hash = sha256(bytes);
  const shard = join(folder, 'originals', hash.slice(0, 2));
  mkdirSync(shard, { recursive: true });
  const path = join(shard, `${hash.slice(2)}.png`);
  writeFileSync(path, bytes);
  return path;
}

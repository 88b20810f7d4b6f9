import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StudioError } from '../../contract/errors/errors.ts';
import { findEntry } from '../../disk/built-file.ts';
import { renameReplacing, syncFolder } from '../../disk/durable-file.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { endThread, type Close } from '../db/threads.ts';
import { DATABASE, LOCK } from '../files/folders.ts';
import { acquireLock } from '../files/lock.ts';
import { replaceDatabase } from '../rebuild/replace-database.ts';
import { keepReplaced, settleReplaced } from '../snapshots/keep-replaced.ts';
import { listSnapshots, snapshotPath } from '../snapshots/snapshot-files.ts';
import type { Prepared } from './prepare-database.ts';
import type { RestoreProgress } from './steps.ts';
import type { FromRestoreThread, RestoreTask } from './worker.ts';

/** Where the snapshot is copied to, in the library's folder: on the same disk, so that it takes its place by a rename. */
const RESTORING = 'library.restoring.db';

export interface RestoreOptions {
  /** Stops it, and nothing has changed then; without effect once the step `replace` has begun. */
  signal: AbortSignal;
  /** ms since 1970 */
  now: number;
  progress?(progress: RestoreProgress): void;
}

export interface Restored extends Pick<Prepared, 'taken' | 'unused' | 'unlisted'> {
  /** The database that was replaced: a file in the library's folder. */
  kept: string | null;
}

/**
 * Puts a snapshot in the place of the database of a library that isn't open. Requests and imports that came later are taken in again from their
 * records; ratings, tags, collections and all else are as they were then. The database that is replaced is kept, as a snapshot if it is whole.
 * At each moment one of the two is in place.
 * @throws StudioError `not-found`, `library-locked`, `library-damaged`, `library-newer`, `disk-full`, `disk-unwritable`; the signal's reason
 */
export async function restoreSnapshot(path: string, name: string, options: RestoreOptions): Promise<Restored> {
  const folder = resolve(path);
  const { signal, now } = options;
  const lock = acquireLock(join(folder, LOCK));
  const restoring = join(folder, RESTORING);
  let isReplacing = false;
  try {
    await settleReplaced(folder);
    await requireSnapshot(folder, name);
    await removeRestoring(restoring);
    const task = { folder, snapshot: snapshotPath(folder, name), path: restoring };
    const { isWhole, ...prepared } = await runWorker(task, options);
    signal.throwIfAborted();
    isReplacing = true;
    options.progress?.({ step: 'replace', part: 0 });
    return { ...prepared, kept: await replace(folder, { restoring, isWhole, now }) };
  } catch (thrown) {
    // What fails from then on isn't its being cancelled, after which nothing would have changed.
    if (signal.aborted && !isReplacing) throw signal.reason;
    throw toDiskError(thrown, { folder });
  } finally {
    await removeRestoring(restoring).catch(() => undefined);
    lock.release();
  }
}

async function requireSnapshot(folder: string, name: string): Promise<void> {
  if ((await listSnapshots(folder)).some((snapshot) => snapshot.name === name)) return;
  throw new StudioError({ code: 'not-found', message: 'This snapshot is no longer there. Nothing was changed.' });
}

async function replace(
  folder: string,
  { restoring, isWhole, now }: { restoring: string; isWhole: boolean; now: number },
): Promise<string | null> {
  // A log beside another database would be taken for its own. That of a damaged one is kept with it.
  if (!isWhole) return replaceDatabase(folder, restoring, new Date(now));
  const path = join(folder, DATABASE);
  const name = await keepReplaced(folder, now);
  await rm(`${path}-shm`, { force: true });
  await renameReplacing(restoring, path);
  await syncFolder(folder);
  await settleReplaced(folder);
  return join('snapshots', name);
}

async function removeRestoring(path: string): Promise<void> {
  for (const end of ['', '-wal', '-shm', '-journal']) await rm(path + end, { force: true });
}

async function runWorker(task: RestoreTask, { signal, progress }: RestoreOptions): Promise<Prepared> {
  signal.throwIfAborted();
  const entry = findEntry(import.meta.dirname, 'worker.ts', 'restore-worker.js');
  const worker = new Worker(entry, { workerData: task, name: 'restore' });
  const stop = (): void => worker.postMessage({ kind: 'close' } satisfies Close);
  signal.addEventListener('abort', stop);
  try {
    return await new Promise<Prepared>((done, fail) => {
      worker.on('message', (message: FromRestoreThread) => {
        if (message.kind === 'progress') progress?.(message.progress);
        else if (message.kind === 'failed') fail(new StudioError(message.error));
        else if (message.prepared) done(message.prepared);
      });
      worker.on('error', fail);
      worker.on('exit', () => fail(signal.aborted ? (signal.reason as Error) : new Error('The restore ended early.')));
    });
  } finally {
    signal.removeEventListener('abort', stop);
    // Its connections are closed before their files are moved.
    await endThread(worker);
  }
}

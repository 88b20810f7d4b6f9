import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StudioError } from '../../contract/errors/errors.ts';
import { findEntry } from '../../disk/built-file.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { endThread, type Close } from '../db/threads.ts';
import { listNewestRecords } from '../files/disk-contents.ts';
import { LOCK, RECORDS } from '../files/folders.ts';
import { acquireLock } from '../files/lock.ts';
import { replaceDatabase } from './replace-database.ts';
import type { RebuildReport } from './report.ts';
import type { FromWorker } from './worker.ts';

/** Where the new database is built, in the library's folder: on the same disk, so that it takes its place by a rename. */
const BUILDING = 'library.rebuilding.db';

export interface RebuildOptions {
  /** Stops it, and nothing has changed then; without effect once the new database is proven and takes the old one's place. */
  signal: AbortSignal;
  progress(done: number, total: number): void;
}

export interface Rebuilt extends RebuildReport {
  /** Name under which the old database is kept beside the new one; null if there was none. */
  kept: string | null;
}

/**
 * Makes the database of a library again from its records and originals. The library isn't open. The old database is kept, and stays in its
 * place until the new one is proven: until then nothing has changed.
 * @throws StudioError `not-found` for a folder without records, `library-locked`, `disk-full`, `disk-unwritable`, `library-damaged` if the new
 *   database isn't what the records say; the signal's reason
 */
export async function rebuildLibrary(path: string, options: RebuildOptions): Promise<Rebuilt> {
  const folder = resolve(path);
  const lock = acquireLock(join(folder, LOCK));
  const building = join(folder, BUILDING);
  let isReplacing = false;
  try {
    await requireRecords(folder);
    await removeBuilding(building);
    const report = await runWorker({ folder, path: building }, options);
    options.signal.throwIfAborted();
    isReplacing = true;
    return { ...report, kept: await replaceDatabase(folder, building) };
  } catch (thrown) {
    // What fails from then on isn't its being cancelled, after which nothing would have changed.
    if (options.signal.aborted && !isReplacing) throw options.signal.reason;
    throw toDiskError(thrown, { folder });
  } finally {
    await removeBuilding(building).catch(() => undefined);
    lock.release();
  }
}

async function requireRecords(folder: string): Promise<void> {
  const [newest] = await listNewestRecords(folder, 1);
  if (newest !== undefined) return;
  const message = `There are no records in ${join(folder, RECORDS)}, so there is nothing that a database could be rebuilt from. Nothing was changed.`;
  throw new StudioError({ code: 'not-found', message });
}

/** What an earlier rebuild left when it was killed; nothing refers to it. */
async function removeBuilding(path: string): Promise<void> {
  for (const end of ['', '-wal', '-shm', '-journal']) await rm(path + end, { force: true });
}

async function runWorker(data: { folder: string; path: string }, options: RebuildOptions): Promise<RebuildReport> {
  const { signal, progress } = options;
  signal.throwIfAborted();
  const worker = new Worker(findEntry(import.meta.dirname, 'worker.ts', 'rebuild-worker.js'), { workerData: data });
  const stop = (): void => worker.postMessage({ kind: 'close' } satisfies Close);
  signal.addEventListener('abort', stop);
  try {
    return await new Promise<RebuildReport>((done, fail) => {
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'progress') progress(message.done, message.total);
        else if (message.kind === 'failed') fail(new StudioError(message.error));
        else if (message.report) done(message.report);
      });
      worker.on('error', fail);
      worker.on('exit', () => fail(signal.aborted ? (signal.reason as Error) : new Error('The rebuild ended early.')));
    });
  } finally {
    signal.removeEventListener('abort', stop);
    // Its connection is closed before its file is moved.
    await endThread(worker);
  }
}

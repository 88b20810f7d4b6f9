import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Snapshot, SnapshotReason } from '../../contract/entities/snapshots.ts';
import { findEntry } from '../../disk/built-file.ts';
import { createFolderInside, renameReplacing, syncFolder } from '../../disk/durable-file.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { endEpoch } from '../db/epoch.ts';
import { endThread } from '../db/threads.ts';
import { DATABASE, SNAPSHOTS } from '../files/folders.ts';
import {
  freeSnapshotName,
  listSnapshots,
  pruneSnapshots,
  removeUnproven,
  snapshotPath,
  unprovenPath,
} from './snapshot-files.ts';

/** To the thread, when it is started. */
export interface SnapshotTask {
  path: string;
  copy: string;
}

export type FromSnapshotThread =
  { kind: 'progress'; done: number; total: number } | { kind: 'ended'; isProven: boolean };

export interface SnapshotOptions {
  reason: SnapshotReason;
  /** ms since 1970 */
  now: number;
  signal?: AbortSignal;
  /** Bytes that are copied, and all. */
  progress?(done: number, total: number): void;
}

/**
 * Copies the database of a library whose lock this process holds into its folder `snapshots/`: under a temporary name, proven in a thread, then renamed
 * durably. Only then the oldest ones beyond those that are kept are removed. One at a time for each library.
 * @throws the signal's reason; StudioError `disk-full`, `disk-unwritable`, `library-damaged`; then nothing new is there
 */
export function makeSnapshot(folder: string, options: SnapshotOptions): Promise<Snapshot> {
  const before = turns.get(folder) ?? Promise.resolve();
  const made = before.then(() => make(folder, options));
  const turn = made.then(
    () => undefined,
    () => undefined,
  );
  turns.set(folder, turn);
  void turn.then(() => {
    if (turns.get(folder) === turn) turns.delete(folder);
  });
  return made;
}
const turns = new Map<string, Promise<void>>();

async function make(folder: string, { reason, now, signal, progress }: SnapshotOptions): Promise<Snapshot> {
  const name = await freeSnapshotName(folder, reason, now);
  const copy = unprovenPath(folder, name);
  try {
    signal?.throwIfAborted();
    await createFolderInside(folder, join(folder, SNAPSHOTS));
    await removeUnproven(folder);
    await copyInThread({ path: join(folder, DATABASE), copy }, signal, progress);
    endEpoch(folder);
    await renameReplacing(copy, snapshotPath(folder, name));
    await syncFolder(join(folder, SNAPSHOTS));
    await pruneSnapshots(folder);
    const made = (await listSnapshots(folder)).find((snapshot) => snapshot.name === name);
    if (!made) throw new Error(`The snapshot ${name} is gone.`);
    return made;
  } catch (thrown) {
    await removeUnproven(folder).catch(() => undefined);
    throw toDiskError(thrown, { folder });
  }
}

async function copyInThread(
  task: SnapshotTask,
  signal: AbortSignal | undefined,
  progress: SnapshotOptions['progress'],
): Promise<void> {
  const worker = new Worker(findEntry(import.meta.dirname, 'worker.ts', 'snapshot-worker.js'), {
    workerData: task,
    name: 'snapshot',
  });
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const stop = (): void => reject(signal?.reason as Error);
  signal?.addEventListener('abort', stop, { once: true });
  worker.on('message', (message: FromSnapshotThread) => {
    if (message.kind === 'progress') progress?.(message.done, message.total);
    else if (message.isProven) resolve(undefined);
    else reject(new Error('The snapshot was stopped.'));
  });
  worker.on('error', reject);
  worker.on('exit', () => reject(new Error('The thread of the snapshot ended early.')));
  try {
    await promise;
  } finally {
    signal?.removeEventListener('abort', stop);
    // The library is closed after the thread's connection.
    await endThread(worker);
  }
}

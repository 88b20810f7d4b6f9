import { closeSync, fsyncSync, openSync } from 'node:fs';
import { errorCode } from '../../disk/error-code.ts';
import { syncFile } from '../../disk/durable-file.ts';
import { transact, type Readable, type Writable } from './database.ts';

/*
 * Every commit is on the disk when it returns, which costs a wait for the disk. What is written in a hundred small transactions, and is whole
 * only after the last one, needn't wait a hundred times. SQLite writes commits one after the other into its log, so that a power cut can only
 * undo the last ones: of a commit that was synced, everything before it is there too.
 */

/** Connections whose last commits may not be on the disk yet. */
const unsynced = new WeakSet<Readable>();

/**
 * Runs `body` in one transaction that isn't synced: a power cut may undo it, with what was committed after it. It is on the disk after the
 * next commit of {@link transact}, or after {@link syncCommits}. For slices of something that a start reverts or repeats. What is kept
 * outside the database because of it, or deleted, has to wait for `syncCommits`.
 * @throws StudioError like `transact`
 */
export function transactUnsynced<Result>(db: Writable, body: () => Result): Result {
  unsynced.add(db);
  db.pragma('synchronous = NORMAL');
  try {
    return transact(db, body);
  } finally {
    db.pragma('synchronous = FULL');
  }
}

/** Syncs that are under way: who asks meanwhile has to wait for them too. */
const syncing = new WeakMap<Readable, Promise<void>>();

/** Resolves when everything that was committed is on the disk; the application doesn't wait for the disk meanwhile. @throws the system's error */
export async function syncCommits(db: Readable): Promise<void> {
  if (!unsynced.delete(db)) return syncing.get(db);
  const sync = syncLog(db).finally(() => {
    if (syncing.get(db) === sync) syncing.delete(db);
  });
  syncing.set(db, sync);
  return sync;
}

async function syncLog(db: Readable): Promise<void> {
  try {
    await syncFile(logOf(db));
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return;
    unsynced.add(db);
    throw thrown;
  }
}

/**
 * What {@link syncCommits} does, for a thread with a connection of its own: everything that it could read is on the disk afterwards.
 * @throws the system's error
 */
export function syncCommitsOfOthers(db: Readable): void {
  try {
    const file = openSync(logOf(db), 'r+');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (thrown) {
    if (errorCode(thrown) !== 'ENOENT') throw thrown;
  }
}

/** What isn't in the log is in the database file, which was synced before. */
function logOf(db: Readable): string {
  return `${db.name}-wal`;
}

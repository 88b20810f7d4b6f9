import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, receiveMessageOnPort, type Worker } from 'node:worker_threads';

/** To a thread: end. */
export interface Close {
  kind: 'close';
}

/** What Node calls a thread that has ended. */
const ENDED = -1;
/** The longest wait in ms for a thread to end: SQLite can't be interrupted in a query. */
const MAX_WAIT_MS = 2000;

/**
 * Asks a thread that has a connection to end, and waits until it has, `maxMs` at most. It ends by itself later where that isn't enough.
 *
 * It is never terminated: a native call that fails because its thread is being terminated ends the whole process, first of all while the thread
 * loads SQLite (github.com/WiseLibs/better-sqlite3/issues/1507).
 */
export async function endThread(worker: Worker, maxMs = MAX_WAIT_MS): Promise<void> {
  if (worker.threadId === ENDED) return;
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  worker.postMessage({ kind: 'close' } satisfies Close);
  // The process waits for it, and for no longer than this.
  worker.ref();
  await Promise.race([ended, delay(maxMs, undefined, { ref: false })]);
  worker.unref();
}

/** In a thread that gets no other messages: whether it was asked to end. Call it between two pieces of work. */
export function isClosing(): boolean {
  return parentPort !== null && receiveMessageOnPort(parentPort) !== undefined;
}

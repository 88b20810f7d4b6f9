import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { databaseHealth } from '../db/database-health.ts';
import { databaseDamaged } from '../db/disk-errors.ts';
import { DATABASE } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';

/** Delay in ms before the check, so that it doesn't compete with the start. */
const DELAY_MS = 1000;
/** The longest wait in ms for a check that is stopped: SQLite can't be interrupted in the middle of a page. */
const MAX_STOP_MS = 2000;

export interface CheckOptions {
  signal: AbortSignal;
  /** The check has ended: what is damaged, [] for nothing. */
  checked(damage: readonly string[], ms: number): void;
  /** The check could not be made. */
  failed(thrown: unknown): void;
  delayMs?: number;
}

/**
 * Checks an open library's database in a thread with a connection of its own, and reports damage to its health. Resolves when that is done
 * or was stopped; doesn't reject.
 */
export async function checkLibrary(library: Library, options: CheckOptions): Promise<void> {
  const { signal, checked, failed, delayMs = DELAY_MS } = options;
  try {
    await delay(delayMs, undefined, { signal, ref: false });
    const from = performance.now();
    const damage = await runWorker(join(library.folder, DATABASE), signal);
    checked(damage, performance.now() - from);
    if (damage.length > 0) databaseHealth(library.db).report(databaseDamaged(library.folder, damage));
  } catch (thrown) {
    if (!signal.aborted) failed(thrown);
  }
}

async function runWorker(path: string, signal: AbortSignal): Promise<string[]> {
  const worker = new Worker(findEntry(), { workerData: path });
  worker.unref();
  try {
    // Rejects if the thread fails, or with the signal's reason.
    const [damage] = (await once(worker, 'message', { signal })) as [string[]];
    return damage;
  } finally {
    // The library is closed after the thread's connection, which keeps SQLite's log open.
    await Promise.race([worker.terminate(), delay(MAX_STOP_MS, undefined, { ref: false })]);
  }
}

/** The worker's file: next to this one in the source; in the built application next to the bundle, or one folder above its chunks. */
function findEntry(): string {
  const here = import.meta.dirname;
  const places = [join(here, 'worker.ts'), join(here, 'check-worker.js'), join(here, '../check-worker.js')];
  const found = places.find((place) => existsSync(place));
  if (found === undefined)
    throw new Error('The worker that checks the library was not found. Build the application again.');
  return found;
}

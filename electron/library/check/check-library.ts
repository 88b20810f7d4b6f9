import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { SidecarId } from '../files/sidecar-marks.ts';
import { findEntry } from '../../disk/built-file.ts';
import { databaseHealth } from '../db/database-health.ts';
import { databaseDamaged } from '../db/disk-errors.ts';
import { endThread } from '../db/threads.ts';
import type { Library } from '../files/library-handle.ts';

/** Delay in ms before the check, so that it doesn't compete with the start. */
const DELAY_MS = 1000;

/** What a check found. */
export interface Findings {
  /** What SQLite says about the database; [] for a sound one. */
  damage: string[];
  /** Requests whose sidecar ends too early; not looked for beside a damaged database. */
  incompleteSidecars: SidecarId[];
}

export interface CheckOptions {
  signal: AbortSignal;
  /** The check has ended. */
  checked(findings: Findings, ms: number): void | Promise<void>;
  /** The check could not be made. */
  failed(thrown: unknown): void;
  delayMs?: number;
}

/**
 * Checks an open library's database and sidecars in a thread with a connection of its own, and reports damage to its health. Resolves when that is done
 * or was stopped; doesn't reject.
 */
export async function checkLibrary(library: Library, options: CheckOptions): Promise<void> {
  const { signal, checked, failed, delayMs = DELAY_MS } = options;
  try {
    await delay(delayMs, undefined, { signal, ref: false });
    const from = performance.now();
    const findings = await runWorker(library.folder, signal);
    const { damage } = findings;
    await checked(findings, performance.now() - from);
    if (damage.length > 0) databaseHealth(library.db).report(databaseDamaged(library.folder, damage));
  } catch (thrown) {
    if (!signal.aborted) failed(thrown);
  }
}

async function runWorker(folder: string, signal: AbortSignal): Promise<Findings> {
  const worker = new Worker(findEntry(import.meta.dirname, 'worker.ts', 'check-worker.js'), { workerData: folder });
  worker.unref();
  try {
    // Rejects if the thread fails, or with the signal's reason.
    const [findings] = (await once(worker, 'message', { signal })) as [Findings];
    return findings;
  } finally {
    // What fails while the thread is being stopped has no other listener, and would end the host.
    worker.on('error', () => undefined);
    // The library is closed after the thread's connection, which keeps SQLite's log open.
    await endThread(worker);
  }
}

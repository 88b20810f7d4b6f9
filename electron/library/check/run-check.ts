import { Worker } from 'node:worker_threads';
import type { CheckReport, FindingKind } from '../../contract/entities/checks.ts';
import { findEntry } from '../../disk/built-file.ts';
import { databaseHealth } from '../db/database-health.ts';
import { databaseDamaged, toDiskError } from '../db/disk-errors.ts';
import { endThread } from '../db/threads.ts';
import type { Library } from '../files/library-handle.ts';
import type { RunControl } from '../runs/run-control.ts';

export type FromFilesThread =
  | { kind: 'progress'; done: number; total: number; name: string }
  | { kind: 'found'; found: { kind: FindingKind; name: string }[] }
  | { kind: 'ended'; report: CheckReport | null };

/**
 * Checks all files of an open library in a thread, and reports damage of the database to its health. Changes nothing.
 * @param found is given every finding, also those that the report doesn't name
 * @throws the signal's reason; StudioError `disk-unwritable`, `library-damaged`
 */
export async function runCheck(
  library: Pick<Library, 'db' | 'folder'>,
  { signal, progress }: Pick<RunControl, 'signal' | 'progress'>,
  found: (kind: FindingKind, name: string) => void = () => undefined,
): Promise<CheckReport> {
  const { db, folder } = library;
  signal.throwIfAborted();
  const worker = new Worker(findEntry(import.meta.dirname, 'files-worker.ts', 'files-worker.js'), {
    workerData: folder,
    name: 'check',
  });
  const { promise, resolve, reject } = Promise.withResolvers<CheckReport>();
  const stop = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  worker.on('message', (message: FromFilesThread) => {
    if (message.kind === 'progress') progress({ done: message.done, total: message.total, name: message.name });
    else if (message.kind === 'found') for (const { kind, name } of message.found) found(kind, name);
    else if (message.report) resolve(message.report);
  });
  worker.on('error', reject);
  worker.on('exit', () => reject(new Error('The thread of the check ended early.')));
  try {
    const report = await promise;
    if (report.databaseDamage.length > 0) databaseHealth(db).report(databaseDamaged(folder, report.databaseDamage));
    return report;
  } catch (thrown) {
    throw toDiskError(thrown, { folder });
  } finally {
    signal.removeEventListener('abort', stop);
    // The library is closed after the thread's connection.
    await endThread(worker);
  }
}

import { parentPort, workerData } from 'node:worker_threads';
import { toErrorReport, type ErrorReport } from '../../contract/errors/errors.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { isClosing } from '../db/threads.ts';
import { buildDatabase } from './build-database.ts';
import type { RebuildReport } from './report.ts';

/** From the thread: how far it is, what it has built (null: it was stopped), or why it couldn't. */
export type FromWorker =
  | { kind: 'progress'; done: number; total: number }
  | { kind: 'built'; report: RebuildReport | null }
  | { kind: 'failed'; error: ErrorReport };

/** Builds the database that it is asked for. */
const { folder, path } = workerData as { folder: string; path: string };
const send = (message: FromWorker): void => parentPort?.postMessage(message);
let stopped = false;
try {
  const report = await buildDatabase({
    folder,
    path,
    isStopped: () => (stopped ||= isClosing()),
    progress: (done, total) => send({ kind: 'progress', done, total }),
  });
  send({ kind: 'built', report });
} catch (thrown) {
  send({ kind: 'failed', error: toErrorReport(toDiskError(thrown, { folder })) });
}

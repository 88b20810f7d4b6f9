import { parentPort, workerData } from 'node:worker_threads';
import { isClosing } from '../db/threads.ts';
import { buildDatabase } from './build-database.ts';
import type { RebuildReport } from './report.ts';

/** From the thread: how far it is, or what it has built; null: it was stopped. */
export type FromWorker =
  { kind: 'progress'; done: number; total: number } | { kind: 'built'; report: RebuildReport | null };

/** Builds the database that it is asked for. What it throws is the thread's error. */
const { folder, path } = workerData as { folder: string; path: string };
const send = (message: FromWorker): void => parentPort?.postMessage(message);
let stopped = false;
const report = buildDatabase({
  folder,
  path,
  isStopped: () => (stopped ||= isClosing()),
  progress: (done, total) => send({ kind: 'progress', done, total }),
});
send({ kind: 'built', report });

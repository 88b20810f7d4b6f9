import { parentPort, workerData } from 'node:worker_threads';
import type { CopyResult } from '../../contract/entities/copies.ts';
import { toErrorReport, type ErrorReport } from '../../contract/errors/errors.ts';
import { isClosing } from '../db/threads.ts';
import { copyFiles } from './copy-files.ts';
import { toCopyError } from './copy-target.ts';

/** To the thread, when it is started. */
export interface CopyTask {
  folder: string;
  target: string;
  free: number | null;
}

/** From the thread: how far it is, what it has copied (null: it was stopped), or why it couldn't. */
export type FromCopyThread =
  | { kind: 'progress'; done: number; total: number; name: string }
  | { kind: 'ended'; result: CopyResult | null }
  | { kind: 'failed'; error: ErrorReport };

/** Time between two reports, ms: a library has many small files. */
const REPORT_EVERY = 50;

const task = workerData as CopyTask;
const send = (message: FromCopyThread): void => parentPort?.postMessage(message);
let stopped = false;
let reportedAt = -Infinity;
try {
  const result = await copyFiles({
    ...task,
    isStopped: () => (stopped ||= isClosing()),
    progress(done, total, name) {
      if (performance.now() - reportedAt < REPORT_EVERY) return;
      reportedAt = performance.now();
      send({ kind: 'progress', done, total, name });
    },
  });
  send({ kind: 'ended', result });
} catch (thrown) {
  send({ kind: 'failed', error: toErrorReport(toCopyError(thrown, task.target)) });
}

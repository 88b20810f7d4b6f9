import { parentPort, workerData } from 'node:worker_threads';
import type { CopyResult } from '../../contract/entities/copies.ts';
import { toErrorReport, type ErrorReport } from '../../contract/errors/errors.ts';
import { isClosing } from '../db/threads.ts';
import { compareFormer, type Comparison } from './compare-former.ts';
import { copyFiles } from './copy-files.ts';
import { toCopyError } from './copy-target.ts';
import type { Receipt } from './receipt.ts';

/** To the thread, when it is started. */
export type MoveTask =
  { kind: 'copy'; folder: string; target: string; free: number | null } | { kind: 'compare'; receipt: Receipt };

/** From the thread: how far it is, what it has copied or found (null: it was stopped), or why it couldn't. */
export type FromCopyThread =
  | { kind: 'progress'; done: number; total: number; name: string }
  | { kind: 'ended'; result: CopyResult | Comparison | null }
  | { kind: 'failed'; error: ErrorReport };

/** Time between two reports, ms: a library has many small files. */
const REPORT_EVERY = 50;

const task = workerData as MoveTask;
const send = (message: FromCopyThread): void => parentPort?.postMessage(message);
let stopped = false;
let reportedAt = -Infinity;
try {
  send({ kind: 'ended', result: task.kind === 'compare' ? compareFormer(task.receipt) : await copied(task) });
} catch (thrown) {
  const error = task.kind === 'copy' ? toCopyError(thrown, task.target) : thrown;
  send({ kind: 'failed', error: toErrorReport(error) });
}

function copied({ folder, target, free }: Extract<MoveTask, { kind: 'copy' }>): Promise<CopyResult | null> {
  return copyFiles({
    folder,
    target,
    free,
    isStopped: () => (stopped ||= isClosing()),
    progress(done, total, name) {
      if (performance.now() - reportedAt < REPORT_EVERY) return;
      reportedAt = performance.now();
      send({ kind: 'progress', done, total, name });
    },
  });
}

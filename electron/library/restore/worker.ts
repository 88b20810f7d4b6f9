import { parentPort, workerData } from 'node:worker_threads';
import { toErrorReport, type ErrorReport } from '../../contract/errors/errors.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { isClosing } from '../db/threads.ts';
import { prepareDatabase, type Prepared } from './prepare-database.ts';
import type { RestoreProgress } from './steps.ts';

/** To the thread, when it is started. */
export interface RestoreTask {
  folder: string;
  snapshot: string;
  path: string;
}

/** From the thread: how far it is, what is ready (null: it was stopped), or why it isn't. */
export type FromRestoreThread =
  | { kind: 'progress'; progress: RestoreProgress }
  | { kind: 'prepared'; prepared: Prepared | null }
  | { kind: 'failed'; error: ErrorReport };

const task = workerData as RestoreTask;
const send = (message: FromRestoreThread): void => parentPort?.postMessage(message);
let stopped = false;
try {
  const prepared = await prepareDatabase({
    ...task,
    isStopped: () => (stopped ||= isClosing()),
    progress: (progress) => send({ kind: 'progress', progress }),
  });
  send({ kind: 'prepared', prepared });
} catch (thrown) {
  send({ kind: 'failed', error: toErrorReport(toDiskError(thrown, { folder: task.folder })) });
}

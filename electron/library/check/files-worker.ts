import { parentPort, workerData } from 'node:worker_threads';
import { isClosing } from '../db/threads.ts';
import { checkFiles } from './check-files.ts';
import type { FromFilesThread } from './run-check.ts';

/** Time between two reports of progress, ms. */
const REPORT_EVERY = 50;

const say = (message: FromFilesThread): void => parentPort?.postMessage(message);
let reportedAt = 0;
const report = await checkFiles(workerData as string, {
  isStopped: isClosing,
  progress(done, total, name) {
    if (done < total && performance.now() - reportedAt < REPORT_EVERY) return;
    reportedAt = performance.now();
    say({ kind: 'progress', done, total, name });
  },
});
say({ kind: 'ended', report });

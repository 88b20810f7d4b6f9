import { parentPort, workerData } from 'node:worker_threads';
import type { FindingKind } from '../../contract/entities/checks.ts';
import { isClosing } from '../db/threads.ts';
import { checkFiles } from './check-files.ts';
import type { FromFilesThread } from './run-check.ts';

/** Time between two reports of progress, ms. */
const REPORT_EVERY = 50;
/** Findings that are sent together: about a millisecond to receive. */
const SEND_MOST = 500;

const say = (message: FromFilesThread): void => parentPort?.postMessage(message);
let reportedAt = 0;
let found: { kind: FindingKind; name: string }[] = [];
const sendFound = (): void => {
  if (found.length > 0) say({ kind: 'found', found });
  found = [];
};
const report = await checkFiles(workerData as string, {
  isStopped: isClosing,
  progress(done, total, name) {
    if (done < total && performance.now() - reportedAt < REPORT_EVERY) return;
    reportedAt = performance.now();
    say({ kind: 'progress', done, total, name });
  },
  found(kind, name) {
    found.push({ kind, name });
    if (found.length >= SEND_MOST) sendFound();
  },
});
sendFound();
say({ kind: 'ended', report });

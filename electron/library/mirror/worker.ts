import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openUntrusted, type Readable } from '../db/database.ts';
import { isClosing } from '../db/threads.ts';
import { toSentError } from '../decoding/messages.ts';
import { DATABASE } from '../files/folders.ts';
import type { FromMirrorThread } from './messages.ts';
import { mirrorImages, type MirrorTask } from './mirror-images.ts';
import { MirrorStopped } from './mirror-problem.ts';

/** The mirror's thread: does one pass and ends. It reads the library, and writes to the mirror folder only. */
const task = workerData as MirrorTask;
const say = (message: FromMirrorThread): void => parentPort?.postMessage(message);
/** Time between two reports, ms. */
const REPORT_EVERY = 250;

let closing = false;
let reportedAt = -Infinity;
const db = openUntrusted(join(task.library, DATABASE), {
  readonly: true,
  fileMustExist: true,
  timeout: 5000,
}) as Readable;
try {
  const pass = await mirrorImages(db, task, {
    isStopped: () => (closing ||= isClosing()),
    progress(progress) {
      if (performance.now() - reportedAt < REPORT_EVERY) return;
      reportedAt = performance.now();
      say({ kind: 'progress', ...progress });
    },
  });
  say({ kind: 'ended', pass });
} catch (thrown) {
  say(
    thrown instanceof MirrorStopped
      ? { kind: 'stopped', problem: thrown.problem }
      : { kind: 'failed', error: toSentError(thrown) },
  );
} finally {
  db.close();
}

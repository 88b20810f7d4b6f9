import { parentPort, workerData } from 'node:worker_threads';
import { isClosing } from '../db/threads.ts';
import { copyDatabase } from './copy-database.ts';
import type { FromSnapshotThread, SnapshotTask } from './make-snapshot.ts';

/** Copies the database that it is given, and says how far it is and whether the copy is proven. */
const { path, copy } = workerData as SnapshotTask;
const say = (message: FromSnapshotThread): void => parentPort?.postMessage(message);
const isProven = await copyDatabase(path, copy, {
  isStopped: isClosing,
  progress: (done, total) => say({ kind: 'progress', done, total }),
});
say({ kind: 'ended', isProven });

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openUntrusted, type Readable } from '../db/database.ts';
import { DATABASE } from '../files/folders.ts';
import { IndexServer } from './serve-index.ts';
import type { FromWorker, ToWorker, WorkerOptions } from './messages.ts';

/** The index's thread: opens the library that it is given for reading, and answers questions until it is stopped. */
const port = parentPort;
if (!port) throw new Error('The image index runs in a thread of its own.');
const { folder, idleMs, maxWaitMs } = workerData as WorkerOptions;
const db = openUntrusted(join(folder, DATABASE), { readonly: true, fileMustExist: true, timeout: 5000 }) as Readable;
const send = (message: FromWorker, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(message, transfer);
const server = new IndexServer({ folder, db, idleMs, maxWaitMs, prefix: randomBytes(4).toString('hex'), send });
port.on('message', (message: ToWorker) => {
  if (message.kind !== 'close') {
    server.receive(message);
    return;
  }
  server.close();
  db.close();
  port.close();
});

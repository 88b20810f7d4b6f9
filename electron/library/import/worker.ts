import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openUntrusted, type Readable } from '../db/database.ts';
import { DATABASE } from '../files/folders.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { ImportServer } from './serve-import.ts';

/** The import's thread: looks at files, hashes and copies them for the library in the folder that it is given. It writes nothing but copies. */
const port = parentPort;
if (!port) throw new Error('An import runs in a thread of its own.');
const folder = workerData as string;
const db = openUntrusted(join(folder, DATABASE), { readonly: true, fileMustExist: true, timeout: 5000 }) as Readable;
const server = new ImportServer({ folder, db, send: (message: FromWorker) => port.postMessage(message) });
port.on('message', (message: ToWorker) => {
  if (message.kind !== 'close') {
    server.receive(message);
    return;
  }
  void server.close().finally(() => {
    db.close();
    port.close();
  });
});

import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openUntrusted, type Readable } from '../db/database.ts';
import { isClosing } from '../db/threads.ts';
import { DATABASE } from '../files/folders.ts';
import { groupDuplicates } from './group-duplicates.ts';
import { readHashes } from './read-hashes.ts';

/** From the thread: progress, then the timeline keys of all groups, one after the other, and each group's size. */
export type FromWorker =
  | { kind: 'progress'; progress: number }
  | { kind: 'found'; images: number; timelines: Float64Array; sizes: Uint32Array };

/** Searches the library in the folder that it is given for near duplicates, and ends; earlier if it is asked to. */
const db = openUntrusted(join(workerData as string, DATABASE), { readonly: true, fileMustExist: true }) as Readable;
const hashes = readHashes(db);
db.close();
const send = (message: FromWorker): void => parentPort?.postMessage(message);
const search = groupDuplicates(hashes);
let step = search.next();
while (!step.done && !isClosing()) {
  send({ kind: 'progress', progress: step.value });
  step = search.next();
}
if (step.done) {
  const groups = step.value;
  send({
    kind: 'found',
    images: hashes.count,
    timelines: Float64Array.from(
      groups.flatMap((group) => [...group]),
      (image) => hashes.timelines[image] ?? 0,
    ),
    sizes: Uint32Array.from(groups, ({ length }) => length),
  });
}

import { parentPort, workerData } from 'node:worker_threads';
import type { CheckpointAnswer, ToCheckpoints } from './checkpoints.ts';
import { openUntrusted } from './database.ts';

/** The thread that writes a database's log back into it, whenever it is told to. */
const port = parentPort;
if (!port) throw new Error('Checkpoints are made in a thread of their own.');
// What another connection is doing comes first.
const db = openUntrusted(workerData as string, { fileMustExist: true, timeout: 0 });
db.pragma('synchronous = FULL');
db.pragma('fullfsync = ON');
port.on('message', ({ kind }: ToCheckpoints) => {
  if (kind === 'close') {
    db.close();
    port.close();
    return;
  }
  const [row] = db.pragma('wal_checkpoint(PASSIVE)') as { log: number; checkpointed: number }[];
  // −1 where another connection is making one.
  const log = Math.max(0, row?.log ?? 0);
  port.postMessage({ log, left: log - Math.max(0, row?.checkpointed ?? 0) } satisfies CheckpointAnswer);
});

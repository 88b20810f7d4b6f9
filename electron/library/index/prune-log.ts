import { setTimeout as delay } from 'node:timers/promises';
import { prepare, type Writable } from '../db/database.ts';
import { transactUnsynced } from '../db/unsynced.ts';

/** Rows that are removed at once: about a millisecond. */
const SLICE = 500;
/** Pause between slices, ms: others come first. */
const PAUSE_MS = 50;

/** Removes what the stored index has applied from the log, in slices. Ends early, without an error, when the signal is aborted. */
export async function pruneLog(db: Writable, revision: number, signal: AbortSignal): Promise<void> {
  const oldest = prepare<[], { revision: number | null }>(db, 'SELECT min(revision) AS revision FROM index_log');
  // One bound only: of two, SQLite would look for the rows of the first one, and compare each of them with the second.
  const remove = prepare<[number]>(db, 'DELETE FROM index_log WHERE revision < ?');
  for (let first = oldest.get()?.revision ?? null; !signal.aborted; first = oldest.get()?.revision ?? null) {
    if (first === null || first > revision) return;
    const end = Math.min(revision + 1, first + SLICE);
    transactUnsynced(db, () => remove.run(end));
    await delay(PAUSE_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

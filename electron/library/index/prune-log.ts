import { setTimeout as delay } from 'node:timers/promises';
import { prepare, type Writable } from '../db/database.ts';
import { transactUnsynced } from '../db/unsynced.ts';

/** Rows that are removed at once: about a millisecond. */
const SLICE = 500;
/** Pause between slices, ms: others come first. */
const PAUSE_MS = 50;

/** Removes what the stored index has applied from the log, in slices. Ends early, without an error, when the signal is aborted. */
export async function pruneLog(db: Writable, revision: number, signal: AbortSignal): Promise<void> {
  const sql = `DELETE FROM index_log WHERE revision <= ? AND revision < (SELECT min(revision) FROM index_log) + ${SLICE}`;
  while (!signal.aborted) {
    const { changes } = transactUnsynced(db, () => prepare<[number]>(db, sql).run(revision));
    if (changes < SLICE) return;
    await delay(PAUSE_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

import type { Timestamp } from '../../contract/entities/ids.ts';
import { prepare, type Readable } from '../db/database.ts';

/** Timeline positions per millisecond. See migration 0001, `images.timeline`. */
const SLOTS = 1024;

/** The next free timeline position at a time. If a millisecond has no free position, the next millisecond's are used. */
export function timelineSlot(db: Readable, at: Timestamp): number {
  const first = Math.floor(at) * SLOTS;
  const last = newestIn(db, first, first + SLOTS);
  if (last === null) return first;
  if (last + 1 < first + SLOTS) return last + 1;
  const sql = `SELECT timeline + 1 AS free FROM images i WHERE timeline >= ?
    AND NOT EXISTS (SELECT 1 FROM images j WHERE j.timeline = i.timeline + 1) ORDER BY timeline LIMIT 1`;
  return prepare<[number], { free: number }>(db, sql).get(last)?.free ?? last + 1;
}

function newestIn(db: Readable, from: number, to: number): number | null {
  const sql = 'SELECT max(timeline) AS last FROM images WHERE timeline >= ? AND timeline < ?';
  return prepare<[number, number], { last: number | null }>(db, sql).get(from, to)?.last ?? null;
}

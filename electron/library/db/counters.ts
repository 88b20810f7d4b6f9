import { prepare, type Readable } from './database.ts';

/** Number of images, and the size of all originals (partial images included) in bytes. */
export function readLibraryTotals(db: Readable): { images: number; bytes: number } {
  return { images: counter(db, 'pictures'), bytes: counter(db, 'bytes') };
}

/** Names of the counters that remember what the person accepted when files weren't in the database. */
export const ACCEPTED_RECORDS = 'accepted-records';
export const ACCEPTED_ORIGINALS = 'accepted-originals';
export const OPENED_ANYWAY_AT = 'opened-anyway-at';

/** When the library was last opened although its files weren't all in its database (ms since 1970); null: never. */
export function openedAnywayAt(db: Readable): number | null {
  const sql = 'SELECT value FROM counters WHERE name = ?';
  return prepare<[string], { value: number }>(db, sql).get(OPENED_ANYWAY_AT)?.value ?? null;
}

/** A counter that triggers maintain, so that nothing is counted at a million images. */
export function counter(db: Readable, name: 'pictures' | 'bytes' | 'trash' | 'trash-bytes'): number {
  return prepare<[string], { value: number }>(db, 'SELECT value FROM counters WHERE name = ?').get(name)?.value ?? 0;
}

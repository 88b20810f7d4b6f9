import { prepare, type Readable } from './database.ts';

/** Number of images, and the size of all originals (partial images included) in bytes. */
export function readLibraryTotals(db: Readable): { images: number; bytes: number } {
  return { images: counter(db, 'pictures'), bytes: counter(db, 'bytes') };
}

/** Names of the counters that remember what the person accepted when files weren't in the database. */
export const ACCEPTED_RECORDS = 'accepted-records';
export const ACCEPTED_ORIGINALS = 'accepted-originals';

/** A counter that triggers maintain, so that nothing is counted at a million images. */
export function counter(db: Readable, name: 'pictures' | 'bytes' | 'trash' | 'trash-bytes'): number {
  return prepare<[string], { value: number }>(db, 'SELECT value FROM counters WHERE name = ?').get(name)?.value ?? 0;
}

import { prepare, type Readable } from './database.ts';

/** How many pictures there are, and how many bytes their originals (partial images too) take. */
export function readLibraryTotals(db: Readable): { pictures: number; bytes: number } {
  return { pictures: counter(db, 'pictures'), bytes: counter(db, 'bytes') };
}

/** Kept by triggers, so that nothing has to be counted at a million pictures. */
export function counter(db: Readable, name: 'pictures' | 'bytes'): number {
  return prepare<[string], { value: number }>(db, 'SELECT value FROM counters WHERE name = ?').get(name)?.value ?? 0;
}

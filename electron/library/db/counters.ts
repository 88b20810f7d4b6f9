import { prepare, type Readable } from './database.ts';

/** How many images there are, and how many bytes their originals (partial images too) take. */
export function readLibraryTotals(db: Readable): { images: number; bytes: number } {
  return { images: counter(db, 'pictures'), bytes: counter(db, 'bytes') };
}

/** Kept by triggers, so that nothing has to be counted at a million images. */
export function counter(db: Readable, name: 'pictures' | 'bytes'): number {
  return prepare<[string], { value: number }>(db, 'SELECT value FROM counters WHERE name = ?').get(name)?.value ?? 0;
}

import { prepare, transact, type Readable, type Writable } from './database.ts';

/*
 * A number that grows before the first record that is written after each opening and after each snapshot. The library's record repeats it: if it is
 * greater there, the database is an older copy, even if it knows every image. No clock plays a part.
 */

/** Its name among the counters. */
export const EPOCH = 'epoch';
/** A greater number is no epoch: it couldn't be counted up for ever. */
const MAX_EPOCH = 2 ** 48;

/** Whether a number that was read can be an epoch. */
export function isEpoch(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= MAX_EPOCH;
}

/** 0 for a database that has written no record. */
export function readEpoch(db: Readable): number {
  return prepare<[string], { value: number }>(db, 'SELECT value FROM counters WHERE name = ?').get(EPOCH)?.value ?? 0;
}

/** Begins a new epoch. It is on the disk when this returns. @throws StudioError like `transact` */
export function raiseEpoch(db: Writable): void {
  const sql = 'INSERT INTO counters VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1';
  transact(db, () => prepare<[string]>(db, sql).run(EPOCH));
}

/** A database that takes the place of a later one, or was opened although it is older, is in the epoch that the records say. Null: they say none. */
export function takeOverEpoch(db: Writable, written: number | null): void {
  if (written === null || written <= readEpoch(db)) return;
  const sql = 'INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value';
  transact(db, () => prepare<[string, number]>(db, sql).run(EPOCH, written));
}

const ended = new Map<string, number>();

/** A copy of a library's database was made: what is recorded from now on, it doesn't know. */
export function endEpoch(folder: string): void {
  ended.set(folder, endedEpochs(folder) + 1);
}

/** How many epochs of a library {@link endEpoch} has ended in this process. */
export function endedEpochs(folder: string): number {
  return ended.get(folder) ?? 0;
}

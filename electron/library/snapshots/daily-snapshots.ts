import { setTimeout as delay } from 'node:timers/promises';
import { readLibraryTotals } from '../db/counters.ts';
import { databaseHealth } from '../db/database-health.ts';
import { sizeOf } from '../files/disk-contents.ts';
import { freeBytes } from '../files/free-space.ts';
import type { Library } from '../files/library-handle.ts';
import { makeSnapshot } from './make-snapshot.ts';
import { listSnapshots } from './snapshot-files.ts';

/** Delay in ms after the start, and between two looks at the day. */
const FIRST_MS = 60_000;
const EVERY_MS = 600_000;

interface DailyOptions {
  signal: AbortSignal;
  /** ms since 1970 */
  now(): number;
  failed(thrown: unknown): void;
}

/**
 * Makes a snapshot of an open library on each local day on which it is used. Resolves when the signal is aborted and nothing is being copied any more;
 * doesn't reject.
 */
export async function keepDailySnapshots(library: Library, options: DailyOptions): Promise<void> {
  const { signal, failed } = options;
  for (let wait = FIRST_MS; ; wait = EVERY_MS) {
    try {
      await delay(wait, undefined, { signal, ref: false });
      await makeDailySnapshot(library, options);
    } catch (thrown) {
      if (signal.aborted) return;
      failed(thrown);
    }
  }
}

/**
 * Makes this local day's snapshot, unless there is one already, the library is empty, its database is damaged (a copy would push out a sound one),
 * or the disk is so full that images would soon have no room.
 * @param readFree what is free on the disk; null where the file system doesn't say
 * @returns whether one was made
 */
export async function makeDailySnapshot(
  library: Pick<Library, 'db' | 'folder'>,
  { now, signal }: Pick<DailyOptions, 'now' | 'signal'>,
  readFree: (folder: string) => Promise<number | null> = freeBytes,
): Promise<boolean> {
  const { db, folder } = library;
  const at = now();
  const newest = (await listSnapshots(folder))[0];
  const isMade = newest !== undefined && isSameDay(newest.madeAt, at);
  if (isMade || databaseHealth(db).damage || readLibraryTotals(db).images === 0) return false;
  const free = await readFree(folder);
  if (free !== null && free < MIN_COPIES * ((await sizeOf(db.name)) ?? 0) + MIN_FREE_BYTES) return false;
  await makeSnapshot(folder, { reason: 'daily', now: at, signal });
  return true;
}

/** A day's snapshot is made while so many copies of the database fit on the disk, and so many bytes more. */
const MIN_COPIES = 3;
const MIN_FREE_BYTES = 512 * 1024 * 1024;

function isSameDay(one: number, other: number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}

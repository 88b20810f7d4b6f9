import fs from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Readable } from '../db/database.ts';
import type { Library } from './library-handle.ts';

/** Time between two looks, ms. */
const EVERY_MS = 60_000;
/** Below it, the disk counts as nearly full: room for some hundred images. */
const LOW_BYTES = 1_000_000_000;
/** A smaller change isn't told, in bytes. */
const STEP_BYTES = 100_000_000;

/** Bytes that are free to this user on the disk of a folder; null where the file system doesn't say, as some network and virtual ones. */
export async function freeBytes(folder: string): Promise<number | null> {
  const { bavail, bsize, blocks } = await fs.statfs(folder);
  return blocks === 0 ? null : bavail * bsize;
}

/** What is free on the disk of a library, in bytes, and whether that is little. */
export interface FreeSpace {
  bytes: number;
  low: boolean;
}

const found = new WeakMap<Readable, FreeSpace>();

/** What was free on an open library's disk at the last look; null if that isn't known. */
export function freeSpaceOf({ db }: Pick<Library, 'db'>): FreeSpace | null {
  return found.get(db) ?? null;
}

interface WatchOptions {
  signal: AbortSignal;
  /** There is noticeably more or less than before. */
  changed(space: FreeSpace): void;
}

/** Looks at an open library's disk now and then until the signal is aborted. Doesn't reject: what can't be read isn't known. */
export async function watchFreeSpace(library: Pick<Library, 'db' | 'folder'>, options: WatchOptions): Promise<void> {
  const { signal } = options;
  while (!signal.aborted) {
    await lookAtFreeSpace(library, options);
    await delay(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/** @param read what is free, for tests */
export async function lookAtFreeSpace(
  { db, folder }: Pick<Library, 'db' | 'folder'>,
  { signal, changed }: WatchOptions,
  read: (folder: string) => Promise<number | null> = freeBytes,
): Promise<void> {
  const bytes = await read(folder).catch(() => null);
  if (bytes === null || signal.aborted) return;
  const before = found.get(db);
  const now = { bytes, low: bytes < LOW_BYTES };
  if (before && before.low === now.low && Math.abs(before.bytes - bytes) < STEP_BYTES) return;
  found.set(db, now);
  changed(now);
}

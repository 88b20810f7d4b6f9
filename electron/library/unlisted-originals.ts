import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { UnlistedOriginals } from '../contract/entities/settings.ts';
import { acceptUnknownOriginals, knownFiles } from './db/known-files.ts';
import { listOriginals } from './files/disk-contents.ts';
import { ORIGINALS } from './files/folders.ts';
import type { Library } from './files/library-handle.ts';

/** Files that are named; there may be thousands. */
const MAX_NAMED = 20;
/** Lookups at once: about a millisecond. */
const PIECE = 200;

const found = new WeakMap<Library['db'], UnlistedOriginals>();

/** What {@link findUnlisted} found; null: nothing, or what the person has accepted. */
export function unlistedOriginals({ db }: Pick<Library, 'db'>): UnlistedOriginals | null {
  return found.get(db) ?? null;
}

/**
 * Compares all originals in an open library's folder with its database. A save that a crash interrupted has a row before its file is moved, so
 * after the recovery each file without one is unexplained: the database may be an older copy. Changes nothing.
 * @returns null if there are no more than the person accepted earlier, or if the signal is aborted
 */
export async function findUnlisted({ folder, db }: Library, signal: AbortSignal): Promise<UnlistedOriginals | null> {
  const { isOriginal, accepted } = knownFiles(db);
  const files: string[] = [];
  let count = 0;
  let checked = 0;
  for await (const { sha256, path } of listOriginals(folder)) {
    checked += 1;
    if (checked % PIECE === 0) await yieldToEventLoop();
    if (signal.aborted) return null;
    // One that was deleted since it was listed has no row any more either.
    if (isOriginal(sha256) || !existsSync(join(folder, path))) continue;
    count += 1;
    if (files.length < MAX_NAMED) files.push(path);
  }
  if (count <= accepted.originals) {
    found.delete(db);
    return null;
  }
  const unlisted = { count: count - accepted.originals, folder: join(folder, ORIGINALS), files };
  found.set(db, unlisted);
  return unlisted;
}

/** The person has read about these files and isn't told of them again. */
export function acceptUnlisted({ db }: Library): void {
  const unlisted = found.get(db);
  if (!unlisted) return;
  acceptUnknownOriginals(db, unlisted.count);
  found.delete(db);
}

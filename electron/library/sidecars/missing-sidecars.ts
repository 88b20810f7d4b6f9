import { opendir, readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { GenerationId } from '../../contract/entities/ids.ts';
import { errorCode } from '../../disk/error-code.ts';
import { prepare, transact, type Readable } from '../db/database.ts';
import { sidecarPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { markSidecarOutdated } from '../files/sidecar-marks.ts';

/** Rows read at once: about a millisecond. */
const PAGE_SIZE = 500;
/** The newest sidecars, which a power cut may have left incomplete, are read as well; of older ones only the names are compared. */
const MAX_READ = 1000;

interface Marked {
  id: GenerationId;
  created_at: number;
}

/**
 * Marks the sidecars as outdated that are marked as written but are missing, empty or incomplete on the disk, so that the backfill writes
 * them again. Lists each month's folder once and compares names, a page of rows at a time, without blocking the caller.
 * @returns how many there are
 */
export async function markMissingSidecars(library: Library, signal?: AbortSignal): Promise<number> {
  const { db, folder } = library;
  const months = new Map<string, Set<string>>();
  let found = 0;
  let read = 0;
  for (let page = readPage(db, null); page.length > 0; page = readPage(db, page.at(-1)?.id ?? null)) {
    const missing: GenerationId[] = [];
    for (const row of page) {
      if (signal?.aborted) return found;
      const path = sidecarPath(folder, row.id, row.created_at);
      const month = dirname(path);
      const names = months.get(month) ?? (await listNames(month));
      months.set(month, names);
      const sound = names.has(basename(path)) && (read >= MAX_READ || (await isSound(path)));
      read += 1;
      if (!sound) missing.push(row.id);
    }
    if (missing.length > 0) transact(db, () => missing.forEach((id) => markSidecarOutdated(db, id)));
    found += missing.length;
    await yieldToEventLoop();
  }
  return found;
}

/** Ended requests whose sidecar is marked as written, newest first: ids begin with their time (UUIDv7). */
function readPage(db: Readable, before: GenerationId | null): Marked[] {
  const sql = `SELECT id, created_at FROM generations WHERE id < ? AND recorded_at IS NOT NULL AND state NOT IN ('intent', 'sent')
    ORDER BY id DESC LIMIT ${PAGE_SIZE}`;
  // No id is greater: they consist of hexadecimal digits and hyphens.
  return prepare<[string], Marked>(db, sql).all(before ?? 'g');
}

async function listNames(folder: string): Promise<Set<string>> {
  const names = new Set<string>();
  try {
    for await (const entry of await opendir(folder, { bufferSize: 256 })) names.add(entry.name);
  } catch (thrown) {
    if (errorCode(thrown) !== 'ENOENT') throw thrown;
  }
  return names;
}

async function isSound(path: string): Promise<boolean> {
  try {
    const record: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof record === 'object' && record !== null;
  } catch {
    // Writing it again either repairs it or reports why that isn't possible.
    return false;
  }
}

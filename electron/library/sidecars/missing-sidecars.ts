import { opendir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { errorCode } from '../../disk/error-code.ts';
import { prepare, transact, type Readable } from '../db/database.ts';
import { sidecarPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { markSidecarOutdated, type SidecarId } from '../files/sidecar-marks.ts';
import { RECORDED, RECORDED_TABLES, type RecordedTable } from './recorded-tables.ts';

/** Rows read at once: about a millisecond. */
const PAGE_SIZE = 500;

interface Marked {
  id: SidecarId;
  at: number;
}

/**
 * Marks the sidecars as outdated that are marked as written but have no file, so that the backfill writes them again. Lists each month's
 * folder once and compares names, a page of rows at a time, without blocking the caller. What the files contain is checked by
 * `incomplete-sidecars.ts`.
 * @returns how many there are
 */
export async function markMissingSidecars(library: Library, signal?: AbortSignal): Promise<number> {
  const { db, folder } = library;
  const months = new Map<string, Set<string>>();
  let found = 0;
  for (const table of RECORDED_TABLES) {
    const next = (before: string | null): Marked[] => readPage(db, table, before);
    for (let page = next(null); page.length > 0; page = next(page.at(-1)?.id ?? null)) {
      const missing: SidecarId[] = [];
      for (const row of page) {
        if (signal?.aborted) return found;
        const path = sidecarPath(folder, row.id, row.at);
        const month = dirname(path);
        const names = months.get(month) ?? (await listFileNames(month));
        months.set(month, names);
        if (!names.has(basename(path))) missing.push(row.id);
      }
      if (missing.length > 0) transact(db, () => missing.forEach((id) => markSidecarOutdated(db, id)));
      found += missing.length;
      await yieldToEventLoop();
    }
  }
  return found;
}

/** Ended requests, or imports, whose sidecar is marked as written, newest first: ids begin with their time (UUIDv7). */
function readPage(db: Readable, table: RecordedTable, before: string | null): Marked[] {
  const { at, ended } = RECORDED[table];
  const sql = `SELECT id, ${at} AS at FROM ${table} WHERE id < ? AND recorded_at IS NOT NULL AND ${ended}
    ORDER BY id DESC LIMIT ${PAGE_SIZE}`;
  // No id is greater: they consist of hexadecimal digits and hyphens.
  return prepare<[string], Marked>(db, sql).all(before ?? 'g');
}

/** Names in a folder, except those of folders; none if there is no folder. */
async function listFileNames(folder: string): Promise<Set<string>> {
  const names = new Set<string>();
  try {
    for await (const entry of await opendir(folder, { bufferSize: 256 }))
      if (!entry.isDirectory()) names.add(entry.name);
  } catch (thrown) {
    if (errorCode(thrown) !== 'ENOENT') throw thrown;
  }
  return names;
}

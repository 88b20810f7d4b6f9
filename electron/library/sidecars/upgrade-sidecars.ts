import fs from 'node:fs/promises';
import { errorCode } from '../../disk/error-code.ts';
import { prepare, type Readable } from '../db/database.ts';
import { transactUnsynced } from '../db/unsynced.ts';
import { sidecarPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { markSidecarOutdated, type SidecarId } from '../files/sidecar-marks.ts';
import { SIDECAR_VERSION } from './sidecar-schema.ts';

/** The counter that says which version all records of requests have had, or were marked to be written in. */
const CHECKED_VERSION = 'sidecar-version';
/** Rows read at once: about a millisecond. */
const PAGE = 500;
/** Each record begins with its kind and version. */
const HEAD_BYTES = 128;
const HEAD = /^\s*\{\s*"kind"\s*:\s*"emulsion-generation"\s*,\s*"version"\s*:\s*(\d{1,3})\s*,/u;

interface Marked {
  id: SidecarId;
  at: number;
}

/**
 * Marks the sidecars of earlier versions as outdated, so that they are written again. Once for each library and version: then every record's first bytes
 * are read, one file after the other, without blocking the caller; later, nothing is read. Imports have had sidecars of the present version only.
 * `failed` receives why one can't be read: the others are marked, and the next start looks again.
 */
export async function markEarlierSidecars(
  library: Library,
  { failed, signal }: { failed: (thrown: unknown) => void; signal: AbortSignal | undefined },
): Promise<void> {
  const { db, folder } = library;
  if (checkedVersion(db) >= SIDECAR_VERSION) return;
  let after = '';
  let unreadable = 0;
  const unread = (thrown: unknown): string => {
    failed(thrown);
    unreadable += 1;
    return '';
  };
  for (let page = readPage(db, after); page.length > 0; page = readPage(db, after)) {
    const earlier: SidecarId[] = [];
    for (const { id, at } of page) {
      if (signal?.aborted) return;
      if (isEarlier(await readHead(sidecarPath(folder, id, at)).catch(unread))) earlier.push(id);
      after = id;
    }
    if (earlier.length > 0) transactUnsynced(db, () => earlier.forEach((id) => markSidecarOutdated(db, id)));
  }
  if (unreadable > 0) return;
  // A power cut undoes commits from the last one on, so the marks are there where this is.
  transactUnsynced(db, () => {
    const sql = 'INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value';
    prepare<[string, number]>(db, sql).run(CHECKED_VERSION, SIDECAR_VERSION);
  });
}

function checkedVersion(db: Readable): number {
  const sql = 'SELECT value FROM counters WHERE name = ?';
  return prepare<[string], { value: number }>(db, sql).get(CHECKED_VERSION)?.value ?? 0;
}

function readPage(db: Readable, after: string): Marked[] {
  const sql = `SELECT id, created_at AS at FROM generations WHERE id > ? AND recorded_at IS NOT NULL ORDER BY id LIMIT ${PAGE}`;
  return prepare<[string], Marked>(db, sql).all(after);
}

function isEarlier(head: string): boolean {
  const version = HEAD.exec(head)?.[1];
  return version !== undefined && Number(version) < SIDECAR_VERSION;
}

/** '' for a file that is missing: `missing-sidecars.ts` finds it. */
async function readHead(path: string): Promise<string> {
  try {
    const file = await fs.open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.toString('latin1', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return '';
    throw thrown;
  }
}

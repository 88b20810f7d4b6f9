import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { errorCode } from '../../disk/error-code.ts';
import { prepare, type Readable } from '../db/database.ts';
import type { SidecarId } from '../files/sidecar-marks.ts';
import { RECORDED, RECORDED_TABLES } from './recorded-tables.ts';
import { renderSidecar } from './render-sidecar.ts';
import { parseSidecar, SIDECAR_VERSION } from './sidecar-schema.ts';

/** `earlier`: of an earlier version, to be written again. `due`: it is about to be written, or its row is gone. */
type SidecarState = 'same' | 'different' | 'earlier' | 'due';

/**
 * Compares a sidecar with its rows. One of an earlier version can't say all of them: it is only read. Reads the file synchronously, so call it with pauses, or in a thread.
 */
export function compareSidecar(library: { db: Readable; folder: string }, id: SidecarId): SidecarState {
  // The rows, or the file, may be changing: then the second look is right, because a change marks the sidecar as due.
  const first = look(library, id);
  return first === 'different' ? look(library, id) : first;
}

function look(library: { db: Readable; folder: string }, id: SidecarId): SidecarState {
  const before = writtenAt(library.db, id);
  if (before === null) return 'due';
  const state = says(library, id);
  return writtenAt(library.db, id) === before ? state : 'due';
}

function writtenAt(db: Readable, id: SidecarId): number | null {
  for (const table of RECORDED_TABLES) {
    const sql = `SELECT recorded_at AS at FROM ${table} WHERE id = ? AND ${RECORDED[table].ended}`;
    const row = prepare<[string], { at: number | null }>(db, sql).get(id);
    if (row) return row.at;
  }
  return null;
}

function says(library: { db: Readable; folder: string }, id: SidecarId): Exclude<SidecarState, 'due'> {
  const { path, text } = renderSidecar(library, id);
  const written = readText(path);
  if (written === text) return 'same';
  try {
    const record = parseSidecar(written);
    if (record.version !== SIDECAR_VERSION) return 'earlier';
    return isDeepStrictEqual(record, parseSidecar(text)) ? 'same' : 'different';
  } catch {
    return 'different';
  }
}

/** '' for no file. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return '';
    throw thrown;
  }
}

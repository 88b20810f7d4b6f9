import { readFileSync } from 'node:fs';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { prepare, type Readable } from '../db/database.ts';
import { transactUnsynced } from '../db/unsynced.ts';
import type { Library } from '../files/library-handle.ts';
import type { SidecarId } from '../files/sidecar-marks.ts';
import { compareSidecar } from './compare-sidecar.ts';
import { rememberRecord } from './record-hashes.ts';
import { RECORDED, RECORDED_TABLES, type RecordedTable } from './recorded-tables.ts';
import { renderSidecar } from './render-sidecar.ts';

/** Rows read at once: about a millisecond. */
const PAGE = 500;
/** Records read between two pauses: a few milliseconds. */
const AT_ONCE = 5;

interface Marked {
  id: SidecarId;
  known: 0 | 1;
}

/**
 * Remembers the records of which the database doesn't know what it wrote: those of an earlier version of Emulsion, and those that a rebuild
 * read. Only where they say what the rows say: others are kept when they are replaced.
 */
export async function recognizeRecords(library: Library, signal?: AbortSignal): Promise<void> {
  for (const table of RECORDED_TABLES) {
    const next = (after: string): Marked[] => readPage(library.db, table, after);
    for (let page = next(''); page.length > 0; page = next(page.at(-1)?.id ?? 'g')) {
      const unknown = page.filter(({ known }) => known === 0);
      for (let first = 0; first < unknown.length; first += AT_ONCE) {
        if (signal?.aborted) return;
        recognize(library, unknown.slice(first, first + AT_ONCE));
        await yieldToEventLoop();
      }
      if (signal?.aborted) return;
      await yieldToEventLoop();
    }
  }
}

function recognize(library: Library, rows: readonly Marked[]): void {
  transactUnsynced(library.db, () => {
    for (const { id } of rows)
      if (compareSidecar(library, id) === 'same')
        rememberRecord(library.db, id, readFileSync(renderSidecar(library, id).path));
  });
}

function readPage(db: Readable, table: RecordedTable, after: string): Marked[] {
  const sql = `SELECT id, EXISTS (SELECT 1 FROM record_hashes WHERE name = ${table}.id) AS known FROM ${table}
    WHERE id > ? AND recorded_at IS NOT NULL AND ${RECORDED[table].ended} ORDER BY id LIMIT ${PAGE}`;
  return prepare<[string], Marked>(db, sql).all(after);
}

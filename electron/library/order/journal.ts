import * as v from 'valibot';
import {
  EditSchema,
  OrderEditSchema,
  type Change,
  type ChangePage,
  type Edit,
  type OrderEdit,
} from '../../contract/entities/changes.ts';
import type { ChangeId, Timestamp } from '../../contract/entities/ids.ts';
import { readJson, readRows } from '../db/columns.ts';
import { prepare, type Readable, type Writable } from '../db/database.ts';
import { transactUnsynced } from '../db/unsynced.ts';
import { ASPECTS } from './image-cells.ts';
import { NameCellSchema } from './name-cells.ts';

/** What undoing needs, beside the values of images. `touched`: images that it changed; `left`: see `Change`. */
const InverseSchema = v.looseObject({
  names: v.array(v.string()),
  aspects: v.array(v.picklist(ASPECTS)),
  cells: v.array(NameCellSchema),
  touched: v.number(),
  left: v.number(),
});
export type Inverse = v.InferOutput<typeof InverseSchema>;

/** A change with what undoing needs. `sequence`: its place in the journal. */
export interface Entry {
  sequence: number;
  id: ChangeId;
  state: Change['state'];
  edit: Edit | OrderEdit;
  inverse: Inverse;
  images: number;
  at: Timestamp;
  undoneAt: Timestamp | null;
}

interface ChangeRow {
  sequence: number;
  id: ChangeId;
  state: Change['state'];
  edit: string;
  inverse: string;
  images: number;
  at: number;
  undone_at: number | null;
}

/** Changes and values of images that the journal keeps. A year of daily work; a full journal takes about 60 MB. */
export const KEPT = { changes: 1000, images: 1_000_000 };

export function insertEntry(db: Writable, entry: Omit<Entry, 'sequence' | 'undoneAt'>): number {
  const sql = 'INSERT INTO changes (id, state, edit, inverse, images, at) VALUES (?, ?, ?, ?, ?, ?)';
  const { id, state, edit, inverse, images, at } = entry;
  const run = prepare<[string, string, string, string, number, number]>(db, sql).run(
    id,
    state,
    JSON.stringify(edit),
    JSON.stringify(inverse),
    images,
    at,
  );
  return Number(run.lastInsertRowid);
}

export function updateEntry(db: Writable, { sequence, state, inverse, images, undoneAt }: Entry): void {
  const sql = 'UPDATE changes SET state = ?, inverse = ?, images = ?, undone_at = ? WHERE sequence = ?';
  prepare<[string, string, number, number | null, number]>(db, sql).run(
    state,
    JSON.stringify(inverse),
    images,
    undoneAt,
    sequence,
  );
}

/** @throws StudioError `library-damaged` */
export function findEntry(db: Readable, id: ChangeId): Entry | null {
  const row = prepare<[string], ChangeRow>(db, 'SELECT * FROM changes WHERE id = ?').get(id);
  return row ? rowToEntry(row) : null;
}

/** Changes that a crash interrupted, newest first. */
export function listUnfinished(db: Readable): Entry[] {
  const sql = "SELECT * FROM changes WHERE state IN ('applying', 'reverting') ORDER BY sequence DESC";
  return readRows(prepare<[], ChangeRow>(db, sql).all(), rowToEntry);
}

/** Newest first. */
export function listChanges(db: Readable, { after, limit }: { after: number | null; limit: number }): ChangePage {
  const sql = 'SELECT * FROM changes WHERE sequence < ? ORDER BY sequence DESC LIMIT ?';
  const rows = prepare<[number, number], ChangeRow>(db, sql).all(after ?? Number.MAX_SAFE_INTEGER, limit + 1);
  const page = rows.slice(0, limit);
  const changes = readRows(page, (row) => toChange(rowToEntry(row)));
  return { changes, next: rows.length > limit ? (page.at(-1)?.sequence ?? null) : null };
}

/** @param applied images done so far, where it is being applied or reverted */
export function toChange(entry: Entry, applied?: number): Change {
  const { id, state, edit, inverse, images, at, undoneAt } = entry;
  const done = state === 'undone' ? 0 : images;
  return { id, state, edit, names: inverse.names, images, applied: applied ?? done, left: inverse.left, at, undoneAt };
}

const EditColumnSchema = v.union([EditSchema, OrderEditSchema]);

function rowToEntry(row: ChangeRow): Entry {
  const at = (column: string): { table: string; column: string; row: string } => ({
    table: 'changes',
    column,
    row: row.id,
  });
  return {
    sequence: row.sequence,
    id: row.id,
    state: row.state,
    edit: readJson(EditColumnSchema, row.edit, at('edit')),
    inverse: readJson(InverseSchema, row.inverse, at('inverse')),
    images: row.images,
    at: row.at,
    undoneAt: row.undone_at,
  };
}

/** The next images of a change by timeline, at most `limit`; null after the last one. */
export function pageOfCells(
  db: Readable,
  change: number,
  after: number,
  limit: number,
): { first: number; last: number; count: number } | null {
  const sql = `SELECT min(timeline) AS first, max(timeline) AS last, count(*) AS count
    FROM (SELECT timeline FROM change_images WHERE change = ? AND timeline > ? ORDER BY timeline LIMIT ?)`;
  const page = prepare<[number, number, number], { first: number | null; last: number | null; count: number }>(
    db,
    sql,
  ).get(change, after, limit);
  if (!page || page.first === null || page.last === null) return null;
  return { first: page.first, last: page.last, count: page.count };
}

/** Whether a change holds values of any image. */
export function hasCells(db: Readable, change: number): boolean {
  const sql = 'SELECT EXISTS (SELECT 1 FROM change_images WHERE change = ?) AS any';
  return prepare<[number], { any: number }>(db, sql).get(change)?.any === 1;
}

/** Rows of a change's images that are removed at once: about a millisecond. */
const PIECE = 1000;

/** Removes values of images that a change doesn't need any more, a piece at a time. Returns false when they are gone. */
export function removeCellsPiece(db: Writable, sequence: number): boolean {
  return transactUnsynced(db, () => removePiece(db, sequence));
}

function removePiece(db: Writable, sequence: number): boolean {
  const sql = `DELETE FROM change_images WHERE change = :sequence AND timeline IN (
    SELECT timeline FROM change_images WHERE change = :sequence LIMIT ${PIECE})`;
  return prepare<[{ sequence: number }]>(db, sql).run({ sequence }).changes === PIECE;
}

/** Removes a change and its images' values, a piece at a time. Returns false when it is gone. */
export function removeEntryPiece(db: Writable, sequence: number): boolean {
  return transactUnsynced(db, () => {
    if (removePiece(db, sequence)) return true;
    prepare<[number]>(db, 'DELETE FROM changes WHERE sequence = ?').run(sequence);
    return false;
  });
}

/**
 * The oldest change that the journal doesn't keep any more, marked as one that can't be undone, so that a crash while it is removed leaves
 * nothing that could be undone in part; null: none. The newest {@link KEPT} changes stay, and of these only as many as changed
 * {@link KEPT} images in all; the newest one always stays.
 */
export function nextToPrune(db: Writable): number | null {
  const sql = `SELECT sequence, state, json_extract(inverse, '$.touched') AS touched FROM changes ORDER BY sequence DESC`;
  const rows = prepare<[], { sequence: number; state: string; touched: number }>(db, sql).all();
  let images = 0;
  const over = rows.findIndex(({ touched }, index) => {
    images += touched;
    return index > 0 && (index >= KEPT.changes || images > KEPT.images);
  });
  const oldest = over === -1 ? undefined : rows.at(-1);
  if (!oldest || oldest.state === 'applying' || oldest.state === 'reverting') return null;
  prepare<[number]>(db, "UPDATE changes SET state = 'final' WHERE sequence = ?").run(oldest.sequence);
  return oldest.sequence;
}

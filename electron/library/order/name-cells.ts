import * as v from 'valibot';
import { prepare, type Readable, type Writable } from '../db/database.ts';
import type { Direction } from './image-cells.ts';

/*
 * What a change does to tags and collections themselves: their columns before and after, null where the row doesn't exist. Like the values of
 * images, they are put where the present ones are those they replace.
 */

const TAG_COLUMNS = ['id', 'parent', 'name', 'folded', 'created_at'] as const;
const COLLECTION_COLUMNS = ['id', 'parent', 'name', 'position', 'cover', 'query', 'created_at'] as const;
const COLUMNS = { tags: TAG_COLUMNS, collections: COLLECTION_COLUMNS } as const;
const MEMBERS = { tags: ['image_tags', 'tag'], collections: ['collection_images', 'collection'] } as const;
type Table = keyof typeof COLUMNS;

const ColumnsSchema = v.nullable(v.record(v.string(), v.union([v.string(), v.number(), v.null()])));
export type Columns = NonNullable<v.InferOutput<typeof ColumnsSchema>>;
export const NameCellSchema = v.looseObject({
  table: v.picklist(['tags', 'collections']),
  key: v.number(),
  before: ColumnsSchema,
  after: ColumnsSchema,
  /** It is put only where all others of its change were: a query that names what they rename. */
  follows: v.optional(v.boolean()),
});
export type NameCell = v.InferOutput<typeof NameCellSchema>;

/** A row's columns as cells hold them; null if there is none. */
export function readColumns(db: Readable, table: Table, key: number): Columns | null {
  const sql = `SELECT ${COLUMNS[table].join(', ')} FROM ${table} WHERE key = ?`;
  return prepare<[number], Columns>(db, sql).get(key) ?? null;
}

/** Creates and changes rows. Parents come before what is below them. Call it before images are changed, in a transaction. */
export function putNames(db: Writable, cells: readonly NameCell[], direction: Direction): void {
  const others = ordered(
    cells.filter(({ follows }) => follows !== true),
    direction,
  );
  let whole = true;
  for (const cell of others) whole = put(db, cell, direction) && whole;
  if (whole) for (const cell of cells) if (cell.follows === true) put(db, cell, direction);
}

/** Returns false if it was left as it is. */
function put(db: Writable, cell: NameCell, direction: Direction): boolean {
  const { from, to } = sides(cell, direction);
  if (to === null) return true;
  if (from === null) return insert(db, cell, to);
  return hasColumns(db, cell, from) && attempt(() => update(db, cell, to));
}

/** Removes rows that nothing uses. Call it after images were changed, in a transaction. */
export function removeNames(db: Writable, cells: readonly NameCell[], direction: Direction): void {
  for (const cell of ordered(cells, direction).reverse()) {
    const { from, to } = sides(cell, direction);
    if (to !== null || from === null || !hasColumns(db, cell, from) || isUsed(db, cell)) continue;
    prepare<[number]>(db, `DELETE FROM ${cell.table} WHERE key = ?`).run(cell.key);
  }
}

/** Renames and moves are put back in reverse order: one may have made room for another. */
function ordered(cells: readonly NameCell[], direction: Direction): NameCell[] {
  const made = cells.filter(({ before, after }) => before === null || after === null);
  const changed = cells.filter(({ before, after }) => before !== null && after !== null);
  return direction === 'forward' ? [...made, ...changed] : [...made, ...changed.reverse()];
}

function sides({ before, after }: NameCell, direction: Direction): { from: Columns | null; to: Columns | null } {
  return direction === 'forward' ? { from: before, to: after } : { from: after, to: before };
}

/** Where a cell has a cover or a position, these don't matter: deleting an image and putting another one before it change them. */
function hasColumns(db: Readable, { table, key, before, after }: NameCell, wanted: Columns): boolean {
  const present = readColumns(db, table, key);
  const exists = before === null || after === null;
  return (
    present !== null &&
    Object.entries(wanted).every(
      ([name, value]) => present[name] === value || (exists && (name === 'cover' || name === 'position')),
    )
  );
}

function isUsed(db: Readable, { table, key }: NameCell): boolean {
  const [members, column] = MEMBERS[table];
  const sql = `SELECT EXISTS (SELECT 1 FROM ${members} WHERE ${column} = :key) OR EXISTS (SELECT 1 FROM ${table} WHERE parent = :key) AS used`;
  return prepare<[{ key: number }], { used: number }>(db, sql).get({ key })?.used === 1;
}

function insert(db: Writable, { table, key }: NameCell, columns: Columns): boolean {
  if (readColumns(db, table, key) !== null) return true;
  const names = COLUMNS[table];
  const sql = `INSERT INTO ${table} (key, ${names.join(', ')}) VALUES (:key, ${names.map((name) => `:${name}`).join(', ')})`;
  const row = Object.fromEntries(names.map((name) => [name, columns[name] ?? null]));
  return attempt(() => void prepare<[object]>(db, sql).run({ ...row, key, ...knownCover(db, row) }));
}

/** The image may have been deleted. */
function knownCover(db: Readable, { cover }: Columns): { cover?: null } {
  if (typeof cover !== 'number') return {};
  const known = prepare<[number], { timeline: number }>(db, 'SELECT timeline FROM images WHERE timeline = ?').get(
    cover,
  );
  return known ? {} : { cover: null };
}

function update(db: Writable, { table, key }: NameCell, columns: Columns): void {
  const sets = Object.keys(columns).map((name) => `${name} = :${name}`);
  prepare<[object]>(db, `UPDATE ${table} SET ${sets.join(', ')} WHERE key = :key`).run({
    ...columns,
    key,
    ...knownCover(db, columns),
  });
}

/** A name that was taken meanwhile, or a parent that is gone: the later edit wins. */
function attempt(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('SQLITE_CONSTRAINT')))
      throw thrown;
    return false;
  }
}

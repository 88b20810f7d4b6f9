import { v7 as newId } from 'uuid';
import type { OrderEdit } from '../../contract/entities/changes.ts';
import type { CollectionId, ImageId, Timestamp } from '../../contract/entities/ids.ts';
import { cleanName, isReserved, MAX_NAME_LENGTH } from '../../contract/rules/tag-names.ts';
import { prepare, type Readable } from '../db/database.ts';
import { foldText } from '../images/fold-text.ts';
import { taking } from './collect-plans.ts';
import { findCollection, requireCollection, type CollectionRow } from './collection-rows.ts';
import { readColumns, type Columns, type NameCell } from './name-cells.ts';
import { insertCells, type Plan, type Timelines } from './plan.ts';
import { gone, refused } from './refusal.ts';
import { renamedQueries } from './saved-queries.ts';
import { nextKey } from './tag-rows.ts';

/** What is given of a collection that is changed: see the endpoint `collections.change`. */
export interface CollectionChange {
  collectionId: CollectionId;
  name?: string | undefined;
  parentId?: CollectionId | null | undefined;
  coverId?: ImageId | null | undefined;
  query?: string | null | undefined;
  before?: CollectionId | null | undefined;
}

/** The collection of a name as searches compare names; null: none. Of several from before they were compared so, the one of this spelling. */
export function findCollectionNamed(db: Readable, typed: string): CollectionRow | null {
  const name = cleanName(typed);
  const wanted = foldText(name);
  const rows = prepare<[], CollectionRow>(db, 'SELECT * FROM collections').all();
  const twins = rows.filter((row) => foldText(row.name) === wanted);
  return twins.find((row) => row.name === name) ?? twins[0] ?? null;
}

/** @throws StudioError `not-found`, `parameter-invalid` */
export function planCollection(
  db: Readable,
  { name: typed, parentId, query }: { name: string; parentId: CollectionId | null; query: string | null },
  at: Timestamp,
): Plan {
  const name = requireName(typed);
  requireFree(db, name, null);
  const parent = parentId === null ? null : requireParent(db, parentId).key;
  const position = (siblings(db, parent).at(-1)?.position ?? 0) + 1;
  const id = newId() as CollectionId;
  const after: Columns = { id, parent, name, position, cover: null, query, created_at: at };
  const cell: NameCell = { table: 'collections', key: nextKey(db, 'collections'), before: null, after };
  return changing({ kind: 'collection-create', collectionId: id, name }, { cells: [cell] });
}

/** @param images those of the collection if its name changes: their sidecars say it */
export function planCollectionChange(db: Readable, change: CollectionChange, images: Timelines): Plan {
  const row = requireCollection(db, change.collectionId);
  const name = change.name === undefined || change.name === row.name ? row.name : requireName(change.name);
  if (name !== row.name) requireFree(db, name, row.key);
  const wanted: Columns = {
    name,
    parent: newParent(db, row, change.parentId),
    cover: newCover(db, row, change.coverId),
    query: newQuery(db, row, change.query),
  };
  const present: Columns = { name: row.name, parent: row.parent, cover: row.cover, query: row.query };
  const changed = Object.keys(wanted).filter((key) => wanted[key] !== present[key]);
  const pick = (columns: Columns): Columns => Object.fromEntries(changed.map((key) => [key, columns[key] ?? null]));
  const renamed = { field: 'in', from: row.name, to: name } as const;
  const { cells: queries, ...rest } =
    name === row.name ? { cells: [] } : renamedQueries(db, renamed, change.query === undefined ? null : row.key);
  const cells: NameCell[] = [
    ...(changed.length === 0 ? [] : [cellOf(row, pick(present), pick(wanted))]),
    ...placing(db, row, Number(wanted['parent'] ?? 0) || null, change.before),
    ...queries,
  ];
  const edit: OrderEdit = {
    kind: 'collection-change',
    collectionId: row.id,
    name,
    ...(name !== row.name && { from: row.name }),
    ...rest,
  };
  return changing(edit, { cells, images, writes: [{ sql: insertCells("'{}'", 'WHERE TRUE'), values: {} }] });
}

/** @param images those of the collection; they stay in the library */
export function planCollectionRemoval(db: Readable, id: CollectionId, images: Timelines): Plan {
  const row = requireCollection(db, id);
  const below = siblings(db, row.key);
  const last = siblings(db, null).at(-1)?.position ?? 0;
  const cells: NameCell[] = [
    { table: 'collections', key: row.key, before: readColumns(db, 'collections', row.key), after: null },
    ...below.map((each, at) =>
      cellOf(each, { parent: row.key, position: each.position }, { parent: null, position: last + at + 1 }),
    ),
  ];
  const edit: OrderEdit = { kind: 'collection-remove', collectionId: id, name: row.name };
  const late = (): number[] => membersAfter(db, row.key, -1, 10_000);
  return { ...changing(edit, { cells, images, writes: [taking(row.key)] }), late };
}

/** Timelines of a collection's images, oldest first. */
export function membersAfter(db: Readable, key: number, after: number, limit: number): number[] {
  const sql = 'SELECT timeline FROM collection_images WHERE collection = ? AND timeline > ? ORDER BY timeline LIMIT ?';
  return prepare<[number, number, number], { timeline: number }>(db, sql)
    .all(key, after, limit)
    .map(({ timeline }) => timeline);
}

function changing(edit: OrderEdit & { name: string }, rest: Partial<Plan> & Pick<Plan, 'cells'>): Plan {
  return { edit, names: [edit.name], aspects: ['collections'], images: [], writes: [], ...rest };
}

function cellOf({ key }: CollectionRow, before: Columns, after: Columns): NameCell {
  return { table: 'collections', key, before, after };
}

function requireName(typed: string): string {
  const name = cleanName(typed);
  if (name === '') throw refused('A collection needs a name.', 'name');
  if (foldText(name).trim() === '') throw refused('A collection’s name needs a letter, a number or a symbol.', 'name');
  if (name.length > MAX_NAME_LENGTH)
    throw refused(`A collection’s name has at most ${MAX_NAME_LENGTH} characters.`, 'name');
  if (isReserved(name))
    throw refused(
      `A collection can’t be called “${name}”: searches use this word for images without a collection.`,
      'name',
    );
  return name;
}

function requireFree(db: Readable, name: string, own: number | null): void {
  const twin = findCollectionNamed(db, name);
  if (twin && twin.key !== own) throw refused(`There is already a collection “${twin.name}”.`, 'name');
}

function requireParent(db: Readable, id: CollectionId): CollectionRow {
  const parent = findCollection(db, id);
  if (!parent) throw gone('The collection above it is no longer in the library.');
  if (parent.parent === null) return parent;
  throw refused(`“${parent.name}” is itself below another collection. Collections are nested one level deep.`);
}

function newParent(db: Readable, row: CollectionRow, parentId: CollectionId | null | undefined): number | null {
  if (parentId === undefined) return row.parent;
  if (parentId === null) return null;
  const parent = requireParent(db, parentId);
  if (parent.key === row.key) throw refused('A collection can’t be put below itself.');
  if (siblings(db, row.key).length > 0)
    throw refused(`“${row.name}” has collections below it. Collections are nested one level deep.`);
  return parent.key;
}

function newCover(db: Readable, row: CollectionRow, coverId: ImageId | null | undefined): number | null {
  if (coverId === undefined) return row.cover;
  if (coverId === null) return null;
  const sql = 'SELECT timeline FROM images WHERE id = ?';
  const image = prepare<[string], { timeline: number }>(db, sql).get(coverId);
  if (image) return image.timeline;
  throw gone('This image is no longer in the library.');
}

function newQuery(db: Readable, row: CollectionRow, query: string | null | undefined): string | null {
  if (query === undefined) return row.query;
  if (query !== null && row.query === null && membersAfter(db, row.key, -1, 1).length > 0)
    throw refused(`“${row.name}” has images of its own, so it can’t become a smart collection.`);
  return query;
}

/** Collections below one (or at the top), in their order. */
function siblings(db: Readable, parent: number | null): CollectionRow[] {
  const sql = 'SELECT * FROM collections WHERE coalesce(parent, 0) = ? ORDER BY position, key';
  return prepare<[number], CollectionRow>(db, sql).all(parent ?? 0);
}

/** New positions among the collections of a parent. There are few, so all are numbered again. */
function placing(
  db: Readable,
  row: CollectionRow,
  parent: number | null,
  before: CollectionId | null | undefined,
): NameCell[] {
  if (before === undefined && parent === row.parent) return [];
  const others = siblings(db, parent).filter(({ key }) => key !== row.key);
  const found = others.findIndex(({ id }) => id === before);
  const ordered = others.toSpliced(found === -1 ? others.length : found, 0, row);
  return ordered.flatMap((each, at) =>
    each.position === at + 1 ? [] : [cellOf(each, { position: each.position }, { position: at + 1 })],
  );
}

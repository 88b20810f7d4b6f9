import type { Collection } from '../../contract/entities/collections.ts';
import type { CollectionId, ImageId } from '../../contract/entities/ids.ts';
import { prepare, type Readable } from '../db/database.ts';

/* Images in the trash stay in their collections, but aren't counted. */
const COLLECTIONS = `SELECT c.key, c.id, c.name, c.parent, p.id AS parent_id, cover.id AS cover_id, c.query, c.images
  FROM collections c LEFT JOIN collections p ON p.key = c.parent LEFT JOIN images cover ON cover.timeline = c.cover`;

interface Row {
  key: number;
  id: CollectionId;
  name: string;
  parent: number | null;
  parent_id: CollectionId | null;
  cover_id: ImageId | null;
  query: string | null;
  images: number;
}

/** All collections in their order, those below others right after them. */
export function listCollections(db: Readable): Collection[] {
  const rows = prepare<[], Row>(db, `${COLLECTIONS} ORDER BY c.position, c.key`).all();
  const below = (key: number): Row[] => rows.filter(({ parent }) => parent === key);
  return rows
    .filter(({ parent }) => parent === null)
    .flatMap((row) => [row, ...below(row.key)])
    .map(toCollection);
}

/** @returns null for none */
export function readCollection(db: Readable, id: CollectionId): Collection | null {
  const row = prepare<[string], Row>(db, `${COLLECTIONS} WHERE c.id = ?`).get(id);
  return row ? toCollection(row) : null;
}

function toCollection(row: Row): Collection {
  const { id, name, query } = row;
  return {
    id,
    name,
    parentId: row.parent_id,
    coverId: row.cover_id,
    query,
    images: query === null ? row.images : null,
  };
}

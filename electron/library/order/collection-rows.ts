import type { CollectionId } from '../../contract/entities/ids.ts';
import { prepare, type Readable } from '../db/database.ts';
import { gone, refused } from './refusal.ts';

export interface CollectionRow {
  key: number;
  id: CollectionId;
  name: string;
  parent: number | null;
  position: number;
  cover: number | null;
  query: string | null;
  created_at: number;
}

export function findCollection(db: Readable, id: CollectionId): CollectionRow | null {
  return prepare<[string], CollectionRow>(db, 'SELECT * FROM collections WHERE id = ?').get(id) ?? null;
}

/** @throws StudioError `not-found` */
export function requireCollection(db: Readable, id: CollectionId): CollectionRow {
  const row = findCollection(db, id);
  if (row) return row;
  throw gone('This collection is no longer in the library.');
}

/** A collection with images of its own. @throws StudioError `not-found`; `parameter-invalid` for a smart one */
export function requireManual(db: Readable, id: CollectionId): CollectionRow {
  const row = requireCollection(db, id);
  if (row.query === null) return row;
  throw refused(`“${row.name}” is a smart collection: it has the images that match its query.`);
}

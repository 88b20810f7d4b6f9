import type { ImageTag } from '../../contract/entities/annotations.ts';
import type { TagId } from '../../contract/entities/ids.ts';
import { prepare, type Readable } from '../db/database.ts';
import { gone } from './refusal.ts';

export interface TagRow {
  key: number;
  id: TagId;
  parent: number | null;
  name: string;
  folded: string;
  created_at: number;
}

/** @throws StudioError `not-found` */
export function requireTag(db: Readable, id: TagId): TagRow {
  const row = prepare<[string], TagRow>(db, 'SELECT * FROM tags WHERE id = ?').get(id);
  if (row) return row;
  throw gone('This tag is no longer in the library.');
}

export function findTag(db: Readable, parent: number | null, folded: string): TagRow | null {
  const sql = 'SELECT * FROM tags WHERE coalesce(parent, 0) = ? AND folded = ?';
  return prepare<[number, string], TagRow>(db, sql).get(parent ?? 0, folded) ?? null;
}

/** A tag and those above it, from the top: `client/acme`. */
export function tagPath(db: Readable, key: number): string {
  const sql = `WITH RECURSIVE up (path, parent) AS (
      SELECT name, parent FROM tags WHERE key = ?
      UNION ALL SELECT p.name || '/' || up.path, p.parent FROM up JOIN tags p ON p.key = up.parent
    ) SELECT path FROM up WHERE parent IS NULL`;
  return prepare<[number], Pick<ImageTag, 'path'>>(db, sql).get(key)?.path ?? '';
}

/** A tag and all below it, parents before what is below them. */
export function tagsFrom(db: Readable, key: number): TagRow[] {
  const sql = `WITH RECURSIVE down (key, depth) AS (
      SELECT ?, 0 UNION ALL SELECT t.key, down.depth + 1 FROM down JOIN tags t ON t.parent = down.key
    ) SELECT t.* FROM down JOIN tags t USING (key) ORDER BY down.depth, t.key`;
  return prepare<[number], TagRow>(db, sql).all(key);
}

export function tagsBelow(db: Readable, parent: number): TagRow[] {
  return prepare<[number], TagRow>(db, 'SELECT * FROM tags WHERE parent = ? ORDER BY key').all(parent);
}

/** The next key that `tags` or `collections` gives. */
export function nextKey(db: Readable, table: 'tags' | 'collections'): number {
  const sql = 'SELECT seq FROM sqlite_sequence WHERE name = ?';
  return (prepare<[string], { seq: number }>(db, sql).get(table)?.seq ?? 0) + 1;
}

/** Timelines of images with any of these tags, oldest first. @param limit the most at once */
export function imagesWithTags(db: Readable, keys: readonly number[], after: number, limit: number): number[] {
  const sql = `SELECT DISTINCT m.timeline FROM json_each(?) k CROSS JOIN image_tags m ON m.tag = k.value
    WHERE m.timeline > ? ORDER BY m.timeline LIMIT ?`;
  return prepare<[string, number, number], { timeline: number }>(db, sql)
    .all(JSON.stringify(keys), after, limit)
    .map(({ timeline }) => timeline);
}

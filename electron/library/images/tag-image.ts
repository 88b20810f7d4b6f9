import { v7 as newId } from 'uuid';
import type { Timestamp } from '../../contract/entities/ids.ts';
import { tagNameProblem, tagPathNames } from '../../contract/rules/tag-names.ts';
import { prepare, type Readable, type Writable } from '../db/database.ts';
import { foldText } from './fold-text.ts';

/** Gives an image a tag by its path, `client/acme`, and creates what doesn't exist of it. A path that can't be a tag's is left out. */
export function tagImage(db: Writable, timeline: number, path: string, at: Timestamp): void {
  const names = tagPathNames(path).map((name) => ({ name, folded: foldText(name).trim() }));
  if (names.some(({ name, folded }) => folded === '' || tagNameProblem(name) !== null)) return;
  let key: number | null = null;
  for (const { name, folded } of names) key = findTag(db, key, folded) ?? insertTag(db, key, { name, folded, at });
  if (key === null) return;
  const sql = 'INSERT OR IGNORE INTO image_tags (tag, timeline) VALUES (?, ?)';
  prepare<[number, number]>(db, sql).run(key, timeline);
}

function findTag(db: Readable, parent: number | null, folded: string): number | null {
  const sql = 'SELECT key FROM tags WHERE coalesce(parent, 0) = ? AND folded = ?';
  return prepare<[number, string], { key: number }>(db, sql).get(parent ?? 0, folded)?.key ?? null;
}

function insertTag(
  db: Writable,
  parent: number | null,
  { name, folded, at }: { name: string; folded: string; at: Timestamp },
): number {
  const sql = 'INSERT INTO tags (id, parent, name, folded, created_at) VALUES (?, ?, ?, ?, ?)';
  const binds = [newId(), parent, name, folded, at] as const;
  return Number(prepare<[string, number | null, string, string, number]>(db, sql).run(...binds).lastInsertRowid);
}

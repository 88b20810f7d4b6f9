import { prepare, type Readable, type Writable } from '../db/database.ts';
import { putIntoCollection } from '../images/collections.ts';
import { foldText } from '../images/fold-text.ts';
import type { LibraryRecord } from '../sidecars/library-record.ts';
import type { SidecarImage } from '../sidecars/sidecar-image.ts';

/** Tags, collections and saved prompts of the library's record. Covers follow once there are images. */
export function insertLibraryRecord(db: Writable, { tags, collections, saved_prompts: prompts }: LibraryRecord): void {
  for (const { id, name, parent, created_at } of tags)
    insertTag(db, { id, name, parent: parent && keyOf(db, 'tags', parent), at: Date.parse(created_at) });
  for (const { id, name, parent, position, query, created_at } of collections)
    insertCollection(db, {
      id,
      name,
      parent: parent && keyOf(db, 'collections', parent),
      position,
      query,
      at: Date.parse(created_at),
    });
  for (const prompt of prompts) insertSavedPrompt(db, prompt);
}

/** The covers of collections, where the image is there. */
export function insertCovers(db: Writable, { collections }: LibraryRecord): void {
  const sql = 'UPDATE collections SET cover = (SELECT timeline FROM images WHERE id = ?) WHERE id = ?';
  for (const { id, cover } of collections) if (cover !== null) prepare<[string, string]>(db, sql).run(cover, id);
}

/** The key of a tag of an image: by its id, or by its path where the library's record doesn't have it, which then is created. */
function tagKey(db: Writable, { id, path }: { id: string; path: string }, at: number): number {
  const known = keyOf(db, 'tags', id);
  if (known !== null) return known;
  const names = path.split('/').filter((name) => name !== '');
  let parent: number | null = null;
  for (const [depth, name] of names.entries()) {
    const isLast = depth === names.length - 1;
    const there = findTag(db, parent, foldText(name));
    parent = there ?? insertTag(db, { id: isLast ? id : newTagId(db, id, depth), name, parent, at });
  }
  if (parent === null) throw new Error('A tag without a name.');
  return parent;
}

/** The key of a collection of an image; it is created where the library's record doesn't have it. */
function collectionKey(db: Writable, { id, name }: { id: string; name: string }, at: number): number {
  const known = keyOf(db, 'collections', id);
  if (known !== null) return known;
  const sql = 'SELECT key FROM collections WHERE name = ? COLLATE NOCASE';
  const there = prepare<[string], { key: number }>(db, sql).get(name)?.key;
  return there ?? insertCollection(db, { id, name, parent: null, position: 0, query: null, at });
}

/** The tags and collections of an image. */
export function insertMemberships(db: Writable, timeline: number, image: SidecarImage): void {
  const at = Date.parse(image.created_at);
  for (const tag of image.tags)
    prepare<[number, number]>(db, 'INSERT OR IGNORE INTO image_tags (tag, timeline) VALUES (?, ?)').run(
      tagKey(db, tag, at),
      timeline,
    );
  for (const entry of image.collections)
    putIntoCollection(db, {
      key: collectionKey(db, entry, at),
      timeline,
      position: entry.position ?? null,
      at: entry.added_at == null ? at : Date.parse(entry.added_at),
    });
}

function keyOf(db: Readable, table: 'tags' | 'collections', id: string): number | null {
  return prepare<[string], { key: number }>(db, `SELECT key FROM ${table} WHERE id = ?`).get(id)?.key ?? null;
}

function findTag(db: Readable, parent: number | null, folded: string): number | null {
  const sql = 'SELECT key FROM tags WHERE coalesce(parent, 0) = ? AND folded = ?';
  return prepare<[number, string], { key: number }>(db, sql).get(parent ?? 0, folded)?.key ?? null;
}

/** An id for a tag above one that is only known by its path: the same wherever that is read first. */
function newTagId(db: Readable, id: string, depth: number): string {
  for (let number = depth; ; number += 1) {
    const candidate =
      id.slice(0, -4) + ((Number.parseInt(id.slice(-4), 16) + number + 1) & 0xffff).toString(16).padStart(4, '0');
    if (keyOf(db, 'tags', candidate) === null) return candidate;
  }
}

interface NewTag {
  id: string;
  name: string;
  parent: number | null;
  at: number;
}

function insertTag(db: Writable, { id, name, parent, at }: NewTag): number {
  const sql = 'INSERT INTO tags (id, parent, name, folded, created_at) VALUES (?, ?, ?, ?, ?)';
  const { lastInsertRowid } = prepare<[string, number | null, string, string, number]>(db, sql).run(
    id,
    parent,
    name,
    foldText(name),
    at,
  );
  return Number(lastInsertRowid);
}

interface NewCollection extends NewTag {
  position: number;
  query: string | null;
}

function insertCollection(db: Writable, { id, name, parent, position, query, at }: NewCollection): number {
  const sql = 'INSERT INTO collections (id, name, parent, position, query, created_at) VALUES (?, ?, ?, ?, ?, ?)';
  const { lastInsertRowid } = prepare<[string, string, number | null, number, string | null, number]>(db, sql).run(
    id,
    name,
    parent,
    position,
    query,
    at,
  );
  return Number(lastInsertRowid);
}

function insertSavedPrompt(db: Writable, prompt: LibraryRecord['saved_prompts'][number]): void {
  const { id, name, tags, created_at, changed_at, deleted_at, versions } = prompt;
  const sql = 'INSERT INTO saved_prompts VALUES (?, ?, ?, ?, ?, ?)';
  prepare<[string, string, string, number, number, number | null]>(db, sql).run(
    id,
    name,
    JSON.stringify(tags),
    Date.parse(created_at),
    Date.parse(changed_at),
    deleted_at === null ? null : Date.parse(deleted_at),
  );
  for (const each of versions)
    prepare<[string, number, string, number]>(db, 'INSERT INTO prompt_versions VALUES (?, ?, ?, ?)').run(
      id,
      each.version,
      each.text,
      Date.parse(each.created_at),
    );
}

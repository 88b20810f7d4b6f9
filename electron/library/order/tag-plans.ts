import { v7 as newId } from 'uuid';
import type { Edit } from '../../contract/entities/changes.ts';
import type { Timestamp } from '../../contract/entities/ids.ts';
import { tagNameProblem, tagPathNames } from '../../contract/rules/tag-names.ts';
import { prepare, type Readable } from '../db/database.ts';
import { foldText } from '../images/fold-text.ts';
import type { NameCell } from './name-cells.ts';
import { insertCells, type CellWriter, type Plan, type Timelines } from './plan.ts';
import { refused } from './refusal.ts';
import { findTag, nextKey, tagPath } from './tag-rows.ts';

/** A name as names are compared. @throws StudioError `parameter-invalid` if it can't be a tag's */
export function foldName(name: string): string {
  const folded = foldText(name).trim();
  const problem = tagNameProblem(name) ?? (folded === '' ? 'A tag’s name needs a letter, a number or a symbol.' : null);
  if (problem !== null) throw refused(problem, 'name');
  return folded;
}

/** Gives tags to images and takes others from them; tags that don't exist are created, with those above them. */
export function planTagging(
  db: Readable,
  edit: Extract<Edit, { kind: 'tag' }>,
  images: Timelines,
  at: Timestamp,
): Plan {
  const news = new NewTags(db, at);
  const added = edit.add.map((path) => news.keyOf(path));
  const add = new Set(added.map(({ key }) => key));
  const taken = edit.remove.flatMap((id) => {
    const tag = prepare<[string], { key: number }>(db, 'SELECT key FROM tags WHERE id = ?').get(id);
    return tag && !add.has(tag.key) ? [{ key: tag.key, path: tagPath(db, tag.key) }] : [];
  });
  const names = [...new Set([...added, ...taken].map(({ path }) => path))];
  const writes = [toggling([...add], [...new Set(taken.map(({ key }) => key))])];
  return { edit, names, aspects: ['tags'], cells: news.cells, images, writes };
}

/** Gives `add` to images that don't have them, and takes `remove` from those that do. */
export function toggling(add: readonly number[], remove: readonly number[]): CellWriter {
  const [only] = [...add.map((key) => ({ key, had: 0 })), ...remove.map((key) => ({ key, had: 1 }))];
  if (only && add.length + remove.length === 1) return togglingOne(only);
  const sql = insertCells(
    "json_object('tags', json_group_array(json_array(t.key, t.had, 1 - t.had)))",
    `CROSS JOIN (SELECT value AS key, 0 AS had FROM json_each(:add) UNION ALL SELECT value, 1 FROM json_each(:remove)) t
      WHERE t.had = EXISTS (SELECT 1 FROM image_tags m WHERE m.tag = t.key AND m.timeline = i.timeline) GROUP BY i.timeline`,
  );
  return { sql, values: { add: JSON.stringify(add), remove: JSON.stringify(remove) } };
}

/** The same for the usual case, in two thirds of the time. */
function togglingOne({ key, had }: { key: number; had: number }): CellWriter {
  const sql = insertCells(
    "json_object('tags', json_array(json_array(:key, :had, 1 - :had)))",
    'WHERE :had = EXISTS (SELECT 1 FROM image_tags m WHERE m.tag = :key AND m.timeline = i.timeline)',
  );
  return { sql, values: { key, had } };
}

/** Tags that a path names and that don't exist yet. */
class NewTags {
  readonly cells: NameCell[] = [];
  readonly #db: Readable;
  readonly #at: Timestamp;
  readonly #made = new Map<string, { key: number; path: string }>();

  constructor(db: Readable, at: Timestamp) {
    this.#db = db;
    this.#at = at;
  }

  /** @throws StudioError `parameter-invalid` */
  keyOf(path: string): { key: number; path: string } {
    let above: { key: number; path: string } | null = null;
    for (const name of tagPathNames(path)) above = this.#below(above, name);
    if (!above) throw refused('A tag needs a name.', 'name');
    return above;
  }

  #below(above: { key: number; path: string } | null, name: string): { key: number; path: string } {
    const folded = foldName(name);
    const prefix = above === null ? '' : `${above.path}/`;
    const found = findTag(this.#db, above?.key ?? null, folded);
    if (found) return { key: found.key, path: prefix + found.name };
    const place = `${above?.key ?? 0}/${folded}`;
    const made = this.#made.get(place) ?? { key: nextKey(this.#db, 'tags') + this.cells.length, path: prefix + name };
    if (!this.#made.has(place)) {
      const after = { id: newId(), parent: above?.key ?? null, name, folded, created_at: this.#at };
      this.cells.push({ table: 'tags', key: made.key, before: null, after });
      this.#made.set(place, made);
    }
    return made;
  }
}

import type { OrderEdit } from '../../contract/entities/changes.ts';
import type { TagId } from '../../contract/entities/ids.ts';
import { cleanName } from '../../contract/rules/tag-names.ts';
import type { Readable } from '../db/database.ts';
import type { NameCell } from './name-cells.ts';
import { readColumns } from './name-cells.ts';
import { insertCells, type CellWriter, type Plan, type Timelines } from './plan.ts';
import { refused } from './refusal.ts';
import { renamedQueries } from './saved-queries.ts';
import { foldName, toggling } from './tag-plans.ts';
import { findTag, imagesWithTags, requireTag, tagPath, tagsBelow, tagsFrom, type TagRow } from './tag-rows.ts';

/** @throws StudioError `not-found`; `parameter-invalid` if there is a tag of that name beside it, or it can't be a name */
export function planTagRename(db: Readable, tagId: TagId, typed: string): Plan {
  const tag = requireTag(db, tagId);
  const name = cleanName(typed);
  const folded = foldName(name);
  requireFree(db, tag, tag.parent, folded);
  const before = { name: tag.name, folded: tag.folded };
  const from = tagPath(db, tag.key);
  const path = [...from.split('/').slice(0, -1), name].join('/');
  const { cells, ...rest } = renamedQueries(db, { field: 'tag', from, to: path });
  const own: NameCell = { table: 'tags', key: tag.key, before, after: { name, folded } };
  return naming({ kind: 'tag-rename', tagId, from, to: name, ...rest }, [own, ...cells]);
}

/** Puts a tag below another one or at the top. @throws StudioError `not-found`, `parameter-invalid` */
export function planTagMove(db: Readable, tagId: TagId, parentId: TagId | null): Plan {
  const tag = requireTag(db, tagId);
  const parent = parentId === null ? null : requireTag(db, parentId);
  if (parent && tagsFrom(db, tag.key).some(({ key }) => key === parent.key))
    throw refused(`“${tag.name}” can’t be moved below itself.`);
  requireFree(db, tag, parent?.key ?? null, tag.folded);
  const path = parent ? `${tagPath(db, parent.key)}/${tag.name}` : tag.name;
  const [before, after] = [{ parent: tag.parent }, { parent: parent?.key ?? null }];
  const from = tagPath(db, tag.key);
  const { cells, ...rest } = renamedQueries(db, { field: 'tag', from, to: path });
  return naming({ kind: 'tag-move', tagId, path, from, ...rest }, [
    { table: 'tags', key: tag.key, before, after },
    ...cells,
  ]);
}

/** Images that a merge or a removal concerns are those with any of these tags. */
export interface TagsPlan {
  keys: number[];
  plan(images: Timelines): Plan;
}

/** Gives the images of a tag another one in its place. Tags below it move along, and merge where there is one of their name. */
export function planTagMerge(db: Readable, tagId: TagId, intoId: TagId): TagsPlan {
  const [tag, into] = [requireTag(db, tagId), requireTag(db, intoId)];
  if (tagsFrom(db, tag.key).some(({ key }) => key === into.key))
    throw refused(`“${tag.name}” can’t be merged into itself or into a tag below it.`);
  const merges = listMerges(db, tag, into, tag);
  const [from, to] = [tagPath(db, tag.key), tagPath(db, into.key)];
  const { cells: queries, ...rest } = renamedQueries(db, { field: 'tag', from, to });
  const edit: OrderEdit = { kind: 'tag-merge', tagId, from, into: to, ...rest };
  const keys = merges.pairs.map(([from]) => from.key);
  const cells = [...merges.pairs.map(([merged]) => removal(db, merged)), ...merges.moves, ...queries];
  const writes = [replacing(merges.pairs.map(([from, to]) => [from.key, to.key]))];
  return { keys, plan: (images) => tagging(db, edit, { cells, images, writes, keys }) };
}

/** Takes a tag, and all below it, from all images. */
export function planTagRemoval(db: Readable, tagId: TagId): TagsPlan {
  const tag = requireTag(db, tagId);
  const rows = tagsFrom(db, tag.key);
  const keys = rows.map(({ key }) => key);
  const edit: OrderEdit = { kind: 'tag-remove', tagId, path: tagPath(db, tag.key) };
  const cells = rows.map((row) => removal(db, row));
  return { keys, plan: (images) => tagging(db, edit, { cells, images, writes: [toggling([], keys)], keys }) };
}

function naming(edit: OrderEdit, cells: NameCell[]): Plan {
  return { edit, names: [], aspects: [], cells, images: [], writes: [] };
}

function tagging(
  db: Readable,
  edit: OrderEdit,
  { keys, ...rest }: Pick<Plan, 'cells' | 'images' | 'writes'> & { keys: number[] },
): Plan {
  return { edit, names: [], aspects: ['tags'], ...rest, late: () => imagesWithTags(db, keys, -1, LATE) };
}
/** Images that got a tag while it was being removed are few. */
const LATE = 10_000;

function requireFree(db: Readable, tag: TagRow, parent: number | null, folded: string): void {
  const other = findTag(db, parent, folded);
  if (other && other.key !== tag.key)
    throw refused(`There is already a tag “${tagPath(db, other.key)}”. Merge the two instead.`, 'name');
}

function removal(db: Readable, { key }: TagRow): NameCell {
  return { table: 'tags', key, before: readColumns(db, 'tags', key), after: null };
}

interface Merges {
  pairs: [from: TagRow, into: TagRow][];
  moves: NameCell[];
}

function listMerges(db: Readable, from: TagRow, into: TagRow, root: TagRow): Merges {
  const merges: Merges = { pairs: [[from, into]], moves: [] };
  for (const child of tagsBelow(db, from.key)) {
    const twin = findTag(db, into.key, child.folded);
    if (twin?.key === root.key)
      throw refused(`“${tagPath(db, child.key)}” has the name of the tag above it. Rename it first.`);
    if (twin) {
      const below = listMerges(db, child, twin, root);
      merges.pairs.push(...below.pairs);
      merges.moves.push(...below.moves);
    } else {
      const [before, after] = [{ parent: from.key }, { parent: into.key }];
      merges.moves.push({ table: 'tags', key: child.key, before, after });
    }
  }
  return merges;
}

/** Takes the first tag of each pair from images that have it, and gives them the second one if they don't have that. */
function replacing(pairs: readonly [number, number][]): CellWriter {
  const has = (tag: string): string =>
    `EXISTS (SELECT 1 FROM image_tags m WHERE m.tag = ${tag} AND m.timeline = i.timeline)`;
  const sql = insertCells(
    "json_object('tags', json_group_array(json_array(t.key, t.had, 1 - t.had)))",
    `CROSS JOIN (SELECT json_extract(value, '$[0]') AS key, 1 AS had, 0 AS source FROM json_each(:pairs)
        UNION SELECT json_extract(value, '$[1]'), 0, json_extract(value, '$[0]') FROM json_each(:pairs)) t
      WHERE CASE t.had WHEN 1 THEN ${has('t.key')} ELSE ${has('t.source')} AND NOT ${has('t.key')} END GROUP BY i.timeline`,
  );
  return { sql, values: { pairs: JSON.stringify(pairs) } };
}

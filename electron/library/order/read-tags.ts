import type { Tag } from '../../contract/entities/annotations.ts';
import { prepare, type Readable } from '../db/database.ts';
import type { TagRow } from './tag-rows.ts';

type Counted = TagRow & { images: number };
/** All tags, by path, with the number of images outside the trash that have each or one below it. */
export function listTags(db: Readable): Tag[] {
  const below = new Map<number, Counted[]>();
  for (const row of prepare<[], Counted>(db, 'SELECT * FROM tags').all()) {
    const siblings = below.get(row.parent ?? 0);
    if (siblings) siblings.push(row);
    else below.set(row.parent ?? 0, [row]);
  }
  const tags: Tag[] = [];
  const list = (parent: number, above: Tag | null): Counted[] =>
    (below.get(parent) ?? [])
      .sort((a, b) => (a.folded < b.folded ? -1 : 1))
      .flatMap((row) => {
        const path = above === null ? row.name : `${above.path}/${row.name}`;
        const tag: Tag = { id: row.id, parentId: above?.id ?? null, name: row.name, path, images: row.images };
        tags.push(tag);
        const counted = [...(row.images > 0 ? [row] : []), ...list(row.key, tag)];
        tag.images = countAny(db, counted);
        return counted;
      });
  list(0, null);
  return tags;
}

/** Images with any of these tags. */
function countAny(db: Readable, tags: readonly Counted[]): number {
  if (tags.length <= 1) return tags[0]?.images ?? 0;
  const sql = `SELECT count(DISTINCT m.timeline) AS n FROM json_each(?) k CROSS JOIN image_tags m ON m.tag = k.value
    CROSS JOIN images i ON i.timeline = m.timeline WHERE i.deleted_at IS NULL`;
  return prepare<[string], { n: number }>(db, sql).get(JSON.stringify(tags.map(({ key }) => key)))?.n ?? 0;
}

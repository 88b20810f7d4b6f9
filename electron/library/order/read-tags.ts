import { setImmediate } from 'node:timers/promises';
import type { Tag } from '../../contract/entities/annotations.ts';
import type { TagId } from '../../contract/entities/ids.ts';
import { prepare, type Readable } from '../db/database.ts';
import { countTagged, type CountedTag } from './count-tagged.ts';

interface ListedRow extends CountedTag {
  id: TagId;
  parent: number | null;
  name: string;
}

/** All tags, by path, with the number of images outside the trash that have each or one below it. */
export async function listTags(db: Readable): Promise<Tag[]> {
  // The order of the unique index, so nothing is sorted.
  const sql = 'SELECT key, id, parent, name, images FROM tags ORDER BY coalesce(parent, 0), folded';
  const below = Map.groupBy(prepare<[], ListedRow>(db, sql).all(), ({ parent }) => parent ?? 0);
  await setImmediate();
  const tags: Tag[] = [];
  /** Tags that several tags count for, with these. */
  const shared: { tag: Tag; counted: CountedTag[] }[] = [];
  const list = (rows: readonly ListedRow[], above: Tag | null, counting: CountedTag[]): void => {
    for (const row of rows) {
      const path = above === null ? row.name : `${above.path}/${row.name}`;
      const tag: Tag = { id: row.id, parentId: above?.id ?? null, name: row.name, path, images: row.images };
      tags.push(tag);
      const children = below.get(row.key);
      const counted: CountedTag[] = row.images > 0 ? [row] : [];
      if (children) list(children, tag, counted);
      if (counted.length > 1) shared.push({ tag, counted });
      else tag.images = counted[0]?.images ?? 0;
      for (const each of counted) counting.push(each);
    }
  };
  list(below.get(0) ?? [], null, []);
  for (const { tag, counted } of shared) tag.images = await countTagged(db, counted);
  return tags;
}

import type { CollectionId, TagId } from '../../contract/entities/ids.ts';
import { prepare, type Readable } from '../db/database.ts';
import { foldText } from '../images/fold-text.ts';

interface IndexedTag {
  key: number;
  id: TagId;
  path: string;
  folded: string;
  foldedPath: string;
  /** Its key and those of all tags below it. */
  below: number[];
}

interface IndexedCollection {
  key: number;
  id: CollectionId;
  name: string;
  folded: string;
  /** What makes it smart, or null. */
  query: string | null;
  /** Its key and those of collections below it. */
  below: number[];
}

/** The names of all tags and collections. */
export interface OrderNames {
  tags: Map<number, IndexedTag>;
  tagsByPath: Map<string, IndexedTag>;
  collections: Map<number, IndexedCollection>;
}

interface TagRow {
  key: number;
  id: TagId;
  parent: number | null;
  name: string;
  folded: string;
}

interface CollectionRow {
  key: number;
  id: CollectionId;
  parent: number | null;
  name: string;
  query: string | null;
}

export function readOrderNames(db: Readable): OrderNames {
  const tags = tagsOf(prepare<[], TagRow>(db, 'SELECT key, id, parent, name, folded FROM tags').all());
  const rows = prepare<[], CollectionRow>(db, 'SELECT key, id, parent, name, query FROM collections').all();
  const collections = new Map(
    rows.map((row): [number, IndexedCollection] => {
      const { key, id, name, query } = row;
      return [key, { key, id, name, query, folded: foldText(name), below: [key] }];
    }),
  );
  for (const { key, parent } of rows) if (parent !== null) collections.get(parent)?.below.push(key);
  return { tags, tagsByPath: new Map([...tags.values()].map((tag) => [tag.foldedPath, tag])), collections };
}

/** No tag is deeper; it ends what a damaged library makes circular. */
const MAX_DEPTH = 50;

function tagsOf(rows: readonly TagRow[]): Map<number, IndexedTag> {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const tags = new Map(
    rows.map(({ key, id, folded }) => [key, { key, id, folded, path: '', foldedPath: '', below: [] as number[] }]),
  );
  for (const row of rows) {
    const names: TagRow[] = [];
    for (let at: TagRow | undefined = row; at && names.length < MAX_DEPTH; at = byKey.get(at.parent ?? -1)) {
      names.unshift(at);
      tags.get(at.key)?.below.push(row.key);
    }
    const tag = tags.get(row.key);
    if (!tag) continue;
    tag.path = names.map(({ name }) => name).join('/');
    tag.foldedPath = names.map(({ folded }) => folded).join('/');
  }
  return tags;
}

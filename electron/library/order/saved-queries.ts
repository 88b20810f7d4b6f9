import { withRenamedValues } from '../../contract/query/edit-query.ts';
import { prepare, type Readable } from '../db/database.ts';
import { foldTagPath, foldText } from '../images/fold-text.ts';
import type { NameCell } from './name-cells.ts';

/*
 * Smart collections name tags and collections. A rename, a move or a merge changes their queries too, in the same change, so that they go on
 * finding the same images, and undoing it changes them back. A removed tag stays in them: the search box says that it is gone.
 */

/** @param from a tag's path, @param to the one that it will have, or that of the tag which takes its place; tags below it go with it */
export function renamingTag(db: Readable, from: string, to: string): NameCell[] {
  const folded = foldTagPath(from);
  const depth = from.split('/').length;
  return renaming(db, 'tag', (path) => {
    const wanted = foldTagPath(path);
    if (wanted !== folded && !wanted.startsWith(`${folded}/`)) return path;
    return [to, ...path.split('/').slice(depth)].join('/');
  });
}

/** @param except the key of a collection whose query is left as it is */
export function renamingCollection(db: Readable, from: string, to: string, except: number | null): NameCell[] {
  const folded = foldText(from);
  const cells = renaming(db, 'in', (name) => (foldText(name) === folded ? to : name));
  return cells.filter(({ key }) => key !== except);
}

function renaming(db: Readable, field: 'tag' | 'in', rename: (value: string) => string): NameCell[] {
  const sql = 'SELECT key, query FROM collections WHERE query IS NOT NULL ORDER BY key';
  return prepare<[], { key: number; query: string }>(db, sql)
    .all()
    .flatMap(({ key, query }): NameCell[] => {
      const renamed = withRenamedValues(query, field, rename);
      if (renamed === query) return [];
      return [{ table: 'collections', key, before: { query }, after: { query: renamed }, follows: true }];
    });
}

import { withRenamed, type Renamed } from '../../contract/query/rename-names.ts';
import { prepare, type Readable } from '../db/database.ts';
import type { NameCell } from './name-cells.ts';

/*
 * Smart collections name tags and collections. A rename, a move or a merge changes their queries too, in the same change, so that they go on
 * finding the same images, and undoing it changes them back. A removed tag stays in them: the search box says that it is gone.
 */

/** What a rename does to saved queries. */
export interface RenamedQueries {
  cells: NameCell[];
  /** Names of smart collections whose query would be too long: it keeps the old name. */
  tooLong?: string[];
}

/** @param except the key of a collection whose query is left as it is */
export function renamedQueries(db: Readable, renamed: Renamed, except: number | null = null): RenamedQueries {
  const sql = 'SELECT key, name, query FROM collections WHERE query IS NOT NULL ORDER BY key';
  const cells: NameCell[] = [];
  const tooLong: string[] = [];
  for (const { key, name, query } of prepare<[], { key: number; name: string; query: string }>(db, sql).all()) {
    if (key === except) continue;
    const after = withRenamed(query, renamed);
    if (after === null) tooLong.push(name);
    else if (after !== query)
      cells.push({ table: 'collections', key, before: { query }, after: { query: after }, follows: true });
  }
  return tooLong.length === 0 ? { cells } : { cells, tooLong };
}

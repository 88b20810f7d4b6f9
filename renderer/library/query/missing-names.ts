import type { Query } from '../../../electron/contract/entities/query.ts';
import { foldTagPath, foldText } from '../../../electron/contract/query/fold-text.ts';
import { NONE } from '../../../electron/contract/query/fields.ts';
import type { NamedLists } from './search-suggestions.ts';

/**
 * A sentence for each tag and collection that a query names and that doesn't exist: a saved query may outlive them.
 * @returns [] where all exist, or the lists aren't known yet
 */
export function missingNames({ filters }: Query, { tags, collections, isLoaded }: NamedLists): string[] {
  if (!isLoaded) return [];
  const paths = new Set(tags.map(({ path }) => foldTagPath(path)));
  const names = new Set(collections.map(({ name }) => foldText(name)));
  return filters.flatMap((filter) => {
    if (filter.field !== 'tag' && filter.field !== 'in') return [];
    const [known, kind, fold] =
      filter.field === 'tag' ? ([paths, 'tag', foldTagPath] as const) : ([names, 'collection', foldText] as const);
    return filter.values
      .filter((value) => value !== NONE && !known.has(fold(value)))
      .map((value) => `The ${kind} “${value}” doesn’t exist. It may have been renamed or removed.`);
  });
}

import type { Query } from '../../../electron/contract/entities/query.ts';
import { NONE } from '../../../electron/contract/query/fields.ts';
import type { NamedLists } from './search-suggestions.ts';

/**
 * A sentence for each tag and collection that a query names and that doesn't exist: a saved query may outlive them.
 * @returns [] where all exist, or the lists aren't known yet
 */
export function missingNames({ filters }: Query, { tags, collections, isLoaded }: NamedLists): string[] {
  if (!isLoaded) return [];
  const paths = new Set(tags.map(({ path }) => fold(path)));
  const names = new Set(collections.map(({ name }) => fold(name)));
  return filters.flatMap((filter) => {
    if (filter.field !== 'tag' && filter.field !== 'in') return [];
    const [known, kind] = filter.field === 'tag' ? [paths, 'tag'] : [names, 'collection'];
    return filter.values
      .filter((value) => value !== NONE && !known.has(fold(value)))
      .map((value) => `The ${kind} “${value}” doesn’t exist. It may have been renamed or removed.`);
  });
}

function fold(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

import { DuplicateSearches } from '../../library/duplicates/duplicate-search.ts';
import type { HandlerContext, HandlerGroup } from './context.ts';

export function duplicateHandlers({ library, ending }: HandlerContext): HandlerGroup<'duplicates'> {
  const searches = new DuplicateSearches(library, ending);
  return {
    'duplicates.search': ({ again }) => searches.search(again),
    'duplicates.groups': ({ after, limit }) => searches.page(after, limit),
  };
}

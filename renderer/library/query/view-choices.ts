import type { CollectionId } from '../../../electron/contract/entities/ids.ts';
import type { Grouping, Query, Sort, SortBy, Stacking } from '../../../electron/contract/entities/query.ts';

export const SORT_NAMES: Record<SortBy, string> = {
  date: 'Date',
  rating: 'Rating',
  cost: 'Cost',
  size: 'Pixels',
  random: 'Random',
  collection: 'Collection order',
  likeness: 'Similarity',
};

/** Names of descending and ascending order; null where there is one order only. */
export const ORDERS: Record<SortBy, readonly [descending: string, ascending: string] | null> = {
  date: ['Newest first', 'Oldest first'],
  rating: ['Best first', 'Lowest first'],
  cost: ['Most expensive first', 'Cheapest first'],
  size: ['Largest first', 'Smallest first'],
  random: null,
  collection: null,
  likeness: ['Most similar first', 'Least similar first'],
};

export const GROUPINGS: readonly (readonly [Grouping, string])[] = [
  ['day', 'Day'],
  ['month', 'Month'],
  ['none', 'No groups'],
];

export const STACKINGS: readonly (readonly [Stacking, string])[] = [
  ['none', 'Every image'],
  ['jobs', 'One for each job'],
  ['edits', 'One for each chain of edits'],
];

/** A sort as it is chosen first: largest values in front, a new random order, a collection's first image first. */
export function sortFor(by: SortBy, collectionId: CollectionId | null): Sort {
  if (by === 'random') return { by, descending: true, seed: crypto.getRandomValues(new Uint32Array(1))[0] ?? 0 };
  if (by === 'collection') return { by, descending: false, ...(collectionId === null ? {} : { collectionId }) };
  return { by, descending: true };
}

/** Whether a query asks for what looks like an image. */
export function likenessOf({ filters }: Query): boolean {
  return filters.some((filter) => 'image' in filter && !filter.not);
}

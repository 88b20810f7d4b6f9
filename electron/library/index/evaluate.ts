import type { Query, QueryError } from '../../contract/entities/query.ts';
import type { Field } from '../../contract/query/fields.ts';
import { parseQuery } from '../../contract/query/parse-query.ts';
import type { Readable } from '../db/database.ts';
import { allBits, and, bitsWhere, noBits, type Bits } from './bits.ts';
import { STATES } from './columns.ts';
import { filterBits, type FilterContext } from './filters.ts';
import { derive, type IndexData } from './index-data.ts';
import { dayKey, localDays } from './local-days.ts';
import type { TextSearch } from './text-search.ts';

/** What one filter of a query finds. */
interface Part {
  field: Field;
  bits: Bits;
}

/** What a query finds, filter by filter, so that a facet can leave its own out. */
export interface Found {
  query: Query;
  errors: readonly QueryError[];
  /** All images of the place. */
  place: Bits;
  /** Those that have the words. */
  text: Bits;
  byParts: boolean;
  parts: readonly Part[];
}

export type Place = 'library' | 'trash';

/** Smart collections may name each other this deep; a circle ends here, and finds nothing. */
const MAX_DEPTH = 4;

export interface Sources {
  db: Readable;
  data: IndexData;
  text: TextSearch;
  /** The time, ms since 1970. */
  now: number;
}

/** Finds the images of a query's text. */
export function evaluate(sources: Sources, queryText: string, place: Place, depth = 0): Found {
  const { query, errors } = parseQuery(queryText);
  const { columns } = sources.data;
  const context: FilterContext = {
    db: sources.db,
    data: sources.data,
    today: todayOf(sources),
    smart(text) {
      if (depth === 0) return smartBits(sources, text, place);
      return depth >= MAX_DEPTH ? noBits(columns.count) : matching(evaluate(sources, text, place, depth + 1));
    },
  };
  const hits = sources.text.find(sources.data, query.text);
  return {
    query,
    errors,
    place: placeBits(sources.data, place),
    text: hits?.bits ?? allBits(columns.count),
    byParts: hits?.byParts ?? false,
    parts: query.filters.map((filter) => ({ field: filter.field, bits: filterBits(context, filter) })),
  };
}

/** `YYYY-MM-DD`, which relative dates are counted from. */
export function todayOf({ now }: Sources): string {
  return dayKey(localDays()(now * 1024));
}

/** The images of a smart collection's query, found once for each revision. */
export function smartBits(sources: Sources, query: string, place: Place): Bits {
  return derive(sources.data, smartName(sources, query, place), () => matching(evaluate(sources, query, place, 1)));
}

/** Whether {@link smartBits} has them already. */
export function hasSmartBits(sources: Sources, query: string, place: Place): boolean {
  return sources.data.derived.has(smartName(sources, query, place));
}

function smartName(sources: Sources, query: string, place: Place): string {
  return `smart ${place} ${todayOf(sources)} ${query}`;
}

/** The images of a place. */
function placeBits({ columns: { arrays, count } }: IndexData, place: Place): Bits {
  const wanted = place === 'trash' ? STATES.trashed : 0;
  const mask = STATES.trashed | STATES.removed;
  const { state } = arrays;
  return bitsWhere(count, (ordinal) => ((state[ordinal] ?? 0) & mask) === wanted);
}

/** The images that match everything, or everything except the filters of one field. */
export function matching({ place, text, parts }: Found, except?: Field): Bits {
  return parts.filter(({ field }) => field !== except).reduce((bits, part) => and(bits, part.bits), and(place, text));
}

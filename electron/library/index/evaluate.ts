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

/** What the queries of smart collections found while one is asked; null: it is being asked, so it names itself, and finds nothing there. */
type Asked = Map<string, Bits | null>;

export interface Sources {
  db: Readable;
  data: IndexData;
  text: TextSearch;
  /** The time, ms since 1970. */
  now: number;
}

/**
 * Finds the images of a query's text. Smart collections may name each other; each is asked once.
 * @param asked for the query of a smart collection
 */
export function evaluate(sources: Sources, queryText: string, place: Place, asked?: Asked): Found {
  const { query, errors } = parseQuery(queryText);
  const { columns } = sources.data;
  const context: FilterContext = {
    db: sources.db,
    data: sources.data,
    today: todayOf(sources),
    smart(text) {
      if (!asked) return smartBits(sources, text, place);
      const known = asked.get(text);
      if (known !== undefined) return known ?? noBits(columns.count);
      asked.set(text, null);
      const found = matching(evaluate(sources, text, place, asked));
      asked.set(text, found);
      return found;
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
export function todayOf({ now }: Pick<Sources, 'now'>): string {
  return dayKey(localDays()(now * 1024));
}

/** The images of a smart collection's query, found once for each revision. */
export function smartBits(sources: Sources, query: string, place: Place): Bits {
  return derive(sources.data, smartName(sources, query, place), () =>
    matching(evaluate(sources, query, place, new Map([[query, null]]))),
  );
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

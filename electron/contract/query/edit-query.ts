import { MAX_QUERY_LENGTH, type Filter, type ValueField, type ValueFilter } from '../entities/query.ts';
import { parseParts } from './parse-query.ts';
import { printFilter } from './print-query.ts';
import type { Span } from './scan.ts';

/** A query's text without the part at a place, and without the space that it leaves. */
export function withoutPart(text: string, { at, length }: Span): string {
  const before = text.slice(0, at);
  const after = text.slice(at + length);
  if (/\S/u.test(after)) return before + after.replace(/^\s+/u, '');
  return before.replace(/\s+$/u, '');
}

/** A query's text without the filters that match; the rest stays as typed. */
export function withoutFilters(text: string, matches: (filter: Filter) => boolean): string {
  return parseParts(text)
    .parts.filter(({ filter }) => filter !== null && matches(filter))
    .reduceRight((left, part) => withoutPart(left, part), text);
}

/** A query's text with a filter in place of those on the same field with the same sign. A filter without values only removes them. */
export function withFilter(text: string, filter: Filter): string {
  const isSame = ({ field, not }: Filter): boolean => field === filter.field && not === filter.not;
  if ('values' in filter && filter.values.length === 0) return withoutFilters(text, isSame);
  const first = parseParts(text).parts.find((part) => part.filter !== null && isSame(part.filter));
  if (!first) return append(text, printFilter(filter));
  const head = text.slice(0, first.at) + printFilter(filter);
  const tail = withoutFilters(text.slice(first.at + first.length), isSame);
  return head + tail;
}

/** A query's text with one more value of a field (or one more that is excluded); the value is taken from the other sign. */
export function withValue(text: string, filter: ValueFilter): string {
  const { field, values, not } = filter;
  const without = withoutValue(text, { field, values, not: !not });
  const kept = valuesOf(without, field, not);
  return withFilter(without, { field, values: [...new Set([...kept, ...values])], not });
}

/** A query's text without values of a field. */
export function withoutValue(text: string, { field, values, not }: ValueFilter): string {
  const kept = valuesOf(text, field, not).filter((value) => !values.includes(value));
  return withFilter(text, { field, values: kept, not });
}

/** All values of a field in a query's text, of its filters with that sign. */
export function valuesOf(text: string, field: ValueField, not: boolean): string[] {
  return parseParts(text).parts.flatMap(({ filter }) =>
    filter && filter.field === field && filter.not === not && 'values' in filter ? filter.values : [],
  );
}

/**
 * A query's text with other names for a field's values; the rest stays as typed.
 * @param rename the new name of a value, or the value itself
 * @returns null where it would be too long
 */
export function withRenamedValues(text: string, field: ValueField, rename: (value: string) => string): string | null {
  const renamed = parseParts(text).parts.reduceRight((left, { filter, at, length }) => {
    if (!filter || filter.field !== field || !('values' in filter)) return left;
    const values = filter.values.map(rename);
    if (values.every((value, index) => value === filter.values[index])) return left;
    const part = printFilter({ ...filter, values: [...new Set(values)] });
    return left.slice(0, at) + part + left.slice(at + length);
  }, text);
  return renamed !== text && renamed.length > MAX_QUERY_LENGTH ? null : renamed;
}

function append(text: string, part: string): string {
  const before = text.replace(/\s+$/u, '');
  return before === '' ? part : `${before} ${part}`;
}

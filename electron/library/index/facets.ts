import { HAS_VALUES, IS_VALUES, VALUE_FIELDS, type ValueField } from '../../contract/entities/query.ts';
import type { Facet, FacetRange, Facets, FacetValue } from '../../contract/entities/views.ts';
import type { Field } from '../../contract/query/fields.ts';
import { foldText } from '../images/fold-text.ts';
import { and, countBits, gather, ordinalsOf, without, type Bits } from './bits.ts';
import { FLAGS, UNKNOWN_COST, type Arrays, type ColumnName, type Flag, type NamedColumn } from './columns.ts';
import { countLists } from './count-lists.ts';
import { hasSmartBits, matching, smartBits, type Found, type Place, type Sources } from './evaluate.ts';
import { isNamed, isProgramName, propertyBits, sizeName } from './filters.ts';
import type { IndexData } from './index-data.ts';
import { dayKey } from './local-days.ts';
import { MEGABYTE, MICROS } from './range-filters.ts';
import { ratioName } from './sizes.ts';

/** Values that a facet lists, besides those that are chosen. */
const MAX_VALUES = 50;
/** Steps of a range's histogram. */
const STEPS = 24;

/** Facets that are counted: ids aren't listed. */
const FIELDS = VALUE_FIELDS.filter((field) => field !== 'job' && field !== 'stack');
/** How facets with names of their own are read. */
const LABELS: Readonly<Record<string, string>> = { generated: 'Generated', imported: 'Imported' };

/** The longest that facets wait for smart collections whose images aren't found yet, ms. */
const SMART_MS = 10;

/** The counts for the filter panel: each facet's with its own filters left out. */
export function countFacets(sources: Sources, found: Found, place: Place): Facets {
  const { data } = sources;
  const everything = new CountedSet(data, matching(found));
  const filtered = new Map<Field, CountedSet>();
  for (const { field } of found.parts)
    if (!filtered.has(field)) filtered.set(field, new CountedSet(data, matching(found, field)));
  const setFor = (field: Field): CountedSet => filtered.get(field) ?? everything;
  const until = performance.now() + SMART_MS;
  const smart = (query: string): Bits | null =>
    performance.now() < until || hasSmartBits(sources, query, place) ? smartBits(sources, query, place) : null;
  const facets = FIELDS.map((field) =>
    listed(field, countField({ data, smart }, field, setFor(field)), chosen(found, field)),
  );
  return { facets, ranges: countRanges(data, everything, setFor('rating')) };
}

/** A set of images, and how often each code of a column occurs in it, counted once. */
class CountedSet {
  readonly bits: Bits;
  readonly ordinals: Uint32Array;
  readonly #arrays: Arrays;
  readonly #counts = new Map<ColumnName, Uint32Array>();

  constructor({ columns }: IndexData, bits: Bits) {
    this.bits = bits;
    this.ordinals = ordinalsOf(bits);
    this.#arrays = columns.arrays;
  }

  /** By code. @param codes the column has no higher ones */
  counts(column: CodedColumn, codes: number): Uint32Array {
    const known = this.#counts.get(column);
    if (known) return known;
    const counts = new Uint32Array(codes);
    const values = this.#arrays[column];
    const { ordinals } = this;
    for (let index = 0; index < ordinals.length; index += 1) {
      const code = values[ordinals[index] ?? 0] ?? 0;
      counts[code] = (counts[code] ?? 0) + 1;
    }
    this.#counts.set(column, counts);
    return counts;
  }
}

type CodedColumn = NamedColumn | 'size' | 'flags' | 'rating' | 'day';

/** How many images have each value, and how many have none. */
interface Counted {
  values: FacetValue[];
  none: number;
}

interface Counting {
  data: IndexData;
  /** See `countLists`. */
  smart(query: string): Bits | null;
}

function countField({ data, smart }: Counting, field: ValueField, set: CountedSet): Counted {
  const { columns, names } = data;
  if (field === 'source') return countSources(data, set);
  if (isNamed(field)) {
    const { values } = columns.names[field];
    const counts = set.counts(field, 65_536);
    return withoutNone(values.map((name, code) => [name, counts[code] ?? 0]));
  }
  switch (field) {
    case 'size':
      return countSizes(data, set, sizeName);
    case 'ratio':
      return countSizes(data, set, ratioName);
    case 'tag': {
      const labels = [...names.tags.values()].map(({ path, below }) => ({ name: path, below, smart: [] }));
      const values = countLists(columns.count, set.bits, { lists: data.tags, labels, smart });
      return { values, none: countWithout(data, set, 'tag') };
    }
    case 'in': {
      const all = [...names.collections.values()];
      const queryOf = (key: number): string | null => names.collections.get(key)?.query ?? null;
      const labels = all.map(({ name, below }) => ({ name, below, smart: below.flatMap((key) => queryOf(key) ?? []) }));
      const values = countLists(columns.count, set.bits, { lists: data.collections, labels, smart });
      return { values, none: countWithout(data, set, 'collection') };
    }
    case 'is':
    case 'has':
      return countProperties(data, set, field === 'is' ? IS_VALUES : HAS_VALUES);
    case 'job':
    case 'stack':
      // Nobody chooses from a list of them.
      return { values: [], none: 0 };
  }
}

function countSources(data: IndexData, set: CountedSet): Counted {
  const imported = countBits(and(set.bits, propertyBits(data, 'imported')));
  const counts = set.counts('source', 65_536);
  const programs = data.columns.names.source.values.flatMap((name, code): [string, number][] =>
    isProgramName(name) ? [[name, counts[code] ?? 0]] : [],
  );
  return withoutNone([['generated', set.ordinals.length - imported], ['imported', imported], ...programs]);
}

function withoutNone(pairs: Iterable<readonly [string, number]>): Counted {
  const counted: Counted = { values: [], none: 0 };
  for (const [value, count] of pairs)
    if (value === '') counted.none += count;
    else counted.values.push({ value, label: LABELS[value] ?? value, count });
  return counted;
}

function countSizes({ columns }: IndexData, set: CountedSet, nameOf: (w: number, h: number) => string): Counted {
  const counts = set.counts('size', columns.sizes.widths.length);
  const byName = new Map<string, number>();
  for (const [code, [width, height]] of columns.sizes.pairs.entries()) {
    const name = nameOf(width, height);
    byName.set(name, (byName.get(name) ?? 0) + (counts[code] ?? 0));
  }
  return withoutNone(byName);
}

/** Images without a property. */
function countWithout(data: IndexData, { bits }: CountedSet, property: string): number {
  return countBits(without(bits, propertyBits(data, property)));
}

function countProperties(data: IndexData, set: CountedSet, values: readonly string[]): Counted {
  // Every combination of flags once, then each flag from these.
  const combinations = set.counts('flags', 65_536);
  const byFlag = new Map<string, number>(values.flatMap((value) => (value in FLAGS ? [[value, 0] as const] : [])));
  for (let combination = 0; combination < combinations.length; combination += 1) {
    const count = combinations[combination] ?? 0;
    if (count === 0) continue;
    for (const [value, sum] of byFlag) if ((combination & FLAGS[value as Flag]) !== 0) byFlag.set(value, sum + count);
  }
  const countOf = (value: string): number => byFlag.get(value) ?? countBits(and(set.bits, propertyBits(data, value)));
  return { values: values.map((value) => ({ value, label: value, count: countOf(value) })), none: 0 };
}

function chosen({ query }: Found, field: ValueField): string[] {
  return query.filters.flatMap((filter) => ('values' in filter && filter.field === field ? filter.values : []));
}

/** The most frequent values, and those that are chosen, whatever their count. */
function listed(field: ValueField, { values, none }: Counted, chosenValues: readonly string[]): Facet {
  const wanted = new Map(chosenValues.filter((value) => value !== 'none').map((value) => [foldText(value), value]));
  const isChosen = ({ value }: FacetValue): boolean => wanted.has(foldText(value));
  const kept = field === 'is' || field === 'has';
  const sorted = kept ? values : values.toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  const shown = sorted.filter((value, place) => kept || isChosen(value) || (place < MAX_VALUES && value.count > 0));
  const more = sorted.filter(({ count }) => count > 0).length - shown.filter(({ count }) => count > 0).length;
  const known = new Set(shown.map(({ value }) => foldText(value)));
  const gone = [...wanted].flatMap(([folded, value]) => (known.has(folded) ? [] : [{ value, label: value, count: 0 }]));
  return { field, values: [...shown, ...gone], more, none };
}

/** Smallest and largest values, and how many are in each step between. Those of dates and sizes follow from how often each code occurs. */
function countRanges(data: IndexData, set: CountedSet, forRating: CountedSet): FacetRange[] {
  const { arrays, sizes } = data.columns;
  const bySize = set.counts('size', sizes.widths.length);
  const ratings = forRating.counts('rating', 6);
  const dollars = (value: number): string => String(value / MICROS);
  const megabytes = (value: number): string => String(value / MEGABYTE);
  return [
    { ...histogramOfCodes('rating', ratings, (rating) => rating, String), counts: [...ratings] },
    histogramOfCodes('date', set.counts('day', 65_536), (day) => day, dayKey),
    histogramOfCodes('width', bySize, (code) => sizes.widths[code] ?? 0, String),
    histogramOfCodes('height', bySize, (code) => sizes.heights[code] ?? 0, String),
    histogram('cost', gather(set.ordinals, arrays.cost), dollars),
    histogram('bytes', gather(set.ordinals, arrays.bytes), megabytes),
  ];
}

function histogramOfCodes(
  field: FacetRange['field'],
  counts: Uint32Array,
  valueOf: (code: number) => number,
  write: (value: number) => string,
): FacetRange {
  const values = new Map<number, number>();
  for (let code = 0; code < counts.length; code += 1) {
    const count = counts[code] ?? 0;
    if (count > 0) values.set(valueOf(code), (values.get(valueOf(code)) ?? 0) + count);
  }
  if (values.size === 0) return { field, least: null, most: null, counts: [] };
  const least = Math.min(...values.keys());
  const most = Math.max(...values.keys());
  const steps = Array.from({ length: STEPS }, () => 0);
  for (const [value, count] of values) {
    const step = stepOf(value, least, most);
    steps[step] = (steps[step] ?? 0) + count;
  }
  return { field, least: write(least), most: write(most), counts: steps };
}

function histogram(field: FacetRange['field'], values: Uint32Array, write: (value: number) => string): FacetRange {
  let [least, most] = [Infinity, -Infinity];
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    if (value === UNKNOWN_COST) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least > most) return { field, least: null, most: null, counts: [] };
  const counts = new Uint32Array(STEPS);
  const scale = most > least ? STEPS / (most - least) : 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    if (value === UNKNOWN_COST) continue;
    const step = Math.min(STEPS - 1, Math.floor((value - least) * scale));
    counts[step] = (counts[step] ?? 0) + 1;
  }
  return { field, least: write(least), most: write(most), counts: [...counts] };
}

function stepOf(value: number, least: number, most: number): number {
  return most > least ? Math.min(STEPS - 1, Math.floor(((value - least) * STEPS) / (most - least))) : 0;
}

import { HAS_VALUES, IS_VALUES, VALUE_FIELDS, type ValueField } from '../../contract/entities/query.ts';
import type { Facet, FacetRange, Facets, FacetValue } from '../../contract/entities/views.ts';
import { foldText } from '../images/fold-text.ts';
import { and, countBits, hasBit, ordinalsOf, type Bits } from './bits.ts';
import { FLAGS, UNKNOWN_COST, type Flag } from './columns.ts';
import { matching, type Found } from './evaluate.ts';
import { isNamed, propertyBits, sizeName } from './filters.ts';
import type { IndexData } from './index-data.ts';
import { MEGABYTE, MICROS } from './range-filters.ts';
import { dayKey } from './local-days.ts';
import { ratioName } from './sizes.ts';

/** Values that a facet lists, besides those that are chosen. */
const MAX_VALUES = 50;
/** Steps of a range's histogram. */
const STEPS = 24;

/** Facets that are counted: ids aren't listed. */
const FIELDS = VALUE_FIELDS.filter((field) => field !== 'job' && field !== 'stack');
/** How facets with names of their own are read. */
const LABELS: Readonly<Record<string, string>> = { generated: 'Generated' };

/** The counts for the filter panel: each facet's with its own filters left out. */
export function countFacets(data: IndexData, found: Found): Facets {
  const all = matching(found);
  const sets = new Map<string, Uint32Array>();
  const filtered = new Set(found.parts.map(({ field }) => field));
  const bitsFor = (field: Found['parts'][number]['field']): Bits =>
    filtered.has(field) ? matching(found, field) : all;
  const everything = ordinalsOf(all);
  const ordinalsFor = (field: Found['parts'][number]['field']): Uint32Array => {
    if (!filtered.has(field)) return everything;
    const known = sets.get(field) ?? ordinalsOf(bitsFor(field));
    sets.set(field, known);
    return known;
  };
  const facets = FIELDS.map((field) => {
    const counted = countField(data, field, { ordinals: ordinalsFor(field), bits: bitsFor(field) });
    return listed(field, counted, chosen(found, field));
  });
  return { facets, ranges: countRanges(data, everything, ordinalsFor('rating')) };
}

/** How many images have each value: '' stands for none. */
interface Counted {
  values: FacetValue[];
  none: number;
}

interface Set {
  ordinals: Uint32Array;
  bits: Bits;
}

function countField(data: IndexData, field: ValueField, set: Set): Counted {
  const { columns } = data;
  if (isNamed(field)) {
    const names = columns.names[field].values;
    const counts = countCodes(set.ordinals, columns.arrays[field], 65_536);
    return withoutNone(names.map((name, code) => [name, counts[code] ?? 0]));
  }
  switch (field) {
    case 'size':
      return countSizes(data, set.ordinals, sizeName);
    case 'ratio':
      return countSizes(data, set.ordinals, ratioName);
    case 'tag':
      return countTags(data, set.bits);
    case 'in':
      return countCollections(data, set.bits);
    case 'is':
    case 'has':
      return countProperties(data, set, field === 'is' ? IS_VALUES : HAS_VALUES);
    default:
      return withoutNone([['generated', set.ordinals.length]]);
  }
}

function countCodes(ordinals: Uint32Array, codes: Uint16Array | Uint32Array | Uint8Array, values: number): Uint32Array {
  const counts = new Uint32Array(values);
  for (const ordinal of ordinals) {
    const code = codes[ordinal] ?? 0;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

function withoutNone(pairs: Iterable<readonly [string, number]>): Counted {
  const counted: Counted = { values: [], none: 0 };
  for (const [value, count] of pairs)
    if (value === '') counted.none += count;
    else counted.values.push({ value, label: LABELS[value] ?? value, count });
  return counted;
}

function countSizes({ columns }: IndexData, ordinals: Uint32Array, nameOf: (w: number, h: number) => string): Counted {
  const counts = countCodes(ordinals, columns.arrays.size, columns.sizes.widths.length);
  const byName = new Map<string, number>();
  for (const [code, [width, height]] of columns.sizes.pairs.entries()) {
    const name = nameOf(width, height);
    byName.set(name, (byName.get(name) ?? 0) + (counts[code] ?? 0));
  }
  return withoutNone(byName);
}

/** A tag counts the images of tags below it too, each once. */
function countTags({ columns, tags, names }: IndexData, bits: Bits): Counted {
  const seen = new Uint32Array(columns.count);
  const values: FacetValue[] = [];
  let mark = 0;
  const count = (keys: Iterable<number>): number => {
    mark += 1;
    let images = 0;
    for (const key of keys)
      for (const ordinal of tags.get(key))
        if (seen[ordinal] !== mark && hasBit(bits, ordinal)) {
          seen[ordinal] = mark;
          images += 1;
        }
    return images;
  };
  for (const { path, below } of names.tags.values()) values.push({ value: path, label: path, count: count(below) });
  return { values, none: countBits(bits) - count(names.tags.keys()) };
}

function countCollections({ columns, collections, names }: IndexData, bits: Bits): Counted {
  const seen = new Uint32Array(columns.count);
  let mark = 0;
  const count = (keys: Iterable<number>): number => {
    mark += 1;
    let images = 0;
    for (const key of keys)
      for (const ordinal of collections.get(key))
        if (seen[ordinal] !== mark && hasBit(bits, ordinal)) {
          seen[ordinal] = mark;
          images += 1;
        }
    return images;
  };
  // Counting smart collections would ask all their queries.
  const own = [...names.collections.values()].filter(({ query }) => query === null);
  const values = own.map(({ name, below }) => ({ value: name, label: name, count: count(below) }));
  return { values, none: countBits(bits) - count(names.collections.keys()) };
}

function countProperties(data: IndexData, { ordinals, bits }: Set, values: readonly string[]): Counted {
  const { flags, rating } = data.columns.arrays;
  // Every combination of flags once, then each flag from these.
  const combinations = countCodes(ordinals, flags, 65_536);
  const byFlag = new Map<string, number>();
  for (const value of values) if (value in FLAGS) byFlag.set(value, 0);
  for (let combination = 0; combination < combinations.length; combination += 1) {
    const count = combinations[combination] ?? 0;
    if (count === 0) continue;
    for (const [value, sum] of byFlag) if ((combination & FLAGS[value as Flag]) !== 0) byFlag.set(value, sum + count);
  }
  const countOf = (value: string): number => {
    if (value === 'rated') return ordinals.reduce((sum, ordinal) => sum + ((rating[ordinal] ?? 0) > 0 ? 1 : 0), 0);
    return byFlag.get(value) ?? countBits(and(bits, propertyBits(data, value)));
  };
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

function countRanges(data: IndexData, ordinals: Uint32Array, forRating: Uint32Array): FacetRange[] {
  const { arrays, sizes } = data.columns;
  const [widths, heights] = [sizes.widths, sizes.heights];
  const numbers: [FacetRange['field'], (ordinal: number) => number, (value: number) => string][] = [
    ['date', (ordinal) => arrays.day[ordinal] ?? 0, dayKey],
    ['cost', (ordinal) => costOf(arrays.cost[ordinal]), (value) => String(value / MICROS)],
    ['width', (ordinal) => widths[arrays.size[ordinal] ?? 0] ?? 0, String],
    ['height', (ordinal) => heights[arrays.size[ordinal] ?? 0] ?? 0, String],
    ['bytes', (ordinal) => arrays.bytes[ordinal] ?? 0, (value) => String(value / MEGABYTE)],
  ];
  const ratings = [...countCodes(forRating, arrays.rating, 6)];
  const rated = ratings.flatMap((count, rating) => (count > 0 ? [rating] : []));
  return [
    {
      field: 'rating',
      least: rated.length === 0 ? null : String(rated[0]),
      most: rated.length === 0 ? null : String(rated.at(-1)),
      counts: ratings,
    },
    ...numbers.map(([field, valueOf, write]) => histogram(field, ordinals, valueOf, write)),
  ];
}

function costOf(cost: number | undefined): number {
  return cost === undefined || cost === UNKNOWN_COST ? NaN : cost;
}

function histogram(
  field: FacetRange['field'],
  ordinals: Uint32Array,
  valueOf: (ordinal: number) => number,
  write: (value: number) => string,
): FacetRange {
  let [least, most] = [Infinity, -Infinity];
  for (const ordinal of ordinals) {
    const value = valueOf(ordinal);
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least > most) return { field, least: null, most: null, counts: [] };
  const counts = Array.from({ length: STEPS }, () => 0);
  const step = (most - least) / STEPS || 1;
  for (const ordinal of ordinals) {
    const place = Math.min(STEPS - 1, Math.floor((valueOf(ordinal) - least) / step));
    if (place >= 0) counts[place] = (counts[place] ?? 0) + 1;
  }
  return { field, least: write(least), most: write(most), counts };
}

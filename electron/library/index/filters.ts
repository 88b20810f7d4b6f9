import type { Filter, RangeFilter, ValueField, ValueFilter } from '../../contract/entities/query.ts';
import { NONE } from '../../contract/query/fields.ts';
import { isReserved } from '../../contract/rules/tag-names.ts';
import type { Readable } from '../db/database.ts';
import { foldTagPath, foldText } from '../images/fold-text.ts';
import { allBits, bitsOf, bitsOfCodes, bitsWhere, noBits, or, setBit, without, type Bits } from './bits.ts';
import { FLAGS, NAMED_COLUMNS, type Flag, type NamedColumn } from './columns.ts';
import { derive, type IndexData } from './index-data.ts';
import { findLike } from './likeness.ts';
import type { Lists } from './lists.ts';
import { rangeBits } from './range-filters.ts';
import { ratioName } from './sizes.ts';
import { stackedBits } from './stacks.ts';

/** What filters need besides the index: the database for ids, and the answer of a smart collection. */
export interface FilterContext {
  db: Readable;
  data: IndexData;
  /** `YYYY-MM-DD` */
  today: string;
  /** The images of a smart collection's query. */
  smart(query: string): Bits;
}

/** The images that a filter finds; its negation is applied. Names that don't exist find nothing. */
export function filterBits(context: FilterContext, filter: Filter): Bits {
  const bits = positiveBits(context, filter);
  return filter.not ? without(allBits(context.data.columns.count), bits) : bits;
}

function positiveBits(context: FilterContext, filter: Filter): Bits {
  if ('values' in filter) return valueBits(context, filter);
  if ('image' in filter) return findLike(context.db, context.data, filter).bits;
  return rangeBits(context.data, filter satisfies RangeFilter, context.today);
}

function valueBits(context: FilterContext, { field, values }: ValueFilter): Bits {
  const { columns } = context.data;
  const wanted = new Set(values.map((value) => foldText(value)));
  const isWanted = (value: string): boolean => wanted.has(value === '' ? NONE : foldText(value));
  if (field === 'source') return sourceBits(context.data, isWanted);
  if (isNamed(field)) return bitsOfCodes(columns.count, columns.arrays[field], columns.names[field].where(isWanted));
  switch (field) {
    case 'size':
      return bitsOfCodes(
        columns.count,
        columns.arrays.size,
        columns.sizes.where((w, h) => isWanted(sizeName(w, h))),
      );
    case 'ratio':
      return bitsOfCodes(
        columns.count,
        columns.arrays.size,
        columns.sizes.where((w, h) => isWanted(ratioName(w, h))),
      );
    case 'tag':
      return tagBits(context.data, values);
    case 'in':
      return collectionBits(context, values);
    case 'is':
    case 'has':
      return values.map((value) => propertyBits(context.data, value)).reduce(or, noBits(columns.count));
    case 'job':
      return values.map((value) => jobBits(context, value)).reduce(or, noBits(columns.count));
    case 'stack':
      return values.map((value) => stackBits(context, value)).reduce(or, noBits(columns.count));
  }
}

export function isNamed(field: ValueField): field is NamedColumn {
  return (NAMED_COLUMNS as readonly string[]).includes(field);
}

export function sizeName(width: number, height: number): string {
  return width > 0 && height > 0 ? `${width}x${height}` : '';
}

/** The images of some lists together. */
function listed(count: number, lists: Lists, keys: Iterable<number>): Bits {
  const bits = noBits(count);
  for (const key of keys) for (const ordinal of lists.get(key)) setBit(bits, ordinal);
  return bits;
}

function tagBits(data: IndexData, paths: readonly string[]): Bits {
  const { tags, names } = data;
  const { count } = data.columns;
  const bits = paths.map((path) => {
    if (isReserved(path)) return without(allBits(count), propertyBits(data, 'tag'));
    return listed(count, tags, names.tagsByPath.get(foldTagPath(path))?.below ?? []);
  });
  return bits.reduce(or, noBits(count));
}

function collectionBits(context: FilterContext, wanted: readonly string[]): Bits {
  const { columns, collections, names } = context.data;
  const { count } = columns;
  const bits = wanted.map((name) => {
    if (isReserved(name)) return without(allBits(count), propertyBits(context.data, 'collection'));
    const folded = foldText(name);
    const twins = [...names.collections.values()].filter((collection) => collection.folded === folded);
    const found = twins.find((collection) => collection.name === name) ?? twins[0];
    const all = (found?.below ?? []).flatMap((key) => names.collections.get(key) ?? []);
    return all
      .map(({ key, query }) => (query === null ? bitsOf(count, collections.get(key)) : context.smart(query)))
      .reduce(or, noBits(count));
  });
  return bits.reduce(or, noBits(count));
}

/** The images with a value of `is:` or `has:`. */
export function propertyBits(data: IndexData, property: string): Bits {
  const { columns } = data;
  const { flags } = columns.arrays;
  if (property in FLAGS) {
    const flag = FLAGS[property as Flag];
    return bitsWhere(columns.count, (ordinal) => ((flags[ordinal] ?? 0) & flag) !== 0);
  }
  return derive(data, `property ${property}`, () => computedBits(data, property));
}

/** An image is imported, or it was generated by a request; of an imported one, the program that made it may be known. */
function sourceBits(data: IndexData, isWanted: (value: string) => boolean): Bits {
  const { count, arrays, names } = data.columns;
  const imported = propertyBits(data, 'imported');
  const isProgram = (value: string): boolean => isProgramName(value) && isWanted(value);
  const parts = [bitsOfCodes(count, arrays.source, names.source.where(isProgram))];
  if (isWanted('imported')) parts.push(imported);
  if (isWanted('generated')) parts.push(without(allBits(count), imported));
  return parts.reduce(or, noBits(count));
}

/** Whether a program's name isn't one of the words that stand for something else. */
export function isProgramName(name: string): boolean {
  return name !== '' && !['imported', 'generated', NONE].includes(foldText(name));
}

function computedBits(data: IndexData, property: string): Bits {
  const { columns, tags, collections, names } = data;
  const { rating } = columns.arrays;
  switch (property) {
    case 'rated':
      return bitsWhere(columns.count, (ordinal) => (rating[ordinal] ?? 0) > 0);
    case 'tag':
      return listed(columns.count, tags, names.tags.keys());
    case 'collection':
      return listed(columns.count, collections, names.collections.keys());
    case 'stacked':
      return stackedBits(data);
    default:
      return noBits(columns.count);
  }
}

function jobBits({ db, data }: FilterContext, jobId: string): Bits {
  const sql = 'SELECT timeline FROM images WHERE job_id = ? ORDER BY timeline';
  const timelines = db.prepare<[string], number>(sql).pluck().all(jobId.toLowerCase());
  return bitsOf(data.columns.count, data.columns.ordinals(timelines));
}

/** The chain of edits that an image belongs to. */
function stackBits({ db, data }: FilterContext, imageId: string): Bits {
  const { columns, lineage } = data;
  const timeline = db
    .prepare<[string], number>('SELECT timeline FROM images WHERE id = ?')
    .pluck()
    .get(imageId.toLowerCase());
  const ordinal = timeline === undefined ? -1 : columns.ordinal(timeline);
  if (ordinal < 0) return noBits(columns.count);
  const roots = lineage.roots(columns.count);
  return bitsWhere(columns.count, (other) => roots[other] === roots[ordinal]);
}

import type { Grouping, Stacking } from '../../contract/entities/query.ts';
import type { KnownCost } from '../../contract/entities/money.ts';
import type { Bucket, ViewQuestion } from '../../contract/entities/views.ts';
import { countBits, gather, ordinalsOf, type Bits } from './bits.ts';
import { UNKNOWN_COST, type Columns } from './columns.ts';
import { evaluate, matching, type Found, type Sources } from './evaluate.ts';
import type { IndexData } from './index-data.ts';
import { dayKey } from './local-days.ts';
import { sortOrdinals } from './sorting.ts';
import { collapse } from './stacks.ts';

/** The images of a question in order. */
export interface BuiltView {
  question: ViewQuestion;
  /** By position. */
  ordinals: Uint32Array;
  /** By position, the number of images that it stands for; null: one each. */
  stackSizes: Uint32Array | null;
  /** How it is stacked: not at all where the query shows the images of stacks. */
  stacking: Stacking;
  found: Found;
  /** All images that match, those under a cover too. */
  bits: Bits;
}

export function buildView(sources: Sources, question: ViewQuestion): BuiltView {
  const found = evaluate(sources, question.query, question.place);
  const bits = matching(found);
  const opened = found.query.filters.some(({ field, not }) => (field === 'stack' || field === 'job') && !not);
  const stacking = opened ? 'none' : question.stacking;
  if (stacking === 'none') {
    const ordinals = sortOrdinals(sources, ordinalsOf(bits), question.sort, found.query);
    return { question, ordinals, stackSizes: null, stacking, found, bits };
  }
  const { covers, sizes } = collapse(sources.data, bits, stacking);
  const ordinals = sortOrdinals(sources, covers, question.sort, found.query);
  const sizeOf = new Uint32Array(sources.data.columns.count);
  for (let index = 0; index < covers.length; index += 1) sizeOf[covers[index] ?? 0] = sizes[index] ?? 1;
  return { question, ordinals, stackSizes: gather(ordinals, sizeOf), stacking, found, bits };
}

/** What a view says about itself besides its images. */
export function describe(
  data: IndexData,
  { question, ordinals, stackSizes, found }: BuiltView,
): { total: number; all: number; buckets: Bucket[] } {
  const buckets = question.sort.by === 'date' ? bucketsOf(data, ordinals, question.grouping) : [];
  if (stackSizes) for (const bucket of buckets) bucket.cost = null;
  return { total: ordinals.length, all: countBits(found.place), buckets };
}

/** Adds the cost of an image. */
export function addCost(sum: KnownCost, { arrays }: Columns, ordinal: number): void {
  const cost = arrays.cost[ordinal] ?? UNKNOWN_COST;
  if (cost === UNKNOWN_COST) sum.unknown += 1;
  else sum.micros += cost;
}

function bucketsOf({ columns }: IndexData, ordinals: Uint32Array, grouping: Grouping): Bucket[] {
  const buckets: Bucket[] = [];
  const keyOf = grouping === 'day' ? dayKey : (day: number): string => dayKey(day).slice(0, 7);
  let current: Bucket & { cost: KnownCost } = { key: '', first: 0, count: 0, cost: noCost() };
  let last = -1;
  for (let position = 0; position < ordinals.length; position += 1) {
    const ordinal = ordinals[position] ?? 0;
    const day = columns.arrays.day[ordinal] ?? 0;
    if (day !== last) {
      last = day;
      const key = keyOf(day);
      if (current.key !== key) {
        current = { key, first: position, count: 0, cost: noCost() };
        buckets.push(current);
      }
    }
    current.count += 1;
    addCost(current.cost, columns, ordinal);
  }
  return buckets;
}

export const noCost = (): KnownCost => ({ micros: 0, unknown: 0 });

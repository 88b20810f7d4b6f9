import type { Stacking } from '../../contract/entities/query.ts';
import { bitsWhere, gather, hasBit, or, ordinalsOf, type Bits } from './bits.ts';
import { STATES } from './columns.ts';
import type { IndexData } from './index-data.ts';

/** Stacks of a set of images: their covers, ascending, and how many images each stands for. */
export interface Stacks {
  covers: Uint32Array;
  sizes: Uint32Array;
}

/** By ordinal, a number that the images of a stack share; small enough to be an array's index. */
export function stackKeys({ columns, lineage }: IndexData, stacking: Exclude<Stacking, 'none'>): Uint32Array {
  if (stacking === 'edits') return lineage.roots(columns.count);
  return ownKeys(denseKeys(columns.arrays.job.subarray(0, columns.count)));
}

/** Images without a job, whose key is 0, are stacks of their own. */
function ownKeys(keys: Uint32Array): Uint32Array {
  if (!keys.includes(0)) return keys;
  let next = greatest(keys);
  return keys.map((key) => (key === 0 ? ++next : key));
}

/** Jobs' numbers leave few gaps, unless the database was made by other hands. */
function denseKeys(keys: Uint32Array): Uint32Array {
  const most = greatest(keys);
  if (most <= keys.length * 4 + 100_000) return keys;
  const dense = new Map<number, number>([[0, 0]]);
  return keys.map((key) => {
    const known = dense.get(key);
    if (known !== undefined) return known;
    dense.set(key, dense.size);
    return dense.size - 1;
  });
}

/** Collapses the stacks of a set. A stack's cover is the image that was chosen, else the best rated, else the newest. */
export function collapse(data: IndexData, bits: Bits, stacking: Exclude<Stacking, 'none'>): Stacks {
  const keys = stackKeys(data, stacking);
  const ordinals = ordinalsOf(bits);
  const most = greatest(keys);
  const best = new Uint32Array(most + 1).fill(NONE);
  const counts = new Uint32Array(most + 1);
  for (const ordinal of ordinals) {
    const key = keys[ordinal] ?? 0;
    counts[key] = (counts[key] ?? 0) + 1;
    const other = best[key] ?? NONE;
    if (other === NONE || rank(data, ordinal) >= rank(data, other)) best[key] = ordinal;
  }
  const covers = best.filter((ordinal) => ordinal !== NONE).sort();
  return { covers, sizes: gather(covers, keys, counts) };
}

function greatest(keys: Uint32Array): number {
  let most = 0;
  for (let index = 0; index < keys.length; index += 1) most = Math.max(most, keys[index] ?? 0);
  return most;
}

const NONE = 0xffff_ffff;

function rank({ columns: { arrays } }: IndexData, ordinal: number): number {
  return (((arrays.state[ordinal] ?? 0) & STATES.cover) !== 0 ? 8 : 0) + (arrays.rating[ordinal] ?? 0);
}

/** The images of `all` that are in the same stacks as those of `covers`. */
export function expand(data: IndexData, covers: Iterable<number>, all: Bits, stacking: Stacking): Bits {
  if (stacking === 'none') return all;
  const keys = stackKeys(data, stacking);
  const wanted = new Set<number>();
  for (const ordinal of covers) wanted.add(keys[ordinal] ?? 0);
  return bitsWhere(data.columns.count, (ordinal) => hasBit(all, ordinal) && wanted.has(keys[ordinal] ?? 0));
}

/** Images that share their job, or their chain of edits, with another one that isn't gone. */
export function stackedBits(data: IndexData): Bits {
  const { count, arrays } = data.columns;
  const kinds = (['jobs', 'edits'] as const).map((stacking) => {
    const keys = stackKeys(data, stacking);
    const counts = new Uint32Array(greatest(keys) + 1);
    for (let ordinal = 0; ordinal < count; ordinal += 1)
      if (isThere(ordinal)) counts[keys[ordinal] ?? 0] = (counts[keys[ordinal] ?? 0] ?? 0) + 1;
    return { keys, counts };
  });
  function isThere(ordinal: number): boolean {
    return ((arrays.state[ordinal] ?? 0) & (STATES.removed | STATES.trashed)) === 0;
  }
  return kinds
    .map(({ keys, counts }) => bitsWhere(count, (ordinal) => (counts[keys[ordinal] ?? 0] ?? 0) > 1))
    .reduce(or);
}

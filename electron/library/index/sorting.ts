import type { LikenessFilter, Query, Sort } from '../../contract/entities/query.ts';
import type { Readable } from '../db/database.ts';
import { gather } from './bits.ts';
import type { IndexData } from './index-data.ts';
import { findLike } from './likeness.ts';

/**
 * Puts ascending ordinals in the order of a question. Images that are equal come newest first; images without a value come last in both
 * directions.
 */
export function sortOrdinals(
  { db, data }: { db: Readable; data: IndexData },
  ordinals: Uint32Array,
  sort: Sort,
  query: Query,
): Uint32Array {
  if (sort.by === 'date') return sort.descending ? ordinals.toReversed() : ordinals;
  const newestFirst = ordinals.toReversed();
  const keys = keysOf({ db, data }, newestFirst, sort, query);
  return keys ? sortByKeys(newestFirst, keys, sort.descending) : newestFirst;
}

/** Sorts last in both directions. */
const LAST = 0xffff_ffff;

/** A key for each ordinal; null where there is nothing to sort by. */
function keysOf(
  { db, data }: { db: Readable; data: IndexData },
  ordinals: Uint32Array,
  sort: Sort,
  query: Query,
): Uint32Array | null {
  const { arrays, sizes } = data.columns;
  switch (sort.by) {
    case 'rating':
      return gather(ordinals, arrays.rating);
    case 'cost':
      // An unknown one is the highest number, which comes last.
      return gather(ordinals, arrays.cost);
    case 'size': {
      const pixels = Uint32Array.from(sizes.pairs, ([width, height]) => Math.min(width * height, LAST - 1));
      return gather(ordinals, arrays.size, pixels);
    }
    case 'random':
      return ordinals.map((ordinal) => scramble(arrays.timeline[ordinal] ?? 0, sort.seed ?? 0));
    case 'likeness': {
      const filter = query.filters.find((one): one is LikenessFilter => 'image' in one && !one.not);
      if (!filter) return null;
      const { distances } = findLike(db, data, filter);
      return gather(ordinals, distances);
    }
    case 'collection':
      return sort.collectionId === undefined ? null : collectionPlaces(db, data, ordinals, sort.collectionId);
    case 'date':
      return null;
  }
}

function collectionPlaces(
  db: Readable,
  { columns }: IndexData,
  ordinals: Uint32Array,
  collectionId: string,
): Uint32Array {
  const sql = `SELECT timeline FROM collection_images WHERE collection = (SELECT key FROM collections WHERE id = ?)
    ORDER BY position, timeline`;
  const places = new Uint32Array(columns.count).fill(LAST);
  for (const [place, timeline] of db.prepare<[string], number>(sql).pluck().all(collectionId).entries()) {
    const ordinal = columns.ordinal(timeline);
    if (ordinal >= 0) places[ordinal] = place;
  }
  return gather(ordinals, places);
}

/** A random number that an image keeps as long as the seed. */
function scramble(timeline: number, seed: number): number {
  let hash = seed ^ (timeline >>> 0) ^ Math.imul(Math.floor(timeline / 2 ** 32), 0x9e37_79b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Sorts by 32-bit keys, those of equal keys in their order: a radix sort, because comparing a million takes too long. */
function sortByKeys(ordinals: Uint32Array, keys: Uint32Array, descending: boolean): Uint32Array {
  const last = descending ? keys.map((key) => (key === LAST ? LAST : LAST - 1 - key)) : keys;
  const low = pass(ordinals, last, 0);
  return pass(low.ordinals, low.keys, 16).ordinals;
}

function pass(ordinals: Uint32Array, keys: Uint32Array, shift: number): { ordinals: Uint32Array; keys: Uint32Array } {
  const starts = new Uint32Array(65_537);
  for (const key of keys) {
    const digit = ((key >>> shift) & 0xffff) + 1;
    starts[digit] = (starts[digit] ?? 0) + 1;
  }
  for (let digit = 1; digit < starts.length; digit += 1)
    starts[digit] = (starts[digit] ?? 0) + (starts[digit - 1] ?? 0);
  const sorted = { ordinals: new Uint32Array(ordinals.length), keys: new Uint32Array(keys.length) };
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? 0;
    const digit = (key >>> shift) & 0xffff;
    const place = starts[digit] ?? 0;
    starts[digit] = place + 1;
    sorted.ordinals[place] = ordinals[index] ?? 0;
    sorted.keys[place] = key;
  }
  return sorted;
}

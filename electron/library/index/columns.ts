import { Dictionary } from './dictionary.ts';
import { Sizes } from './sizes.ts';

/*
 * What the index knows of every image, one array for each column. An image's ordinal is its place in time: `timeline` ascends. Images that
 * are gone keep their ordinal and are marked as removed; the next start leaves them out.
 */

/** Every column's array and the number of elements that an image has in it. */
const SHAPES = {
  timeline: { of: Float64Array, each: 1 },
  size: { of: Uint32Array, each: 1 },
  model: { of: Uint16Array, each: 1 },
  server: { of: Uint16Array, each: 1 },
  op: { of: Uint16Array, each: 1 },
  format: { of: Uint16Array, each: 1 },
  background: { of: Uint16Array, each: 1 },
  quality: { of: Uint16Array, each: 1 },
  asked: { of: Uint16Array, each: 1 },
  /** The program that an imported image was made with, as its file says; '' for others. */
  source: { of: Uint16Array, each: 1 },
  /** Bits of {@link FLAGS}. */
  flags: { of: Uint16Array, each: 1 },
  /** Bits of {@link STATES}. */
  state: { of: Uint8Array, each: 1 },
  rating: { of: Uint8Array, each: 1 },
  /** Micro-dollars; {@link UNKNOWN_COST}. */
  cost: { of: Uint32Array, each: 1 },
  bytes: { of: Uint32Array, each: 1 },
  /** A number of the image's job; 0 for none. */
  job: { of: Uint32Array, each: 1 },
  /** The local day, counted from 1970-01-01. Not stored: it depends on the time zone. */
  day: { of: Uint16Array, each: 1 },
  /** Features of the thumbhash, see `look.ts`. */
  look: { of: Uint8Array, each: 25 },
  /** The halves of the dHash. */
  dhash: { of: Uint32Array, each: 2 },
} as const;

export type ColumnName = keyof typeof SHAPES;
export const COLUMN_NAMES = Object.keys(SHAPES) as ColumnName[];
export type Arrays = { [Name in ColumnName]: InstanceType<(typeof SHAPES)[Name]['of']> };

export const UNKNOWN_COST = 0xffff_ffff;
export const MAX_NUMBER = 0xffff_fffe;

export const FLAGS = {
  favourite: 1 << 0,
  rejected: 1 << 1,
  note: 1 << 2,
  animated: 1 << 3,
  damaged: 1 << 4,
  uncertain: 1 << 5,
  differs: 1 << 6,
  mask: 1 << 7,
  markup: 1 << 8,
  inputs: 1 << 9,
  children: 1 << 10,
  alpha: 1 << 11,
  strict: 1 << 12,
  revised: 1 << 13,
  imported: 1 << 14,
  signed: 1 << 15,
} as const;
export type Flag = keyof typeof FLAGS;

export const STATES = { trashed: 1, removed: 2, cover: 4, hashed: 8 } as const;

/** Columns whose values are texts. */
export const NAMED_COLUMNS = ['model', 'server', 'op', 'format', 'background', 'quality', 'asked', 'source'] as const;
export type NamedColumn = (typeof NAMED_COLUMNS)[number];
export type Names = Record<NamedColumn, Dictionary>;

export class Columns {
  /** Images, removed ones included. */
  count = 0;
  arrays: Arrays;
  names: Names;
  sizes = new Sizes();

  constructor(capacity = 1024) {
    this.arrays = allocate(capacity);
    this.names = namesOf(() => new Dictionary());
  }

  get capacity(): number {
    return this.arrays.timeline.length;
  }

  /** Makes room for images, keeping those there are. */
  reserve(capacity: number): void {
    if (capacity <= this.capacity) return;
    const grown = allocate(Math.max(capacity, Math.ceil(this.capacity * 1.25)));
    for (const name of COLUMN_NAMES) grown[name].set(this.arrays[name]);
    this.arrays = grown;
  }

  /** The place of a timeline key: the first ordinal that isn't before it. */
  place(timeline: number): number {
    const keys = this.arrays.timeline;
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((keys[middle] ?? 0) < timeline) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The ordinal of an image, removed or not; −1 for none. */
  ordinal(timeline: number): number {
    const place = this.place(timeline);
    return place < this.count && this.arrays.timeline[place] === timeline ? place : -1;
  }

  /**
   * The ordinals of ascending timeline keys; unknown ones are left out. Looks ahead in growing steps, which merges lists of similar lengths and
   * searches for few keys in many.
   */
  ordinals(timelines: ArrayLike<number>): Uint32Array {
    const keys = this.arrays.timeline;
    const { count } = this;
    const found = new Uint32Array(timelines.length);
    let next = 0;
    let at = 0;
    for (let index = 0; index < timelines.length && at < count; index += 1) {
      const wanted = timelines[index] ?? 0;
      if ((keys[at] ?? 0) < wanted) {
        let step = 1;
        while (at + step < count && (keys[at + step] ?? 0) < wanted) {
          at += step;
          step <<= 1;
        }
        let high = Math.min(count, at + step);
        at += 1;
        while (at < high) {
          const middle = (at + high) >>> 1;
          if ((keys[middle] ?? 0) < wanted) at = middle + 1;
          else high = middle;
        }
      }
      if (at < count && keys[at] === wanted) found[next++] = at;
    }
    return found.subarray(0, next);
  }

  /** Opens gaps for new timeline keys, which ascend and aren't known; the columns of the new ordinals are empty. @returns their ordinals */
  insert(timelines: ArrayLike<number>): Uint32Array {
    const added = timelines.length;
    const places = new Uint32Array(added);
    for (let index = 0; index < added; index += 1) places[index] = this.place(timelines[index] ?? 0) + index;
    this.reserve(this.count + added);
    for (const name of COLUMN_NAMES) openGaps(this.arrays[name], SHAPES[name].each, places, this.count);
    this.count += added;
    for (let index = 0; index < added; index += 1) this.arrays.timeline[places[index] ?? 0] = timelines[index] ?? 0;
    return places;
  }
}

/** Bytes that an image has in a column. */
export function bytesOfColumn(name: ColumnName): number {
  return SHAPES[name].of.BYTES_PER_ELEMENT * SHAPES[name].each;
}

/** Bytes that an image has in all columns. */
export const BYTES_PER_IMAGE = COLUMN_NAMES.reduce((sum, name) => sum + bytesOfColumn(name), 0);

export function elementsOf(name: ColumnName): number {
  return SHAPES[name].each;
}

export function namesOf<Value>(make: (name: NamedColumn) => Value): Record<NamedColumn, Value> {
  return Object.fromEntries(NAMED_COLUMNS.map((name) => [name, make(name)])) as Record<NamedColumn, Value>;
}

function allocate(capacity: number): Arrays {
  return Object.fromEntries(
    COLUMN_NAMES.map((name) => [name, new SHAPES[name].of(capacity * SHAPES[name].each)]),
  ) as Arrays;
}

/** Moves the elements from the back, so that the new places become free. */
function openGaps(array: Arrays[ColumnName], each: number, places: Uint32Array, count: number): void {
  let end = count;
  for (let index = places.length - 1; index >= 0; index -= 1) {
    const place = places[index] ?? 0;
    const from = place - index;
    array.copyWithin((from + index + 1) * each, from * each, end * each);
    array.fill(0, place * each, (place + 1) * each);
    end = from;
  }
}

/** New ordinals of old ones after {@link Columns.insert} at `places`, in place; `ordinals` may be in any order. */
export function renumber(ordinals: Uint32Array, places: Uint32Array, oldCount: number): void {
  const firstMoved = places[0] ?? Infinity;
  if (places.length === 0 || firstMoved >= oldCount) return;
  // How far each old ordinal moves: the number of new ones placed before it.
  const moves = new Uint32Array(oldCount);
  for (let index = 0, old = 0; old < oldCount; old += 1) {
    while (index < places.length && (places[index] ?? 0) <= old + index) index += 1;
    moves[old] = index;
  }
  for (let index = 0; index < ordinals.length; index += 1) {
    const old = ordinals[index] ?? 0;
    ordinals[index] = old + (moves[old] ?? 0);
  }
}

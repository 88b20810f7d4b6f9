/** dHashes of near duplicates differ in at most so many of their 64 bits. */
const MAX_DISTANCE = 6;
/** Hashes with fewer bits than this of one kind belong to even images, of which the hash says nothing. */
const MIN_BITS = 4;
/** Width ÷ height of near duplicates differs by at most this part. */
const MAX_RATIO_CHANGE = 0.03;
/**
 * Each hash is looked for by its four parts of 16 bits, exactly and with one bit changed: of two hashes that differ in at most seven bits, one
 * part differs in at most one.
 */
const PARTS = 4;
const PART_BITS = 16;
const PART_VALUES = 1 << PART_BITS;
/** Hashes that share a part and are compared at most: more share a part that says little. */
const MAX_SHARED = 3000;
/** Hashes between two reports of progress. */
const SLICE = 5000;

/** Images to compare, one element for each in every array, newest first. */
export interface Hashes {
  count: number;
  /** Two words for each image. */
  words: Uint32Array;
  /** Width ÷ height. */
  ratios: Float32Array;
}

/**
 * Groups near duplicates. Each image belongs to one group at most: that of the first image that it is near to, so all of a group are near to
 * its first. Yields the part that is done, 0 to 1.
 * @returns the images' indices, group by group; each has two or more
 */
export function* groupDuplicates(hashes: Hashes): Generator<number, Uint32Array[]> {
  const { count } = hashes;
  const parts = Array.from({ length: PARTS }, (_, part) => indexPart(hashes, part));
  const taken = new Uint8Array(count);
  const groups: Uint32Array[] = [];
  for (let first = 0; first < count; first += 1) {
    if (first % SLICE === 0) yield first / count;
    if (taken[first] === 1 || isEven(hashes, first)) continue;
    const group = [first];
    for (const other of findNear(hashes, parts, first, taken)) {
      taken[other] = 1;
      group.push(other);
    }
    if (group.length > 1) groups.push(Uint32Array.from(group).sort());
  }
  return groups;
}

/** Images by the value of one part of their hashes: those with value `v` are `members[starts[v]]` to `members[starts[v + 1] - 1]`. */
interface PartIndex {
  starts: Uint32Array;
  members: Uint32Array;
  /** The members' hashes in the same order: reading them one after the other is many times faster than looking each up. */
  words: Uint32Array;
}

function partOf(words: Uint32Array, image: number, part: number): number {
  const word = words[image * 2 + (part >> 1)] ?? 0;
  return (word >>> ((part & 1) * PART_BITS)) & (PART_VALUES - 1);
}

function indexPart({ words, count }: Hashes, part: number): PartIndex {
  const starts = new Uint32Array(PART_VALUES + 1);
  for (let image = 0; image < count; image += 1) {
    const after = partOf(words, image, part) + 1;
    starts[after] = (starts[after] ?? 0) + 1;
  }
  for (let value = 0; value < PART_VALUES; value += 1)
    starts[value + 1] = (starts[value + 1] ?? 0) + (starts[value] ?? 0);
  const next = starts.slice();
  const members = new Uint32Array(count);
  const inOrder = new Uint32Array(count * 2);
  for (let image = 0; image < count; image += 1) {
    const value = partOf(words, image, part);
    const at = next[value] ?? 0;
    members[at] = image;
    inOrder[at * 2] = words[image * 2] ?? 0;
    inOrder[at * 2 + 1] = words[image * 2 + 1] ?? 0;
    next[value] = at + 1;
  }
  return { starts, members, words: inOrder };
}

/** Images after `first` that are near to it and in no group yet. */
function findNear(hashes: Hashes, parts: readonly PartIndex[], first: number, taken: Uint8Array): Set<number> {
  const found = new Set<number>();
  const low = hashes.words[first * 2] ?? 0;
  const high = hashes.words[first * 2 + 1] ?? 0;
  for (const [part, index] of parts.entries()) {
    const value = partOf(hashes.words, first, part);
    for (let flip = -1; flip < PART_BITS; flip += 1)
      scanValue(index, flip < 0 ? value : value ^ (1 << flip), low, high, (other) => {
        if (other > first && taken[other] === 0 && isSameShape(hashes, first, other)) found.add(other);
      });
  }
  return found;
}

/** Calls `near` for the images with a value of one part whose hashes are near to one's. */
function scanValue(index: PartIndex, value: number, low: number, high: number, near: (image: number) => void): void {
  const { starts, members, words } = index;
  const end = starts[value + 1] ?? 0;
  for (let at = Math.max(starts[value] ?? 0, end - MAX_SHARED); at < end; at += 1) {
    const distance = ones((words[at * 2] ?? 0) ^ low);
    if (distance <= MAX_DISTANCE && distance + ones((words[at * 2 + 1] ?? 0) ^ high) <= MAX_DISTANCE)
      near(members[at] ?? 0);
  }
}

function isSameShape({ ratios }: Hashes, one: number, other: number): boolean {
  return Math.abs((ratios[one] ?? 1) / (ratios[other] ?? 1) - 1) <= MAX_RATIO_CHANGE;
}

function isEven({ words }: Hashes, image: number): boolean {
  const bits = ones(words[image * 2] ?? 0) + ones(words[image * 2 + 1] ?? 0);
  return bits < MIN_BITS || bits > 64 - MIN_BITS;
}

/** Number of bits set in a word of 32. */
function ones(word: number): number {
  let left = word - ((word >>> 1) & 0x5555_5555);
  left = (left & 0x3333_3333) + ((left >>> 2) & 0x3333_3333);
  return Math.imul((left + (left >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

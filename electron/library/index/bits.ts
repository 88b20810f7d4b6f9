/*
 * Sets of images by ordinal, one bit each. All sets of one index have the same number of words; operations return a new set unless they say
 * otherwise.
 */
export type Bits = Uint32Array;

export function noBits(count: number): Bits {
  return new Uint32Array((count + 31) >>> 5);
}

/** All ordinals below `count`. */
export function allBits(count: number): Bits {
  const bits = noBits(count).fill(0xffff_ffff);
  const rest = count & 31;
  if (rest > 0) bits[bits.length - 1] = 2 ** rest - 1;
  return bits;
}

export function hasBit(bits: Bits, ordinal: number): boolean {
  return (((bits[ordinal >>> 5] ?? 0) >>> (ordinal & 31)) & 1) === 1;
}

/** Adds an ordinal in place. */
export function setBit(bits: Bits, ordinal: number): void {
  bits[ordinal >>> 5] = (bits[ordinal >>> 5] ?? 0) | (1 << (ordinal & 31));
}

/** Removes an ordinal in place. */
export function clearBit(bits: Bits, ordinal: number): void {
  bits[ordinal >>> 5] = (bits[ordinal >>> 5] ?? 0) & ~(1 << (ordinal & 31));
}

/** The ordinals below `count` that pass. */
export function bitsWhere(count: number, passes: (ordinal: number) => boolean): Bits {
  const bits = noBits(count);
  for (let word = 0, ordinal = 0; word < bits.length; word += 1) {
    let value = 0;
    const end = Math.min(count, (word + 1) << 5);
    for (; ordinal < end; ordinal += 1) if (passes(ordinal)) value |= 1 << (ordinal & 31);
    bits[word] = value;
  }
  return bits;
}

/** The ordinals whose code is one of those marked in `wanted`. */
export function bitsOfCodes(count: number, codes: Uint8Array | Uint16Array | Uint32Array, wanted: Uint8Array): Bits {
  const bits = noBits(count);
  for (let word = 0, ordinal = 0; word < bits.length; word += 1) {
    let value = 0;
    const end = Math.min(count, (word + 1) << 5);
    for (; ordinal < end; ordinal += 1) value |= (wanted[codes[ordinal] ?? 0] ?? 0) << (ordinal & 31);
    bits[word] = value;
  }
  return bits;
}

export function bitsOf(count: number, ordinals: Iterable<number>): Bits {
  const bits = noBits(count);
  for (const ordinal of ordinals) setBit(bits, ordinal);
  return bits;
}

export function and(a: Bits, b: Bits): Bits {
  const bits = new Uint32Array(a.length);
  for (let index = 0; index < bits.length; index += 1) bits[index] = (a[index] ?? 0) & (b[index] ?? 0);
  return bits;
}

export function or(a: Bits, b: Bits): Bits {
  const bits = new Uint32Array(a.length);
  for (let index = 0; index < bits.length; index += 1) bits[index] = (a[index] ?? 0) | (b[index] ?? 0);
  return bits;
}

export function without(a: Bits, b: Bits): Bits {
  const bits = new Uint32Array(a.length);
  for (let index = 0; index < bits.length; index += 1) bits[index] = (a[index] ?? 0) & ~(b[index] ?? 0);
  return bits;
}

/** Number of ordinals. */
export function countBits(bits: Bits): number {
  let count = 0;
  for (let index = 0; index < bits.length; index += 1) {
    let word = bits[index] ?? 0;
    word -= (word >>> 1) & 0x5555_5555;
    word = (word & 0x3333_3333) + ((word >>> 2) & 0x3333_3333);
    count += Math.imul((word + (word >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
  }
  return count;
}

/** The ordinals, ascending. */
export function ordinalsOf(bits: Bits): Uint32Array {
  const ordinals = new Uint32Array(countBits(bits));
  let next = 0;
  for (let index = 0; index < bits.length; index += 1) {
    for (let word = bits[index] ?? 0; word !== 0; word &= word - 1)
      ordinals[next++] = (index << 5) + 31 - Math.clz32(word & -word);
  }
  return ordinals;
}

/**
 * Values of a column, or of a table by its codes, for some ordinals. Loops stand here instead of `TypedArray.from` and `map`, which call a
 * function for every image.
 */
export function gather(
  ordinals: Uint32Array,
  column: Uint8Array | Uint16Array | Uint32Array,
  table?: Uint8Array | Uint16Array | Uint32Array,
): Uint32Array<ArrayBuffer> {
  const values = new Uint32Array(ordinals.length);
  if (table)
    for (let index = 0; index < values.length; index += 1)
      values[index] = table[column[ordinals[index] ?? 0] ?? 0] ?? 0;
  else for (let index = 0; index < values.length; index += 1) values[index] = column[ordinals[index] ?? 0] ?? 0;
  return values;
}

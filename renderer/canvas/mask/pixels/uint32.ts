/** The bytes as 32-bit words, for loops over whole masks; an incomplete last word is left out. The byte offset must be divisible by 4. */
export function asUint32(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
}

/** The highest bit of each byte: set if the byte is 128 or more. */
export const HIGH_BITS = 0x80808080;

/** A byte repeated four times. */
export function repeatByte(byte: number): number {
  return Math.imul(byte, 0x01010101) >>> 0;
}

/** Indices where a byte differs from the one before, ascending. */
export function findChanges(bytes: Uint8Array): number[] {
  const words = asUint32(bytes);
  const changes: number[] = [];
  let last = bytes[0] ?? 0;
  let alike = repeatByte(last);
  const scan = (from: number, to: number): void => {
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === last) continue;
      changes.push(at);
      last = byte;
    }
    alike = repeatByte(last);
  };
  for (let word = 0; word < words.length; word += 1) if (words[word] !== alike) scan(word * 4, word * 4 + 4);
  scan(words.length * 4, bytes.length);
  return changes;
}

/** Indices where marked and unmarked pixels alternate, all rows as one line; the first crossing is to marked. */
export function findCrossings(coverage: Uint8Array): number[] {
  const words = asUint32(coverage);
  const crossings: number[] = [];
  let isMarked = false;
  let expected = 0;
  const scan = (from: number, to: number): void => {
    for (let at = from; at < to; at += 1) {
      if ((coverage[at] ?? 0) >= 128 === isMarked) continue;
      crossings.push(at);
      isMarked = !isMarked;
    }
    expected = isMarked ? HIGH_BITS | 0 : 0;
  };
  for (let word = 0; word < words.length; word += 1) {
    if (((words[word] ?? 0) & HIGH_BITS) !== expected) scan(word * 4, word * 4 + 4);
  }
  scan(words.length * 4, coverage.length);
  return crossings;
}

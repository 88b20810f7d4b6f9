/**
 * The bytes as words of four, for loops that look at every byte of a mask: as many as there are whole ones. The bytes begin their buffer,
 * or at a place in it that can be divided by four.
 */
export function asUint32(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
}

/** The highest bit of each byte in a word: set where that byte is 128 or more. */
export const HIGH_BITS = 0x80808080;

/** A word of one byte four times. */
export function repeatByte(byte: number): number {
  return Math.imul(byte, 0x01010101) >>> 0;
}

/** Where bytes begin to be another than the one before, from the second on; in their order. */
export function findChanges(bytes: Uint8Array): number[] {
  const words = asUint32(bytes);
  const changes: number[] = [];
  let last = bytes[0] ?? 0;
  let alike = repeatByte(last);
  const look = (from: number, to: number): void => {
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === last) continue;
      changes.push(at);
      last = byte;
    }
    alike = repeatByte(last);
  };
  for (let word = 0; word < words.length; word += 1) if (words[word] !== alike) look(word * 4, word * 4 + 4);
  look(words.length * 4, bytes.length);
  return changes;
}

/** Where the mask's edge is crossed from one pixel to the next, row after row as one line; the first crossing is to what is marked. */
export function findCrossings(coverage: Uint8Array): number[] {
  const words = asUint32(coverage);
  const crossings: number[] = [];
  let isMarked = false;
  let expected = 0;
  const look = (from: number, to: number): void => {
    for (let at = from; at < to; at += 1) {
      if ((coverage[at] ?? 0) >= 128 === isMarked) continue;
      crossings.push(at);
      isMarked = !isMarked;
    }
    expected = isMarked ? HIGH_BITS | 0 : 0;
  };
  for (let word = 0; word < words.length; word += 1) {
    if (((words[word] ?? 0) & HIGH_BITS) !== expected) look(word * 4, word * 4 + 4);
  }
  look(words.length * 4, coverage.length);
  return crossings;
}

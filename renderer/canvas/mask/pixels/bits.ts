import { StudioError } from '../../../../electron/contract/errors/errors.ts';
import { ByteReader, ByteWriter } from './run-length.ts';
import { MARKED } from './coverage.ts';

/** Letters that are made at once: more arguments than a call can have would be an error. */
const PIECE = 8192;

/**
 * Which pixels are marked (128 and more), as text: one bit a pixel, eight in a byte, the first the highest, equal bytes as runs, in
 * base64. A shape takes some kilobytes; noise never more than a sixth of a byte and a little a pixel.
 */
export function packBits(coverage: Uint8Array): string {
  const writer = new ByteWriter(4096);
  writer.number(coverage.length);
  writer.runs(bitsOf(coverage));
  return toBase64(writer.taken());
}

/**
 * The other way: one byte a pixel, 255 where it is marked and 0 elsewhere.
 * @param count how many pixels there have to be
 * @throws StudioError `bad-payload` where the text says something else
 */
export function unpackBits(packed: string, count: number): Uint8Array<ArrayBuffer> {
  const bits = new Uint8Array(Math.ceil(count / 8));
  try {
    const reader = new ByteReader(fromBase64(packed));
    if (reader.number() !== count) throw new RangeError('The number of pixels differs.');
    reader.runs(bits);
  } catch (cause) {
    const message = 'Part of this mask is damaged, or was saved for an image of another size.';
    throw new StudioError({ code: 'bad-payload', message }, { cause });
  }
  return coverageOf(bits, count);
}

/** One bit a pixel. */
export function bitsOf(coverage: Uint8Array): Uint8Array<ArrayBuffer> {
  const bits = new Uint8Array(Math.ceil(coverage.length / 8));
  for (let at = 0, byte = 0; at < coverage.length; at += 8, byte += 1) {
    const end = Math.min(coverage.length, at + 8);
    let value = 0;
    for (let bit = at; bit < end; bit += 1) value = (value << 1) | ((coverage[bit] ?? 0) >= MARKED ? 1 : 0);
    bits[byte] = value << (8 - (end - at));
  }
  return bits;
}

/** One byte a pixel, 0 or 255. */
export function coverageOf(bits: Uint8Array, count: number): Uint8Array<ArrayBuffer> {
  const coverage = new Uint8Array(count);
  for (let byte = 0; byte < bits.length; byte += 1) {
    const value = bits[byte] ?? 0;
    if (value === 0) continue;
    const at = byte * 8;
    if (value === 255) coverage.fill(255, at, at + 8);
    else for (let bit = 0; bit < 8; bit += 1) if (value & (128 >> bit)) coverage[at + bit] = 255;
  }
  return coverage;
}

function toBase64(bytes: Uint8Array): string {
  let letters = '';
  for (let at = 0; at < bytes.length; at += PIECE) letters += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(letters);
}

function fromBase64(text: string): Uint8Array {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) bytes[at] = letters.charCodeAt(at);
  return bytes;
}

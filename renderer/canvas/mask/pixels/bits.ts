import { StudioError } from '../../../../electron/contract/errors/errors.ts';
import { ByteReader, ByteWriter } from './run-length.ts';
import { MARKED } from './coverage.ts';

/** Characters per call: a call has a limit of arguments. */
const PIECE = 8192;

/**
 * Packs which pixels are marked (128 and more) into text: one bit per pixel, most significant first, run-length coded, base64. A shape takes
 * some kilobytes; noise at most a little more than 1/6 byte per pixel.
 */
export function packBits(coverage: Uint8Array): string {
  const writer = new ByteWriter(4096);
  writer.number(coverage.length);
  writer.runs(bitsOf(coverage));
  return toBase64(writer.taken());
}

/**
 * Unpacks to one byte per pixel: 255 marked, 0 not.
 * @param count expected number of pixels
 * @throws StudioError `bad-payload` if the text is damaged or has another number of pixels
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

/** One bit per pixel. */
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

/** One byte per pixel, 0 or 255. */
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

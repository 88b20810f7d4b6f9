import { brotliDecompressSync, constants, inflateRawSync, inflateSync } from 'node:zlib';

/** Codings that the first bytes of a body don't tell for certain; decompressing them does. */
type UnsignedCoding = 'br' | 'deflate' | 'deflate-raw';

/** Largest beginning that is decompressed; compressed JSON with an image isn't smaller by far. */
const MAX_OUTPUT = 1024 * 1024;
/** What chance doesn't produce: so many printable characters, or the signature of PNG. */
const NO_CHANCE = /^(?:[\s\x20-\x7e]{16}|\x89PNG\r\n\x1a\n)/u;

const BROTLI_FLUSH = constants.BROTLI_OPERATION_FLUSH;
const TRIALS: readonly [UnsignedCoding, (start: Buffer) => Buffer][] = [
  ['deflate', (start) => inflateSync(start, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_OUTPUT })],
  ['br', (start) => brotliDecompressSync(start, { finishFlush: BROTLI_FLUSH, maxOutputLength: MAX_OUTPUT })],
  [
    'deflate-raw',
    (start) => inflateRawSync(start, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_OUTPUT }),
  ],
];

/**
 * The coding that turns the beginning of a body into what answers begin with; null when none does.
 * @param isPlain whether bytes begin like an answer
 */
export function unsignedCoding(start: Buffer, isPlain: (bytes: Buffer) => boolean): UnsignedCoding | null {
  const found = TRIALS.find(([, decompress]) => {
    try {
      const output = decompress(start);
      return NO_CHANCE.test(output.toString('latin1', 0, 16)) && isPlain(output);
    } catch {
      // Another coding, or none.
      return false;
    }
  });
  return found?.[0] ?? null;
}

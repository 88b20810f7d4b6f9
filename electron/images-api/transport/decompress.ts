import { pipeline, Readable, type Transform } from 'node:stream';
import { constants, createBrotliDecompress, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib';
import { unsignedCoding } from './compressed-start.ts';
import { gunzip } from './gunzip.ts';
import type { HttpResponse } from './single-use-connection.ts';

type Bytes = AsyncIterable<Buffer>;
type Coding = 'gzip' | 'deflate' | 'deflate-raw' | 'br' | 'zstd';

/** Codings applied to one body, in all. No server has a reason for more. */
const MAX_CODINGS = 5;
/** Bytes that tell a coding. */
const SIGNATURE_BYTES = 4;
/** Bytes of a coding without a signature that are decompressed to tell it. */
const TRIAL_BYTES = 1024;

/**
 * The decompressed body. Requests don't ask for compression, but some proxies and file stores compress every response, several times, or
 * without saying so. A body that isn't compressed although its header says so passes unchanged.
 */
export async function* decompress({ headers, body }: HttpResponse): AsyncGenerator<Buffer, void, void> {
  // Several headers are one list.
  const named = String(headers['content-encoding'] ?? '')
    .toLowerCase()
    .split(',');
  const codings = named.map((name) => CODINGS[name.trim()]).filter((coding) => coding !== undefined);
  if (codings.length > MAX_CODINGS) throw Object.assign(new Error('Too many codings.'), { code: 'Z_DATA_ERROR' });
  let bytes: Bytes = body;
  // The last one named was applied last (RFC 9110, 8.4).
  for (const coding of codings.toReversed()) bytes = decode(bytes, (start) => codingOf(coding, start));
  for (let unnamed = codings.length; unnamed < MAX_CODINGS; unnamed += 1) {
    const { start, all } = await peek(bytes, isTold);
    const coding = codingOf(null, start);
    bytes = coding === null ? all : DECODERS[coding](all);
    if (coding === null) break;
  }
  yield* bytes;
}

/** By name in `content-encoding`; others are taken as no compression. */
const CODINGS: Readonly<Record<string, Coding | undefined>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  br: 'br',
  zstd: 'zstd',
};

const DECODERS: Readonly<Record<Coding, (bytes: Bytes) => Bytes>> = {
  gzip: gunzip,
  deflate: (bytes) => through(bytes, createInflate()),
  'deflate-raw': (bytes) => through(bytes, createInflateRaw()),
  br: (bytes) => through(bytes, createBrotliDecompress()),
  // RFC 9659: at most 8 MB, which also bounds the memory.
  zstd: (bytes) => through(bytes, createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: 23 } })),
};

async function* decode(bytes: Bytes, choose: (start: Buffer) => Coding | null): AsyncGenerator<Buffer, void, void> {
  const { start, all } = await peek(bytes, isTold);
  const coding = choose(start);
  yield* coding === null ? all : DECODERS[coding](all);
}

/** The coding that a header names, corrected by the first bytes; null for none. */
function codingOf(named: Coding | null, start: Buffer): Coding | null {
  const told = signatureOf(start);
  // Long enough to be no coincidence: the header names another coding than was used, or none.
  if (told !== null) return told;
  const tried = unsignedCoding(start, isPlain);
  if (tried !== null) return tried;
  if (isPlain(start) || start.length === 0) return null;
  // Many servers send deflate without its zlib header.
  return named === 'deflate' && !isZlib(start) ? 'deflate-raw' : named;
}

/** Whether these bytes are enough to tell the coding. */
function isTold(start: Buffer): boolean {
  if (start.length < SIGNATURE_BYTES) return false;
  // Text is rarely compressed, and may come a few bytes a minute.
  return start.length >= TRIAL_BYTES || signatureOf(start) !== null || isPlain(start) || isText(start);
}

/** The coding that a signature tells. Brotli and raw deflate have none, and that of zlib is too short to be certain. */
function signatureOf(start: Buffer): 'gzip' | 'zstd' | null {
  if (start[0] === 0x1f && start[1] === 0x8b && start[2] === 0x08) return 'gzip';
  return start.length >= 4 && start.readUInt32LE(0) === 0xfd2fb528 ? 'zstd' : null;
}

/** RFC 1950, 2.2. */
function isZlib(start: Buffer): boolean {
  return start.length >= 2 && ((start[0] ?? 0) & 0x0f) === 8 && start.readUInt16BE(0) % 31 === 0;
}

/** JSON, an event, an image or a web page. Brotli may begin with any of their first characters, but hardly with four. */
function isPlain(start: Buffer): boolean {
  const text = start.toString('latin1', 0, 64);
  if (/^\s*(?:\x89PNG|\xff\xd8\xff|RIFF|GIF8)/u.test(text)) return true;
  return isText(start) && /^\s*(?:[{["]|:|data|even|<)/u.test(text);
}

/** Whether the first bytes are all printable, or white space. */
function isText(start: Buffer): boolean {
  return /^[\s\x20-\x7e\x80-\xff]*$/u.test(start.toString('latin1', 0, SIGNATURE_BYTES));
}

/** The first bytes of a body, as many as `isEnough` wants, and all of it. */
async function peek(bytes: Bytes, isEnough: (start: Buffer) => boolean): Promise<{ start: Buffer; all: Bytes }> {
  const iterator = bytes[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    // A chunk is valid until the next one is requested, so only a short one is copied.
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
    if (isEnough(held)) break;
    held = Buffer.from(held);
  }
  return { start: Buffer.from(held.subarray(0, TRIAL_BYTES)), all: continued(held, iterator) };
}

async function* continued(held: Buffer, iterator: AsyncIterator<Buffer>): AsyncGenerator<Buffer, void, void> {
  if (held.length > 0) yield held;
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
}

function through(bytes: Bytes, decoder: Transform): Bytes {
  // pipeline passes an error of either stream to the reader.
  return pipeline(Readable.from(copies(bytes)), decoder, () => undefined);
}

/** Copies, because the decompressor may still use a chunk when it requests the next one. */
async function* copies(bytes: Bytes): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of bytes) yield Buffer.from(chunk);
}

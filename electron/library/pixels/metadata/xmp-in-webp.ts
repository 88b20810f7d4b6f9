import type { FileHandle } from 'node:fs/promises';
import { MAX_PACKET, readAt } from './metadata-block.ts';
import { piecesBytes, webpChunk, type Piece } from './pieces.ts';
import { readRiffEnd, walkRiffChunks, type RiffChunk } from './riff-chunks.ts';
import { xmpPacket, type MergeXmp } from './xmp-packet.ts';

const HAS_XMP = 0x04;
const HAS_ALPHA = 0x10;

/** A WebP with XMP behind its other chunks. A simple one becomes an extended one, whose first chunk says what it has (RFC 9649, 2.7). */
export async function planWebp(file: FileHandle, merge: MergeXmp): Promise<Piece[] | null> {
  const { size } = await file.stat();
  const end = await readRiffEnd(file);
  if (end === null || end > size) return null;
  const packets: (string | null)[] = [];
  const kept: Piece[] = [];
  let first: Buffer | null = null;
  let reached = 12;
  for await (const chunk of walkRiffChunks(file, end)) {
    if (chunk.at + chunk.length > end) return null;
    if (reached === 12) {
      first = await extendedHeader(file, chunk);
      if (!first) return null;
    }
    reached = chunk.end;
    if (chunk.type === 'XMP ') packets.push(await readPacket(file, chunk));
    else if (chunk.type !== 'VP8X') kept.push(...piecesOf(chunk, end));
  }
  if (!first || reached + 8 <= end) return null;
  const body = [first, ...kept, webpChunk('XMP ', Buffer.from(xmpPacket(merge(packets)), 'utf8'))];
  const head = Buffer.from('RIFF....WEBP', 'latin1');
  head.writeUInt32LE(4 + piecesBytes(body), 4);
  return [head, ...body, { from: end, to: size }];
}

/** The last chunk of a file may lack its padding, which is needed before another one. */
function piecesOf({ start, end }: RiffChunk, containerEnd: number): Piece[] {
  return end > containerEnd ? [{ from: start, to: containerEnd }, Buffer.alloc(1)] : [{ from: start, to: end }];
}

/** Null: it is larger than is read. */
async function readPacket(file: FileHandle, { at, length }: RiffChunk): Promise<string | null> {
  return length > MAX_PACKET ? null : (await readAt(file, at, length)).toString('utf8');
}

/** The extended header with the flag of XMP; made for a file that has none, of the size and with the transparency of its image. */
async function extendedHeader(file: FileHandle, { type, start }: RiffChunk): Promise<Buffer | null> {
  const chunk = await readAt(file, start, 18);
  if (chunk.length < 18) return null;
  if (type === 'VP8X') {
    chunk[8] = (chunk[8] ?? 0) | HAS_XMP;
    return chunk.readUInt32LE(4) === 10 ? chunk : null;
  }
  if (type !== 'VP8L' && type !== 'VP8 ') return null;
  const isLossless = type === 'VP8L';
  const bits = chunk.readUInt32LE(9);
  const width = isLossless ? (bits & 0x3fff) + 1 : chunk.readUInt16LE(14) & 0x3fff;
  const height = isLossless ? ((bits >>> 14) & 0x3fff) + 1 : chunk.readUInt16LE(16) & 0x3fff;
  if (width < 1 || height < 1) return null;
  const data = Buffer.alloc(10);
  data[0] = HAS_XMP | (isLossless && ((bits >>> 28) & 1) === 1 ? HAS_ALPHA : 0);
  data.writeUIntLE(width - 1, 4, 3);
  data.writeUIntLE(height - 1, 7, 3);
  return webpChunk('VP8X', data);
}

import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** The eight bytes that every PNG starts with, and the size of its header chunk (ISO 15948, 5.2 and 11.2.2). */
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
export const PNG_HEADER_END = SIGNATURE.length + 25;
/** Real files have a few dozen chunks before and after their pixels, and up to some ten thousand of pixels. */
const MAX_CHUNKS = 200_000;

/** Where a chunk stands in its file. */
export interface ChunkPlace {
  type: string;
  /** Offset of the chunk's data, bytes. */
  at: number;
  /** Length of its data, bytes. */
  length: number;
}

/** Walks a PNG's chunks by their headers, reading none of their data. Ends at the first chunk that can't be one. */
export async function* walkPngChunks(file: FileHandle): AsyncGenerator<ChunkPlace> {
  const { size } = await file.stat();
  const head = Buffer.alloc(SIGNATURE.length);
  await file.read(head, 0, SIGNATURE.length, 0);
  if (!head.equals(SIGNATURE)) return;
  let at = SIGNATURE.length;
  for (let count = 0; count < MAX_CHUNKS && at + 12 <= size; count += 1) {
    await file.read(head, 0, 8, at);
    const length = head.readUInt32BE(0);
    const type = head.toString('latin1', 4, 8);
    if (!/^[A-Za-z]{4}$/u.test(type) || at + 12 + length > size) return;
    yield { type, at: at + 8, length };
    at += 12 + length;
  }
}

/** The data of a PNG's chunks before its pixels, by type; of several with one type the first. Larger ones than `max` are left out. */
export async function readHeadChunks(
  path: string,
  wanted: ReadonlySet<string>,
  max = 4_000_000,
): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  const file = await open(path, 'r');
  try {
    for await (const { type, at, length } of walkPngChunks(file)) {
      if (type === 'IDAT') break;
      if (!wanted.has(type) || found.has(type) || length > max) continue;
      found.set(type, (await file.read(Buffer.alloc(length), 0, length, at)).buffer);
    }
  } finally {
    await file.close();
  }
  return found;
}

/** A whole chunk: length, type, data, CRC. */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

/** A PNG's beginning with chunks put in behind its header chunk; the rest of the file follows unchanged. */
export function withChunks(png: Buffer, chunks: readonly Buffer[]): Buffer[] {
  return [png.subarray(0, PNG_HEADER_END), ...chunks, png.subarray(PNG_HEADER_END)];
}

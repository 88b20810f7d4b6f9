import type { FileHandle } from 'node:fs/promises';
import { readAt } from './metadata-block.ts';

/** Where a chunk of the RIFF container stands. */
export interface RiffChunk {
  type: string;
  start: number;
  /** Where its data starts, and the length of it. */
  at: number;
  length: number;
  /** Where the next one starts: behind its padding. Beyond the container's end where the last one has none. */
  end: number;
}

/** An animation has a chunk for each frame. */
const MAX_CHUNKS = 200_000;

/** Where the container of a WebP ends as it states itself, which is beyond the file's end if it was cut off; null if it isn't one (RFC 9649, 2.4). */
export async function readRiffEnd(file: FileHandle): Promise<number | null> {
  const head = await readAt(file, 0, 12);
  const isWebp = head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP';
  return isWebp ? 8 + head.readUInt32LE(4) : null;
}

/** Walks the chunks of a WebP whose container ends at `end`, reading none of their data. One that is cut off is the last. */
export async function* walkRiffChunks(file: FileHandle, end: number): AsyncGenerator<RiffChunk> {
  let at = 12;
  for (let count = 0; count < MAX_CHUNKS && at + 8 <= end; count += 1) {
    const head = await readAt(file, at, 8);
    if (head.length < 8) return;
    const length = head.readUInt32LE(4);
    const next = at + 8 + length + (length % 2);
    yield { type: head.toString('latin1', 0, 4), start: at, at: at + 8, length, end: next };
    at = next;
  }
}

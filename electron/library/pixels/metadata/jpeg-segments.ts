import type { FileHandle } from 'node:fs/promises';
import { readAt } from './metadata-block.ts';

/** A JPEG's marker segment before its image data. */
export interface JpegSegment {
  marker: number;
  /** Where its marker starts and where the segment ends, bytes. */
  start: number;
  end: number;
  /** The beginning of its content, up to 64 bytes. */
  head: Buffer;
}

const START_OF_SCAN = 0xda;
/** Every application segment may be there many times; more than this is no photo. */
const MAX_SEGMENTS = 20_000;
const HEAD_BYTES = 64;

/** Walks a JPEG's segments up to the one that starts its image data (ITU-T T.81, B.1.1), that one included. Ends at the first that can't be one. */
export async function* walkJpegSegments(file: FileHandle): AsyncGenerator<JpegSegment> {
  const { size } = await file.stat();
  const start = await readAt(file, 0, 2);
  if (start[0] !== 0xff || start[1] !== 0xd8) return;
  let at = 2;
  for (let count = 0; count < MAX_SEGMENTS; count += 1) {
    const part = await readAt(file, at, 4 + HEAD_BYTES);
    const marker = part[1];
    if (part.length < 4 || part[0] !== 0xff || marker === undefined) return;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = part.readUInt16BE(2);
    const end = at + 2 + length;
    if (marker < 0xc0 || length < 2 || end > size) return;
    yield { marker, start: at, end, head: part.subarray(4, Math.min(part.length, 2 + length)) };
    if (marker === START_OF_SCAN) return;
    at = end;
  }
}

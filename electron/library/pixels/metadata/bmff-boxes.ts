import type { FileHandle } from 'node:fs/promises';
import { readAt } from './metadata-block.ts';

/** A box of the ISO base media file format (ISO 14496-12, 4.2) within a file or a buffer. `at`: where its content begins. */
export interface Box {
  type: string;
  at: number;
  end: number;
}

const MAX_BOXES = 1000;
const HEAD = 16;

/** Walks the boxes of a file, or of a part of one, none of those in them. One that is cut off ends where the part does. */
export async function* walkBoxes(file: FileHandle, from = 0, to?: number): AsyncGenerator<Box> {
  const end = to ?? (await file.stat()).size;
  let at = from;
  for (let count = 0; count < MAX_BOXES && at + 8 <= end; count += 1) {
    const box = boxAt(await readAt(file, at, HEAD), at, end);
    if (!box) return;
    yield box;
    at = box.end;
  }
}

/** The boxes in a part of a buffer. */
export function boxesIn(bytes: Buffer, from: number, to = bytes.length): Box[] {
  const boxes: Box[] = [];
  for (let at = from; boxes.length < MAX_BOXES && at + 8 <= to;) {
    const box = boxAt(bytes.subarray(at, at + HEAD), at, to);
    if (!box) break;
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

function boxAt(head: Buffer, at: number, limit: number): Box | null {
  if (head.length < 8) return null;
  const stated = head.readUInt32BE(0);
  const isLarge = stated === 1;
  if (isLarge && head.length < HEAD) return null;
  const size = isLarge ? Number(head.readBigUInt64BE(8)) : stated === 0 ? limit - at : stated;
  const content = isLarge ? HEAD : 8;
  return size < content
    ? null
    : { type: head.toString('latin1', 4, 8), at: at + content, end: Math.min(at + size, limit) };
}

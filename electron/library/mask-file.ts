import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflate } from 'node:zlib';
import type { Size } from './deed-words.ts';

interface Kind {
  /** Of PNG (ISO 15948, 11.2.2). */
  colourType: number;
  keep: readonly number[];
  edit: readonly number[];
}

/** The two ways to write pixels with an alpha channel of their own, the usual one first; the other takes half the bytes. */
const KINDS: readonly Kind[] = [
  { colourType: 6, keep: [0, 0, 0, 255], edit: [255, 255, 255, 0] },
  { colourType: 4, keep: [0, 255], edit: [255, 0] },
];
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** So much is written before others have their turn, in bytes. */
const STEP = 1024 * 1024;

/**
 * A mask's PNG from one byte a pixel (255: keep, 0: edit): red, green, blue and alpha, or, where that is not below the limit, grey and
 * alpha. Built byte by byte, since a drawing program would lose the white of transparent pixels. Null: no way is small enough.
 * @param below in bytes
 */
export async function encodeMask(pixels: Uint8Array, size: Size, below: number): Promise<Buffer | null> {
  for (const kind of KINDS) {
    const data = await encodeAs(kind, pixels, size);
    if (data.length < below) return data;
  }
  return null;
}

async function encodeAs(kind: Kind, pixels: Uint8Array, { width, height }: Size): Promise<Buffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, kind.colourType], 8);
  const packing = createDeflate({ level: 6, memLevel: 9 });
  const [data] = await Promise.all([buffer(packing), pipeline(scanlines(kind, pixels, width, height), packing)]);
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

/** Unfiltered lines, some at a time. */
function* scanlines({ keep, edit }: Kind, pixels: Uint8Array, width: number, height: number): Generator<Buffer> {
  const length = 1 + width * keep.length;
  const most = Math.max(1, Math.floor(STEP / length));
  for (let top = 0; top < height; top += most) {
    const count = Math.min(most, height - top);
    const block = Buffer.alloc(length * count);
    for (let line = 0; line < count; line += 1) {
      let at = line * length + 1;
      for (let x = 0; x < width; x += 1) {
        const bytes = pixels[(top + line) * width + x] === 0 ? edit : keep;
        for (let channel = 0; channel < bytes.length; channel += 1) block[at + channel] = bytes[channel] ?? 0;
        at += bytes.length;
      }
    }
    yield block;
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(4);
  frame.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([frame, named, sum]);
}

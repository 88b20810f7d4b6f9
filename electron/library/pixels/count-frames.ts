import { open, type FileHandle } from 'node:fs/promises';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';

/** Longer animations aren't opened: a decoder keeps hundreds of bytes for each frame, and a frame takes fifteen in the file. */
export const MAX_FRAMES = 2000;

const WINDOW_BYTES = 256 * 1024;

/**
 * How many frames an animation has, read by hopping over their data; counting ends beyond {@link MAX_FRAMES}. 1 for formats without
 * animations. A damaged file counts as far as it can be read.
 */
export async function countFrames(path: string, format: FileFormat): Promise<number> {
  if (format !== 'gif' && format !== 'webp') return 1;
  const file = await open(path, 'r');
  try {
    const bytes = new FileBytes(file, (await file.stat()).size);
    return Math.max(1, format === 'gif' ? (await walkGif(bytes)).frames : await countWebpFrames(bytes));
  } finally {
    await file.close();
  }
}

/** Whether a GIF goes on to its end. True also if it has too many frames to tell. */
export async function hasGifEnd(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    return (await walkGif(new FileBytes(file, (await file.stat()).size))).ended;
  } finally {
    await file.close();
  }
}

/** GIF89a, sections 15 to 27: blocks, each followed by its data in pieces of at most 255 bytes. */
async function walkGif(bytes: FileBytes): Promise<{ frames: number; ended: boolean }> {
  const flags = await bytes.at(10);
  let at = 13 + colorTableBytes(flags);
  let frames = 0;
  while (at < bytes.size && frames <= MAX_FRAMES) {
    const block = await bytes.at(at);
    if (block === 0x2c) {
      frames += 1;
      at = await skipPieces(bytes, at + 11 + colorTableBytes(await bytes.at(at + 9)));
    } else if (block === 0x21) at = await skipPieces(bytes, at + 2);
    // The trailer, or something that shouldn't be there.
    else return { frames, ended: block === 0x3b };
  }
  return { frames, ended: frames > MAX_FRAMES };
}

const colorTableBytes = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

async function skipPieces(bytes: FileBytes, from: number): Promise<number> {
  let at = from;
  while (at < bytes.size) {
    const length = await bytes.at(at);
    at += length + 1;
    if (length === 0) return at;
  }
  return at;
}

/** RFC 9649: chunks with their lengths. */
async function countWebpFrames(bytes: FileBytes): Promise<number> {
  let frames = 0;
  for (let at = 12; at + 8 <= bytes.size && frames <= MAX_FRAMES;) {
    const name = await bytes.text(at, 4);
    const length = await bytes.uint32(at + 4);
    if (name === 'ANMF') frames += 1;
    at += 8 + length + (length % 2);
  }
  return frames;
}

/** Single bytes of a file, read in windows. */
class FileBytes {
  readonly size: number;
  readonly #file: FileHandle;
  #window: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  /** 0 beyond the end. */
  async at(position: number): Promise<number> {
    const inside = position - this.#start;
    if (inside >= 0 && inside < this.#window.length) return this.#window[inside] ?? 0;
    if (position >= this.size) return 0;
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(WINDOW_BYTES), 0, WINDOW_BYTES, position);
    [this.#window, this.#start] = [buffer.subarray(0, bytesRead), position];
    return this.#window[0] ?? 0;
  }

  async text(position: number, length: number): Promise<string> {
    let text = '';
    for (let index = 0; index < length; index += 1) text += String.fromCharCode(await this.at(position + index));
    return text;
  }

  async uint32(position: number): Promise<number> {
    let value = 0;
    for (let index = 3; index >= 0; index -= 1) value = value * 256 + (await this.at(position + index));
    return value;
  }
}

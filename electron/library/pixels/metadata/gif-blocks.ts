import type { FileHandle } from 'node:fs/promises';
import { FileWindow } from './file-window.ts';
import type { FilePart, TextBlock } from './text-block.ts';

/** A block of a GIF (GIF89a, 23 to 26): where the first part of its data begins, and where what ends it stands. */
export interface GifBlock {
  kind: 'image' | 'comment' | 'application' | 'other';
  /** An application's name and code, 11 characters; else ''. */
  name: string;
  at: number;
  end: number;
}

/** An animation has two blocks for each frame. */
const MAX_BLOCKS = 200_000;
const KINDS: Readonly<Record<number, GifBlock['kind']>> = { 0xfe: 'comment', 0xff: 'application' };

/** Walks a GIF's blocks up to its end, or to where it is damaged. */
export async function* walkGifBlocks(file: FileHandle): AsyncGenerator<GifBlock> {
  const window = new FileWindow(file);
  const head = await window.read(0, 13);
  if (head.length < 13 || !head.toString('latin1').startsWith('GIF8')) return;
  let at = 13 + tableBytes(head[10] ?? 0);
  for (let count = 0; count < MAX_BLOCKS; count += 1) {
    const start = await window.read(at, 14);
    const block = start[0] === 0x21 ? extension(start, at) : start[0] === 0x2c ? image(start, at) : null;
    if (!block) return;
    const end = await dataEnd(window, block.at);
    if (end === null) return;
    yield { ...block, end };
    at = end + 1;
  }
}

function extension(start: Buffer, at: number): Omit<GifBlock, 'end'> {
  const kind = KINDS[start[1] ?? 0] ?? 'other';
  if (kind !== 'application' || start[2] !== 11)
    return { kind: kind === 'application' ? 'other' : kind, name: '', at: at + 2 };
  return { kind, name: start.toString('latin1', 3), at: at + 14 };
}

/** The data begins behind the image's own colours and the size of its codes. */
const image = (start: Buffer, at: number): Omit<GifBlock, 'end'> => ({
  kind: 'image',
  name: '',
  at: at + 11 + tableBytes(start[9] ?? 0),
});

const tableBytes = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

/** Where the empty part stands that ends a block's data; null if the file ends before. */
async function dataEnd(window: FileWindow, from: number): Promise<number | null> {
  for (let at = from; ;) {
    const [length] = await window.read(at, 1);
    if (length === undefined) return null;
    if (length === 0) return at;
    at += 1 + length;
  }
}

/** More text than this stands in no comment. */
const MAX_PARTS = 40_000;

/** A GIF's comments and its XMP. */
export async function* gifTextBlocks(file: FileHandle): AsyncGenerator<TextBlock> {
  for await (const { kind, name, at, end } of walkGifBlocks(file)) {
    if (kind === 'comment') yield { kind, parts: await partsOf(file, at) };
    // A packet isn't written in parts (XMP specification 3, 1.1.2).
    else if (name === 'XMP DataXMP') yield { kind: 'xmp', parts: [{ at, length: end - at }] };
  }
}

async function partsOf(file: FileHandle, from: number): Promise<FilePart[]> {
  const window = new FileWindow(file);
  const parts: FilePart[] = [];
  for (let at = from; parts.length < MAX_PARTS;) {
    const [length = 0] = await window.read(at, 1);
    if (length === 0) break;
    parts.push({ at: at + 1, length });
    at += 1 + length;
  }
  return parts;
}

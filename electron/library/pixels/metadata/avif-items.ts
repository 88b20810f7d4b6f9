import type { FileHandle } from 'node:fs/promises';
import { boxesIn, walkBoxes, type Box } from './bmff-boxes.ts';
import { readAt } from './metadata-block.ts';
import type { FilePart, TextBlock } from './text-block.ts';

/** The box that says where everything is has some kilobytes. */
const MAX_META = 4_000_000;
const MAX_ITEMS = 10_000;
const MAX_PARTS = 1000;

/** EXIF and XMP of an AVIF, which are items of its `meta` box (ISO 14496-12, 8.11; ISO 23008-12, annex A). */
export async function* avifTextBlocks(file: FileHandle): AsyncGenerator<TextBlock> {
  for await (const box of walkBoxes(file)) {
    if (box.type !== 'meta') continue;
    if (box.end - box.at > MAX_META) return;
    const bytes = await readAt(file, box.at, box.end - box.at);
    yield* blocksOf(file, bytes, box.at);
    return;
  }
}

async function* blocksOf(file: FileHandle, bytes: Buffer, start: number): AsyncGenerator<TextBlock> {
  // A version and flags come before the boxes.
  const boxes = boxesIn(bytes, 4);
  const named = (type: string): Box | undefined => boxes.find((box) => box.type === type);
  const [infos, places, data] = [named('iinf'), named('iloc'), named('idat')];
  if (!infos || !places) return;
  const kinds = itemKinds(bytes, infos);
  for (const { item, parts } of locations(new Cursor(bytes, places), data ? start + data.at : null)) {
    const kind = kinds.get(item);
    if (kind === 'xmp') yield { kind, parts };
    if (kind === 'exif') yield { kind, parts: await withoutOffset(file, parts) };
  }
}

/** What items hold that are EXIF or XMP, by their numbers (8.11.6). */
function itemKinds(bytes: Buffer, infos: Box): Map<number, 'exif' | 'xmp'> {
  const kinds = new Map<number, 'exif' | 'xmp'>();
  for (const box of boxesIn(bytes, infos.at + (bytes[infos.at] === 0 ? 6 : 8), infos.end)) {
    const cursor = new Cursor(bytes, box);
    const version = cursor.number(1);
    if (box.type !== 'infe' || version < 2) continue;
    cursor.number(3);
    const item = cursor.number(version === 2 ? 2 : 4);
    cursor.number(2);
    const type = bytes.toString('latin1', cursor.at, cursor.at + 4);
    const rest = bytes.toString('latin1', cursor.at + 4, box.end);
    if (type === 'Exif') kinds.set(item, 'exif');
    else if (type === 'mime' && rest.split('\0')[1] === 'application/rdf+xml') kinds.set(item, 'xmp');
  }
  return kinds;
}

/** Where items are (8.11.3). @param dataAt where the items are that stand in the `meta` box itself */
function* locations(cursor: Cursor, dataAt: number | null): Generator<{ item: number; parts: FilePart[] }> {
  const version = cursor.number(1);
  cursor.number(3);
  const sizes = cursor.number(2);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version === 0 ? 0 : sizes & 15;
  const count = Math.min(cursor.number(version < 2 ? 2 : 4), MAX_ITEMS);
  for (let index = 0; index < count && !cursor.isAtEnd(); index += 1) {
    const item = cursor.number(version < 2 ? 2 : 4);
    const method = version === 0 ? 0 : cursor.number(2) & 15;
    cursor.number(2);
    const base = cursor.number(baseSize) + (method === 1 ? (dataAt ?? 0) : 0);
    const parts: FilePart[] = [];
    const extents = cursor.number(2);
    // Parts without a place or a length say nothing, and reading them would never come to an end.
    if (indexSize + offsetSize + lengthSize === 0) continue;
    for (let extent = 0; extent < extents && !cursor.isAtEnd(); extent += 1) {
      cursor.number(indexSize);
      const at = base + cursor.number(offsetSize);
      parts.push({ at, length: cursor.number(lengthSize) });
    }
    const isHere = method === 0 || (method === 1 && dataAt !== null);
    if (isHere && parts.length <= MAX_PARTS) yield { item, parts };
  }
}

/** EXIF begins with how many bytes come before its own (ISO 23008-12, A.2.1). */
async function withoutOffset(file: FileHandle, parts: readonly FilePart[]): Promise<readonly FilePart[]> {
  const [first, ...others] = parts;
  const head = first && first.length >= 4 ? await readAt(file, first.at, 4) : null;
  if (!first || head?.length !== 4) return [];
  const skipped = Math.min(4 + head.readUInt32BE(0), first.length);
  return [{ at: first.at + skipped, length: first.length - skipped }, ...others];
}

/** Reads a box's numbers one after the other; 0 beyond its end. */
class Cursor {
  readonly #bytes: Buffer;
  readonly #end: number;
  at: number;

  constructor(bytes: Buffer, { at, end }: Box) {
    this.#bytes = bytes;
    this.#end = end;
    this.at = at;
  }

  isAtEnd(): boolean {
    return this.at >= this.#end;
  }

  number(size: number): number {
    let value = 0;
    for (let index = 0; index < size; index += 1) value = value * 256 + (this.#bytes[this.at + index] ?? 0);
    this.at += size;
    return this.at > this.#end ? 0 : value;
  }
}

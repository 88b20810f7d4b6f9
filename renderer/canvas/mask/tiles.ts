import { unite, type Rect, type Size } from '../../stage/geometry.ts';
import { bitsOf, coverageOf } from './bits.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import type { Coverage } from './coverage.ts';

/** A mask is kept in squares of so many pixels. */
export const TILE = 64;

/** How a tile's bytes are written: all alike, nothing but 0 and 255, or any. */
const KINDS = { alike: 0, bits: 1, grey: 2 } as const;

export function tilesAcross({ width }: Size): number {
  return Math.ceil(width / TILE);
}

export function tileCount(size: Size): number {
  return tilesAcross(size) * Math.ceil(size.height / TILE);
}

/** The part of the picture that a tile has; smaller at the right and lower edge. */
export function tileRect(size: Size, tile: number): Rect {
  const across = tilesAcross(size);
  const [left, top] = [(tile % across) * TILE, Math.floor(tile / across) * TILE];
  return { left, top, width: Math.min(TILE, size.width - left), height: Math.min(TILE, size.height - top) };
}

/** Calls for each tile that a part of the picture meets. */
export function eachTile(size: Size, { left, top, width, height }: Rect, each: (tile: number) => void): void {
  if (width <= 0 || height <= 0) return;
  const across = tilesAcross(size);
  const [right, bottom] = [Math.floor((left + width - 1) / TILE), Math.floor((top + height - 1) / TILE)];
  for (let y = Math.floor(top / TILE); y <= bottom; y += 1) {
    for (let x = Math.floor(left / TILE); x <= right; x += 1) each(y * across + x);
  }
}

/** A copy of a tile's bytes, row by row. */
export function readTile({ coverage, size }: Coverage, tile: number): Uint8Array<ArrayBuffer> {
  const { left, top, width, height } = tileRect(size, tile);
  const bytes = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const start = (top + y) * size.width + left;
    bytes.set(coverage.subarray(start, start + width), y * width);
  }
  return bytes;
}

/** Puts a tile's bytes in their place. */
export function writeTile({ coverage, size }: Coverage, tile: number, bytes: Uint8Array): void {
  const { left, top, width, height } = tileRect(size, tile);
  for (let y = 0; y < height; y += 1) {
    coverage.set(bytes.subarray(y * width, (y + 1) * width), (top + y) * size.width + left);
  }
}

/** Tiles by their number, as they were at some time, in one compact piece. */
export type PackedTiles = Uint8Array<ArrayBuffer>;

export function packTiles(tiles: ReadonlyMap<number, Uint8Array>): PackedTiles {
  const writer = new ByteWriter();
  for (const [tile, bytes] of tiles) {
    writer.number(tile);
    const first = bytes[0] ?? 0;
    const kind = kindOf(bytes, first);
    writer.byte(kind);
    if (kind === KINDS.alike) writer.byte(first);
    else writer.runs(kind === KINDS.bits ? bitsOf(bytes) : bytes);
  }
  return writer.taken();
}

function kindOf(bytes: Uint8Array, first: number): number {
  let kind: number = KINDS.alike;
  for (const byte of bytes) {
    if (byte !== 0 && byte !== 255) return bytes.every((other) => other === byte) ? KINDS.alike : KINDS.grey;
    if (byte !== first) kind = KINDS.bits;
  }
  return kind;
}

/** Each tile of a piece with its bytes. */
export function* unpackTiles(size: Size, packed: PackedTiles): Generator<[tile: number, bytes: Uint8Array]> {
  const reader = new ByteReader(packed);
  while (!reader.isAtEnd) {
    const tile = reader.number();
    const { width, height } = tileRect(size, tile);
    const bytes = new Uint8Array(width * height);
    const kind = reader.byte();
    if (kind === KINDS.alike) bytes.fill(reader.byte());
    else if (kind === KINDS.grey) reader.runs(bytes);
    else {
      const bits = new Uint8Array(Math.ceil(bytes.length / 8));
      reader.runs(bits);
      bytes.set(coverageOf(bits, bytes.length));
    }
    yield [tile, bytes];
  }
}

/** The tiles that a deed has touched, as they were before it. */
export class TouchedTiles {
  readonly #mask: Coverage;
  readonly #before = new Map<number, Uint8Array>();

  constructor(mask: Coverage) {
    this.#mask = mask;
  }

  /** Keeps the tiles that a part meets, unless it has them already. */
  keep(part: Rect): void {
    eachTile(this.#mask.size, part, (tile) => {
      if (!this.#before.has(tile)) this.#before.set(tile, readTile(this.#mask, tile));
    });
  }

  /** Puts all back as it was; gives the part that this may have changed. */
  restore(): Rect {
    for (const [tile, bytes] of this.#before) writeTile(this.#mask, tile, bytes);
    const part = this.#part();
    this.#before.clear();
    return part;
  }

  /** What is needed to go back, and the part that was changed: tiles that came out as they were are left out. */
  pack(): { before: PackedTiles; part: Rect } {
    for (const [tile, bytes] of this.#before) {
      if (isSame(bytes, readTile(this.#mask, tile))) this.#before.delete(tile);
    }
    return { before: packTiles(this.#before), part: this.#part() };
  }

  #part(): Rect {
    const nothing: Rect = { left: 0, top: 0, width: 0, height: 0 };
    return [...this.#before.keys()].reduce((part, tile) => unite(part, tileRect(this.#mask.size, tile)), nothing);
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}

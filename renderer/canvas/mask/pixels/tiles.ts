import { unionRect, type Rect, type Size } from '../../../stage/geometry.ts';
import { bitsOf, coverageOf } from './bits.ts';
import { ByteReader, ByteWriter } from './run-length.ts';
import type { Coverage } from './coverage.ts';
import { repeatByte, asUint32 } from './uint32.ts';

/** Edge of a tile, px. */
const TILE = 64;

/** Encoding of a tile: one value, only 0 and 255, or any values. */
const KINDS = { alike: 0, bits: 1, grey: 2 } as const;

function tilesAcross({ width }: Size): number {
  return Math.ceil(width / TILE);
}

export function tileCount(size: Size): number {
  return tilesAcross(size) * Math.ceil(size.height / TILE);
}

/** The part of the image in a tile; smaller at the right and bottom edges. */
export function tileRect(size: Size, tile: number): Rect {
  const across = tilesAcross(size);
  const [left, top] = [(tile % across) * TILE, Math.floor(tile / across) * TILE];
  return { left, top, width: Math.min(TILE, size.width - left), height: Math.min(TILE, size.height - top) };
}

/** Calls back for each tile that overlaps a part. */
export function eachTile(size: Size, { left, top, width, height }: Rect, each: (tile: number) => void): void {
  if (width <= 0 || height <= 0) return;
  const across = tilesAcross(size);
  const [right, bottom] = [Math.floor((left + width - 1) / TILE), Math.floor((top + height - 1) / TILE)];
  for (let y = Math.floor(top / TILE); y <= bottom; y += 1) {
    for (let x = Math.floor(left / TILE); x <= right; x += 1) each(y * across + x);
  }
}

/** A copy of a tile's bytes, row by row. */
function readTile(mask: Coverage, tile: number): Uint8Array<ArrayBuffer> {
  const rect = tileRect(mask.size, tile);
  const bytes = new Uint8Array(rect.width * rect.height);
  copyRows(mask.coverage, rect.top * mask.size.width + rect.left, mask.size.width, bytes, 0, rect.width, rect);
  return bytes;
}

/** Writes a tile's bytes back. */
export function writeTile(mask: Coverage, tile: number, bytes: Uint8Array): void {
  const rect = tileRect(mask.size, tile);
  copyRows(bytes, 0, rect.width, mask.coverage, rect.top * mask.size.width + rect.left, mask.size.width, rect);
}

/** `…At`: offset of the first row. `…Across`: distance of rows. Copies words if everything is divisible by 4. */
function copyRows(
  from: Uint8Array,
  fromAt: number,
  fromAcross: number,
  to: Uint8Array,
  toAt: number,
  toAcross: number,
  { width, height }: Size,
): void {
  if ((fromAt | fromAcross | toAt | toAcross | width) % 4 === 0) {
    const [source, target] = [asUint32(from), asUint32(to)];
    copyEach(source, fromAt / 4, fromAcross / 4, target, toAt / 4, toAcross / 4, width / 4, height);
  } else copyEach(from, fromAt, fromAcross, to, toAt, toAcross, width, height);
}

function copyEach(
  from: Uint8Array | Uint32Array,
  fromAt: number,
  fromAcross: number,
  to: Uint8Array | Uint32Array,
  toAt: number,
  toAcross: number,
  width: number,
  height: number,
): void {
  for (let y = 0; y < height; y += 1) {
    const [source, target] = [fromAt + y * fromAcross, toAt + y * toAcross];
    for (let x = 0; x < width; x += 1) to[target + x] = from[source + x] ?? 0;
  }
}

/** Packed tiles with their numbers. */
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
  const words = asUint32(bytes);
  const alike = repeatByte(first);
  let at = 0;
  while (at < words.length && words[at] === alike) at += 1;
  const rest = bytes.subarray(at * 4);
  if (rest.every((byte) => byte === first)) return KINDS.alike;
  return (first === 0 || first === 255) && rest.every((byte) => byte === 0 || byte === 255) ? KINDS.bits : KINDS.grey;
}

/** Unpacks tiles. */
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

/** From this many tiles on, the whole mask is copied instead. */
const MANY = 256;

/** The tiles that an operation touches, as they were before it. */
export class TouchedTiles {
  readonly #mask: Coverage;
  readonly #before = new Map<number, Uint8Array>();
  /** A copy of the whole mask, except for tiles kept before it. */
  #whole: Uint8Array<ArrayBuffer> | null = null;

  constructor(mask: Coverage) {
    this.#mask = mask;
  }

  /** Keeps the tiles of a part, unless they are kept already. */
  keep(part: Rect): void {
    if (this.#whole) return;
    if (part.width * part.height >= MANY * TILE * TILE) {
      this.#whole = this.#mask.coverage.slice();
      return;
    }
    eachTile(this.#mask.size, part, (tile) => {
      if (!this.#before.has(tile)) this.#before.set(tile, readTile(this.#mask, tile));
    });
  }

  /** Restores everything; returns the part that may have changed. */
  restore(): Rect {
    const before = this.#changed();
    for (const [tile, bytes] of before) writeTile(this.#mask, tile, bytes);
    this.#before.clear();
    this.#whole = null;
    return this.#partOf(before);
  }

  /** The undo data and the changed part; unchanged tiles are left out. */
  pack(): { before: PackedTiles; part: Rect } {
    const before = this.#changed();
    return { before: packTiles(before), part: this.#partOf(before) };
  }

  /** The changed tiles before the operation. */
  #changed(): Map<number, Uint8Array> {
    const changed = new Map<number, Uint8Array>();
    if (this.#whole) {
      const before = { size: this.#mask.size, coverage: this.#whole };
      for (const [tile, bytes] of this.#before) writeTile(before, tile, bytes);
      for (const tile of changedTiles(before, this.#mask)) changed.set(tile, readTile(before, tile));
    } else {
      for (const [tile, bytes] of this.#before) if (!holdsTile(this.#mask, tile, bytes)) changed.set(tile, bytes);
    }
    return changed;
  }

  #partOf(tiles: ReadonlyMap<number, unknown>): Rect {
    const nothing: Rect = { left: 0, top: 0, width: 0, height: 0 };
    return [...tiles.keys()].reduce((part, tile) => unionRect(part, tileRect(this.#mask.size, tile)), nothing);
  }
}

/** Whether a tile's bytes equal these. */
function holdsTile({ coverage, size }: Coverage, tile: number, bytes: Uint8Array): boolean {
  const { left, top, width, height } = tileRect(size, tile);
  for (let y = 0; y < height; y += 1) {
    const start = (top + y) * size.width + left;
    const row = y * width;
    for (let x = 0; x < width; x += 1) if (coverage[start + x] !== bytes[row + x]) return false;
  }
  return true;
}

/** The tiles in which two masks of one size differ. */
function changedTiles(one: Coverage, other: Coverage): Set<number> {
  const { width, height } = one.size;
  const across = tilesAcross(one.size);
  const changed = new Set<number>();
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor(y / TILE) * across;
    for (let left = 0, tile = row; left < width; left += TILE, tile += 1) {
      if (changed.has(tile)) continue;
      const end = y * width + Math.min(width, left + TILE);
      for (let at = y * width + left; at < end; at += 1) {
        if (one.coverage[at] === other.coverage[at]) continue;
        changed.add(tile);
        break;
      }
    }
  }
  return changed;
}

import type { Size } from '../../stage/geometry.ts';
import { packTiles, unpackTiles, type PackedTiles } from './pixels/tiles.ts';

/** Limit of all undo data, bytes. */
const MAX_HISTORY_BYTES = 32 * 1024 * 1024;
/** Limit of one entry, as a share of an RGBA bitmap; larger entries (grey noise) are dropped. */
const MAX_ENTRY_SHARE = 0.05;

/** Tiles before the operation, or "invert again". */
export type Before = PackedTiles | 'invert';

/** An undo entry: leads back to `to` operations. `before` null: the operations must be replayed. */
export interface UndoEntry {
  to: number;
  before: Before | null;
}

/**
 * Undo entries of a mask, one for each operation. Limited in size: the oldest entries are merged in pairs, so that one leads back over several
 * operations; those in between are replayed from there.
 */
export class MaskHistory {
  readonly #size: Size;
  readonly #max: number;
  #ways: UndoEntry[] = [];
  #bytes = 0;
  #next = 0;

  constructor(size: Size, max = MAX_HISTORY_BYTES) {
    this.#size = size;
    this.#max = max;
  }

  /** Size of all entries, bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  get length(): number {
    return this.#ways.length;
  }

  /** Adds the entry that leads back to `to` operations. */
  push(to: number, before: Before | null): void {
    const isTooLarge = bytesOf(before) > MAX_ENTRY_SHARE * 4 * this.#size.width * this.#size.height + 4096;
    this.#ways.push({ to, before: isTooLarge ? null : before });
    this.#bytes += isTooLarge ? 0 : bytesOf(before);
    while (this.#bytes > this.#max) this.#thin();
  }

  /** Removes and returns the last entry; undefined at the beginning. */
  pop(): UndoEntry | undefined {
    const way = this.#ways.pop();
    this.#bytes -= bytesOf(way?.before ?? null);
    return way;
  }

  clear(): void {
    this.#ways = [];
    this.#bytes = 0;
  }

  /** Merges two adjacent entries of the older half, round robin; if none can be merged, drops the oldest. */
  #thin(): void {
    const half = Math.ceil(this.#ways.length / 2);
    for (let tries = 0; tries < half; tries += 1) {
      if (this.#next >= half) this.#next = 0;
      const at = this.#next;
      this.#next += 1;
      if (this.#merge(at)) return;
    }
    const oldest = this.#ways.findIndex(({ before }) => before !== null);
    this.#bytes -= bytesOf(this.#ways[oldest]?.before ?? null);
    this.#ways = [{ to: 0, before: null }, ...this.#ways.slice(oldest + 1)];
  }

  #merge(at: number): boolean {
    const [older, newer] = [this.#ways[at], this.#ways[at + 1]];
    if (!(older?.before instanceof Uint8Array) || !(newer?.before instanceof Uint8Array)) return false;
    const tiles = new Map([...unpackTiles(this.#size, newer.before), ...unpackTiles(this.#size, older.before)]);
    const before = packTiles(tiles);
    this.#ways.splice(at, 2, { to: older.to, before });
    this.#bytes += before.length - older.before.length - newer.before.length;
    return true;
  }
}

function bytesOf(before: Before | null): number {
  return before instanceof Uint8Array ? before.length : 0;
}

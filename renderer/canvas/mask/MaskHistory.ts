import type { Size } from '../../stage/geometry.ts';
import { packTiles, unpackTiles, type PackedTiles } from './pixels/tiles.ts';

/** The ways back may take so much in all, in bytes. */
const MAX_HISTORY_BYTES = 32 * 1024 * 1024;
/** Of a bitmap of four bytes a pixel: a way back that is larger (grey noise all over) is not kept. */
const MAX_ENTRY_SHARE = 0.05;

/** The tiles as they were, or all of it inverted again. */
export type Before = PackedTiles | 'invert';

/** A way back from one number of deeds to a smaller one. `before` null: there is none, the deeds have to be done anew. */
export interface UndoEntry {
  to: number;
  before: Before | null;
}

/**
 * The ways back of a mask, one for each deed, the last first. Bounded: where they become too many, the oldest are laid together two by
 * two, so that one leads over several deeds and those in between are done anew from where it ends.
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

  /** What all ways take, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  get length(): number {
    return this.#ways.length;
  }

  /** Adds the way back from the present state to that of `to` deeds. */
  push(to: number, before: Before | null): void {
    const isTooLarge = bytesOf(before) > MAX_ENTRY_SHARE * 4 * this.#size.width * this.#size.height + 4096;
    this.#ways.push({ to, before: isTooLarge ? null : before });
    this.#bytes += isTooLarge ? 0 : bytesOf(before);
    while (this.#bytes > this.#max) this.#thin();
  }

  /** Takes the way back from the present state; undefined at the beginning. */
  pop(): UndoEntry | undefined {
    const way = this.#ways.pop();
    this.#bytes -= bytesOf(way?.before ?? null);
    return way;
  }

  clear(): void {
    this.#ways = [];
    this.#bytes = 0;
  }

  /** Makes one of two among the older half, each time a little farther on; where none can be, the oldest is given up. */
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

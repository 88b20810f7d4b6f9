import type { Rect } from '../../stage/geometry.ts';
import { MARKED, type Coverage } from './coverage.ts';
import { eachTile, tileCount, tileRect } from './tiles.ts';

/** How many pixels are marked, tile by tile; only tiles that were written are counted again. */
export class MaskTally {
  readonly #mask: Coverage;
  readonly #marked: Uint16Array;
  readonly #stale = new Set<number>();
  #total = 0;

  constructor(mask: Coverage) {
    this.#mask = mask;
    this.#marked = new Uint16Array(tileCount(mask.size));
  }

  /** Something there is written. */
  touch(part: Rect): void {
    eachTile(this.#mask.size, part, (tile) => this.#stale.add(tile));
  }

  get total(): number {
    for (const tile of this.#stale) {
      const now = this.#count(tile);
      this.#total += now - (this.#marked[tile] ?? 0);
      this.#marked[tile] = now;
    }
    this.#stale.clear();
    return this.#total;
  }

  #count(tile: number): number {
    const { coverage, size } = this.#mask;
    const { left, top, width, height } = tileRect(size, tile);
    let count = 0;
    for (let y = top; y < top + height; y += 1) {
      const start = y * size.width + left;
      for (let pixel = start; pixel < start + width; pixel += 1) if ((coverage[pixel] ?? 0) >= MARKED) count += 1;
    }
    return count;
  }
}

import type { Rect } from '../../stage/geometry.ts';
import { MARKED, type Coverage } from './pixels/coverage.ts';
import { eachTile, tileCount, tileRect } from './pixels/tiles.ts';
import { HIGH_BITS, asUint32 } from './pixels/uint32.ts';

/** Counts marked pixels by tile; only changed tiles are counted again. */
export class MarkedPixelCounter {
  readonly #mask: Coverage;
  readonly #marked: Uint16Array;
  readonly #stale = new Set<number>();
  #total = 0;

  constructor(mask: Coverage) {
    this.#mask = mask;
    this.#marked = new Uint16Array(tileCount(mask.size));
  }

  /** A part was changed. */
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
    if ((size.width | width) % 4 === 0) {
      const words = asUint32(coverage);
      for (let y = top; y < top + height; y += 1) {
        const start = (y * size.width + left) / 4;
        for (let word = start; word < start + width / 4; word += 1) count += markedIn(words[word] ?? 0);
      }
      return count;
    }
    for (let y = top; y < top + height; y += 1) {
      const start = y * size.width + left;
      for (let pixel = start; pixel < start + width; pixel += 1) if ((coverage[pixel] ?? 0) >= MARKED) count += 1;
    }
    return count;
  }
}

/** Number of marked bytes in a word: their highest bits, summed in the highest byte. */
function markedIn(word: number): number {
  return Math.imul((word & HIGH_BITS) >>> 7, 0x01010101) >>> 24;
}

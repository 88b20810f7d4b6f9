import { SvelteMap } from 'svelte/reactivity';
import type { GridImage } from '../../../electron/contract/entities/views.ts';

/** Images in one request. */
export const ROWS_PER_PAGE = 100;
/** Pages that are kept: 2,000 images. */
const MAX_PAGES = 20;

export const pageOf = (position: number): number => Math.floor(position / ROWS_PER_PAGE);

/** The images of a view that are loaded, by pages of positions; the least recently used pages go first. `at` is reactive. */
export class LoadedRows {
  readonly #pages = new SvelteMap<number, readonly (GridImage | null)[]>();
  /** Pages by their last use, the oldest first. */
  readonly #used = new Set<number>();

  has(page: number): boolean {
    return this.#used.has(page);
  }

  /** Stores a page as the most recently used one. */
  set(page: number, images: readonly (GridImage | null)[]): void {
    this.#pages.set(page, images);
    this.touch(page);
    for (const oldest of this.#used) {
      if (this.#used.size <= MAX_PAGES) return;
      this.#used.delete(oldest);
      this.#pages.delete(oldest);
    }
  }

  /** Marks a page as used now. */
  touch(page: number): void {
    this.#used.delete(page);
    this.#used.add(page);
  }

  at(position: number): GridImage | null {
    return this.#pages.get(pageOf(position))?.[position % ROWS_PER_PAGE] ?? null;
  }
}

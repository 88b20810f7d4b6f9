import { SvelteSet } from 'svelte/reactivity';

/** Images that may start loading in one frame while the grid moves, and while it stands still. */
const MOVING_BUDGET = 8;
const RESTING_BUDGET = 24;
/** Nothing starts loading above this speed, in views per frame. */
const FLYING = 0.35;

/** What one frame of the grid looks like. */
interface GridFrame {
  /** Offset of the content, px. */
  top: number;
  /** Height of the view, px. */
  view: number;
  /** Keys of the cells that are drawn, those in view first. */
  keys: readonly number[];
}

/**
 * Decides which cells may load their image: a few new ones a frame, none while the grid flies past, because requests are what makes a grid
 * stutter. A cell that has left the screen forgets its permission.
 */
export class ThumbnailGate {
  readonly #open = new SvelteSet<number>();
  readonly #read: () => GridFrame;
  #frame = 0;
  #top: number | null = null;

  /** `read` returns the current frame; it is called once in each animation frame while there is something to do. */
  constructor(read: () => GridFrame) {
    this.#read = read;
  }

  /** Whether a cell may load its image. Reactive. */
  isOpen(key: number): boolean {
    return this.#open.has(key);
  }

  /** To be called when the grid has moved or draws other cells. */
  wake(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#step());
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#open.clear();
  }

  #step(): void {
    this.#frame = 0;
    const { top, view, keys } = this.#read();
    const speed = this.#top === null || view === 0 ? 0 : Math.abs(top - this.#top) / view;
    this.#top = top;
    const drawn = new Set(keys);
    for (const key of this.#open) if (!drawn.has(key)) this.#open.delete(key);
    let budget = speed > FLYING ? 0 : speed > 0 ? MOVING_BUDGET : RESTING_BUDGET;
    let waits = false;
    for (const key of keys) {
      if (this.#open.has(key)) continue;
      if (budget > 0) this.#open.add(key);
      else waits = true;
      budget -= 1;
    }
    // Once more also after the last movement: only standing still shows that it has ended.
    if (waits || speed > 0) this.wake();
  }
}

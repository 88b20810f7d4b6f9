import { SvelteSet } from 'svelte/reactivity';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';

/** How many images a gate opens for in one frame. */
export interface GateBudget {
  /** While the grid moves. */
  moving: number;
  /** While it stands still. */
  resting: number;
  /** None above this speed, in views per frame. */
  flying: number;
}

/** Requests are what makes a grid stutter. */
export const THUMBNAILS: GateBudget = { moving: 8, resting: 24, flying: 0.35 };
/** A cell with its image has ten times the elements of an empty one: a whole screen of them is too much for one frame. */
export const CONTENTS: GateBudget = { moving: 12, resting: 16, flying: 0.6 };

/** What one frame of the grid looks like. */
export interface GridFrame {
  /** Offset of the content, px. */
  top: number;
  /** Height of the view, px. */
  view: number;
  /** Images of the cells that are drawn, as far as they are loaded; those in view first. */
  images: readonly ImageId[];
}

/**
 * Opens cells for something that costs time: for a few new images in each frame, the nearest first, and for none while the grid flies past. An
 * image that has left the screen has to wait again.
 */
export class CellGate {
  readonly #open = new SvelteSet<ImageId>();
  readonly #read: () => GridFrame;
  readonly #budget: GateBudget;
  #frame = 0;
  #top: number | null = null;

  /** `read` returns the current frame; it is called once in each animation frame while there is something to do. */
  constructor(read: () => GridFrame, budget: GateBudget) {
    this.#read = read;
    this.#budget = budget;
  }

  /** Whether it is open for an image. Reactive. */
  isOpen(image: ImageId): boolean {
    return this.#open.has(image);
  }

  /** To be called when the grid has moved, draws other cells or has loaded their images. */
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
    const { top, view, images } = this.#read();
    const speed = this.#top === null || view === 0 ? 0 : Math.abs(top - this.#top) / view;
    this.#top = top;
    const drawn = new Set(images);
    for (const image of this.#open) if (!drawn.has(image)) this.#open.delete(image);
    let budget = this.#budgetAt(speed);
    let waits = false;
    for (const image of images) {
      if (this.#open.has(image)) continue;
      if (budget > 0) this.#open.add(image);
      else waits = true;
      budget -= 1;
    }
    // Once more also after the last movement: only standing still shows that it has ended.
    if (waits || speed > 0) this.wake();
  }

  #budgetAt(speed: number): number {
    const { moving, resting, flying } = this.#budget;
    if (speed > flying) return 0;
    return speed > 0 ? moving : resting;
  }
}

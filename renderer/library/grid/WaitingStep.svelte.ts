import { untrack } from 'svelte';
import type { ImageView } from '../../state/library/image-view.svelte.ts';

/** A step to a place that isn't known while only the newest images are there: it waits for the index. */
export class WaitingStep {
  #step = $state.raw<(() => void) | null>(null);
  readonly #view: Pick<ImageView, 'view' | 'total' | 'all'>;

  constructor(view: Pick<ImageView, 'view' | 'total' | 'all'>) {
    this.#view = view;
  }

  get isWaiting(): boolean {
    return this.#step !== null;
  }

  /** Takes a step now, or once all images are known; it replaces the one that waits. */
  take(step: () => void): void {
    const { view, total, all } = this.#view;
    this.#step = null;
    if (view === null && total < all) this.#step = step;
    else step();
  }

  /** Stays where it is. */
  cancel(): void {
    this.#step = null;
  }

  /** To be called in an effect. */
  follow(): void {
    const step = this.#step;
    if (step !== null && this.#view.view !== null) untrack(() => this.take(step));
  }
}

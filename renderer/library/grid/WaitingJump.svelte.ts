import { untrack } from 'svelte';
import type { ViewQuestion } from '../../../electron/contract/entities/views.ts';
import type { ImageView } from '../../state/library/image-view.svelte.ts';

/** A jump to a place that isn't known while only the newest images are there: it waits for the index. */
export class WaitingJump {
  #waiting = $state.raw<{ jump: () => void; question: ViewQuestion } | null>(null);
  readonly #view: Pick<ImageView, 'view' | 'total' | 'all' | 'asked' | 'answers'>;

  constructor(view: Pick<ImageView, 'view' | 'total' | 'all' | 'asked' | 'answers'>) {
    this.#view = view;
  }

  get isWaiting(): boolean {
    return this.#waiting !== null;
  }

  /** Jumps now, or once all images are known; it replaces the jump that waits. */
  take(jump: () => void): void {
    const { view, total, all, asked } = this.#view;
    this.#waiting = null;
    if (view === null && total < all) this.#waiting = { jump, question: asked };
    else jump();
  }

  /** Stays where it is. */
  cancel(): void {
    this.#waiting = null;
  }

  /** To be called in an effect. */
  follow(): void {
    const waiting = this.#waiting;
    if (waiting === null || this.#view.view === null) return;
    // The place was one among the images of that question.
    const isAnswered = this.#view.answers(waiting.question);
    untrack(() => {
      if (isAnswered) this.take(waiting.jump);
      else this.cancel();
    });
  }
}

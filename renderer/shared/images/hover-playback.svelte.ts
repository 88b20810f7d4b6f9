/** A moving image begins to move after the pointer has rested on it so long (ms): passing over a grid loads nothing. */
const HOVER_DELAY_MS = 150;

/** Which of the page's moving images moves by itself: one at most. */
class HoverPlayback {
  #id = $state<string | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  isPlaying(id: string): boolean {
    return this.#id === id;
  }

  /** Plays an image after a short rest, in place of any other; never where the person wants less motion. */
  ask(id: string): void {
    clearTimeout(this.#timer);
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    this.#timer = setTimeout(() => (this.#id = id), HOVER_DELAY_MS);
  }

  /** Stops it, if it is the one. */
  leave(id: string): void {
    clearTimeout(this.#timer);
    if (this.#id === id) this.#id = null;
  }
}

/** The page's one. */
export const hoverPlayback = new HoverPlayback();

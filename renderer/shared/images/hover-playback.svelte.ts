/** An animation starts after the pointer has rested on it this long, so that moving across the grid loads nothing. */
const HOVER_DELAY_MS = 150;

/** The one animation of the page that plays on hover or focus. */
class HoverPlayback {
  #id = $state<string | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  isPlaying(id: string): boolean {
    return this.#id === id;
  }

  /** Plays an animation after a short delay and stops any other. Does nothing with reduced motion. */
  start(id: string): void {
    clearTimeout(this.#timer);
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    this.#timer = setTimeout(() => (this.#id = id), HOVER_DELAY_MS);
  }

  /** Stops an animation if it plays. */
  stop(id: string): void {
    clearTimeout(this.#timer);
    if (this.#id === id) this.#id = null;
  }
}

/** The page's instance. */
export const hoverPlayback = new HoverPlayback();

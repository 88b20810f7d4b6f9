import { thumbHashToDataURL } from 'thumbhash';

/**
 * Paints the blurred placeholder of a thumbhash (base64, about 25 bytes) as an element's background. Paints nothing if the hash is invalid. Not
 * on a canvas: a browser composites each of those by itself, which took most of a frame with a screen of images.
 */
function paintThumbhash({ style }: HTMLElement, thumbhash: string): void {
  try {
    const image = thumbHashToDataURL(Uint8Array.from(atob(thumbhash), (character) => character.charCodeAt(0)));
    style.background = `url("${image}") 0 0 / 100% 100% no-repeat`;
  } catch {
    // The placeholder is optional: the frame stays plain.
  }
}

/** Time for placeholders in one frame, ms. */
const FRAME_BUDGET = 6;

/** Paints placeholders without holding up a frame when many appear at once: the rest follows in the next frames. */
class PlaceholderPainter {
  readonly #waiting = new Map<HTMLElement, string>();
  #frame = 0;
  #spent = 0;

  /** Paints at once if there is time, otherwise soon. @returns a function that cancels it */
  paint(element: HTMLElement, thumbhash: string): () => void {
    this.#waiting.set(element, thumbhash);
    this.#run();
    return () => void this.#waiting.delete(element);
  }

  #run(): void {
    for (const [element, thumbhash] of this.#waiting) {
      if (this.#spent >= FRAME_BUDGET) break;
      const began = performance.now();
      this.#waiting.delete(element);
      paintThumbhash(element, thumbhash);
      this.#spent += performance.now() - began;
    }
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#next());
  }

  #next(): void {
    this.#frame = 0;
    this.#spent = 0;
    if (this.#waiting.size > 0) this.#run();
  }
}

/** The page's instance. */
export const placeholders = new PlaceholderPainter();

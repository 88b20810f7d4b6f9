import { thumbHashToAverageRGBA, thumbHashToDataURL } from 'thumbhash';

/** Placeholders are blurred for images that take longer than this to load, ms: a screen of them that is over at once would cost two frames. */
const PATIENCE = 120;
/** Time for blurred placeholders in one frame, ms. */
const FRAME_BUDGET = 6;

interface Waiting {
  hash: Uint8Array;
  /** When it is blurred, ms since the page's start. */
  due: number;
}

/**
 * Paints the placeholders of thumbhashes (base64, about 25 bytes): at once in the image's average colour; if the image isn't there soon, blurred,
 * a few in each frame.
 */
class PlaceholderPainter {
  /** In the order in which they are due. */
  readonly #waiting = new Map<HTMLElement, Waiting>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Paints nothing if the hash is invalid: the frame stays plain. @returns a function that stops it */
  paint(element: HTMLElement, thumbhash: string): () => void {
    const hash = decode(thumbhash);
    if (hash === null) return () => undefined;
    paintAverage(element, hash);
    this.#waiting.set(element, { hash, due: performance.now() + PATIENCE });
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#run(), PATIENCE);
    return () => void this.#waiting.delete(element);
  }

  #run(): void {
    this.#timer = undefined;
    const began = performance.now();
    for (const [element, { hash, due }] of this.#waiting) {
      const now = performance.now();
      if (due > now || now - began >= FRAME_BUDGET) {
        this.#timer = setTimeout(() => requestAnimationFrame(() => this.#run()), Math.max(0, due - now));
        return;
      }
      this.#waiting.delete(element);
      paintBlurred(element, hash);
    }
  }
}

function decode(thumbhash: string): Uint8Array | null {
  try {
    const hash = Uint8Array.from(atob(thumbhash), (character) => character.charCodeAt(0));
    return hash.length < 5 ? null : hash;
  } catch {
    return null;
  }
}

function paintAverage({ style }: HTMLElement, hash: Uint8Array): void {
  const { r, g, b, a } = thumbHashToAverageRGBA(hash);
  style.background = `rgb(${Math.round(r * 255)} ${Math.round(g * 255)} ${Math.round(b * 255)} / ${a})`;
}

/** Not on a canvas: a browser composites each of those by itself, which took most of a frame with a screen of images. */
function paintBlurred({ style }: HTMLElement, hash: Uint8Array): void {
  style.background = `url("${thumbHashToDataURL(hash)}") 0 0 / 100% 100% no-repeat`;
}

/** The page's instance. */
export const placeholders = new PlaceholderPainter();

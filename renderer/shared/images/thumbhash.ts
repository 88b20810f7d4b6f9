import { thumbHashToRGBA } from 'thumbhash';

/** Paints the blurred placeholder of a thumbhash (base64, about 25 bytes). Paints nothing if the hash is invalid. */
function paintThumbhash(canvas: HTMLCanvasElement, thumbhash: string): void {
  try {
    const { w, h, rgba } = thumbHashToRGBA(Uint8Array.from(atob(thumbhash), (character) => character.charCodeAt(0)));
    const pixels = new ImageData(new Uint8ClampedArray(rgba), w, h);
    [canvas.width, canvas.height] = [w, h];
    // Some 30 pixels wide: a surface on the GPU would cost more than it saves.
    canvas.getContext('2d', { willReadFrequently: true })?.putImageData(pixels, 0, 0);
  } catch {
    // The placeholder is optional: the frame stays plain.
  }
}

/** Time for placeholders in one frame, ms. */
const FRAME_BUDGET = 6;

/** Paints placeholders without holding up a frame when many appear at once: the rest follows in the next frames. */
class PlaceholderPainter {
  readonly #waiting = new Map<HTMLCanvasElement, string>();
  #frame = 0;
  #spent = 0;

  /** Paints at once if there is time, otherwise soon. @returns a function that cancels it */
  paint(canvas: HTMLCanvasElement, thumbhash: string): () => void {
    this.#waiting.set(canvas, thumbhash);
    this.#run();
    return () => void this.#waiting.delete(canvas);
  }

  #run(): void {
    for (const [canvas, thumbhash] of this.#waiting) {
      if (this.#spent >= FRAME_BUDGET) break;
      const began = performance.now();
      this.#waiting.delete(canvas);
      paintThumbhash(canvas, thumbhash);
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

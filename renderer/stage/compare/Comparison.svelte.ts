import type { Size } from '../geometry.ts';
import { StageCamera, type CameraStore } from '../StageCamera.svelte.ts';
import { measureDifference, type Difference } from './difference.ts';

/** One of two images that are compared. */
export interface ComparedSide extends Size {
  src: string;
  alt: string;
  /** Drawn on the image, such as "Original". */
  label: string;
  thumbhash: string | null;
  /** Has transparent parts. */
  alpha: boolean;
}

/** How two images can be compared. */
export const COMPARE_MODES = ['slider', 'beside', 'blink', 'onion', 'difference'] as const;
export type CompareMode = (typeof COMPARE_MODES)[number];

/** Factors by which a difference can be multiplied to make a small one visible. */
export const AMPLIFICATIONS = [1, 4, 16] as const;
export type Amplification = (typeof AMPLIFICATIONS)[number];

/** Changes per second in blink mode. Not more than 2: faster flashing can trigger seizures (WCAG 2.3.1). */
export const RATES = [0.5, 1, 2] as const;
export type Rate = (typeof RATES)[number];

/** Two images under one camera, and how they are placed beside or over each other. */
export class Comparison {
  sides = $state.raw<readonly [ComparedSide, ComparedSide] | null>(null);
  mode = $state<CompareMode>('slider');
  /** Position of the slider, 0 (left) to 100. */
  split = $state(50);
  /** Opacity of the second image over the first, 0 to 100. */
  onion = $state(50);
  amplification = $state<Amplification>(4);
  /** Blinking is on. */
  running = $state(true);
  rate = $state<Rate>(1);
  /** In blink mode: the second image is visible. */
  flipped = $state(false);
  /** Only the first image is visible while a key is held. */
  peeking = $state(false);
  /** Null while the pixels are being compared. */
  difference = $state.raw<Difference | null>(null);
  /** The pixels could not be read. */
  unreadable = $state(false);
  /** The camera of both images. Its view is one pane: two panes side by side have the same size. */
  readonly camera: StageCamera;

  /** `store`: shared with another stage, so that both show the same part. */
  constructor(store?: CameraStore) {
    this.camera = new StageCamera(() => this.box, store);
  }

  /** The size of the first image. All coordinates are pixels of it. */
  get box(): Size {
    return this.sides?.[0] ?? { width: 1, height: 1 };
  }

  /** Compares two images. The camera stays unless the first image has another size than before. */
  show(first: ComparedSide, second: ComparedSide): void {
    const { width, height } = this.box;
    const resized = this.sides !== null && (width !== first.width || height !== first.height);
    this.sides = [first, second];
    if (resized) this.camera.fit();
  }

  /** Shows the other image. */
  flip(): void {
    this.flipped = !this.flipped;
  }

  /** Blinks until the returned function is called. */
  blink(): () => void {
    const timer = setInterval(() => this.flip(), 1000 / this.rate);
    return () => clearInterval(timer);
  }

  /** Compares the pixels. The returned function cancels it. */
  measure(): () => void {
    const stop = new AbortController();
    this.difference = null;
    this.unreadable = false;
    if (this.sides) void this.#measure(this.sides, stop.signal);
    return () => stop.abort();
  }

  async #measure([first, second]: readonly [ComparedSide, ComparedSide], signal: AbortSignal): Promise<void> {
    try {
      const difference = await measureDifference(first, second, signal);
      if (!signal.aborted) this.difference = difference;
    } catch {
      // The images are still shown; the controls say that there is no figure.
      if (!signal.aborted) this.unreadable = true;
    }
  }
}

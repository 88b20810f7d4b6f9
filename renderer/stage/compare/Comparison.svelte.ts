import { fitted, nextScale, panBy, zoomTo, type Camera, type View } from '../camera.ts';
import { rectOf, type Point, type Size } from '../geometry.ts';
import { measureDifference, type Difference } from './difference.ts';

/** One of two images that are compared. */
export interface ComparedSide extends Size {
  src: string;
  alt: string;
  /** Stands on the image: "Original". */
  label: string;
  thumbhash: string | null;
  /** Has transparent parts. */
  alpha: boolean;
}

/** The ways to look at two images. */
export const COMPARE_MODES = ['slider', 'beside', 'blink', 'onion', 'difference'] as const;
export type CompareMode = (typeof COMPARE_MODES)[number];

/** By how much a difference is multiplied, so that a small one can be seen. */
export const AMPLIFICATIONS = [1, 4, 16] as const;
export type Amplification = (typeof AMPLIFICATIONS)[number];

/** Changes a second of the blinking. More than two are not offered: flashes can harm. */
export const RATES = [0.5, 1, 2] as const;
export type Rate = (typeof RATES)[number];

/** Where a camera is kept: a comparison on the canvas shares that of the stage. Null: what is compared is seen whole. */
export interface CameraStore {
  camera: Camera | null;
}

class LocalCamera implements CameraStore {
  camera = $state.raw<Camera | null>(null);
}

const NOWHERE: View = { width: 0, height: 0, dpr: 1 };

/** Two images, one look at both, and the way in which they are laid beside or over each other. */
export class Comparison {
  sides = $state.raw<readonly [ComparedSide, ComparedSide] | null>(null);
  way = $state<CompareMode>('slider');
  /** Where the slider's line stands, from 0 at the left to 100. */
  split = $state(50);
  /** How much of the second is seen over the first, from 0 to 100. */
  onion = $state(50);
  amplification = $state<Amplification>(4);
  /** The blinking goes on by itself. */
  running = $state(true);
  rate = $state<Rate>(1);
  /** While it blinks: the second is the one that is seen. */
  flipped = $state(false);
  /** Only the first is seen for as long as a key is held. */
  peeking = $state(false);
  /** What is known of the pixels; null while they are compared. */
  difference = $state.raw<Difference | null>(null);
  /** The pixels cannot be compared. */
  unreadable = $state(false);
  /** One of the panes: two that stand side by side are of one size. */
  view = $state.raw<View>(NOWHERE);
  readonly #holder: CameraStore;

  constructor(holder: CameraStore = new LocalCamera()) {
    this.#holder = holder;
  }

  /** The first image's size: all measures are pixels of it. */
  get box(): Size {
    return this.sides?.[0] ?? { width: 1, height: 1 };
  }

  get camera(): Camera {
    return this.#holder.camera ?? this.#whole(this.view);
  }

  /** Everything is seen. */
  get isFitted(): boolean {
    const { camera } = this.#holder;
    if (camera === null) return true;
    const { scale, centre } = this.#whole(this.view);
    return camera.scale === scale && camera.centre.x === centre.x && camera.centre.y === centre.y;
  }

  /** Compares two images. The look stays where their places are the same ones. */
  show(first: ComparedSide, second: ComparedSide): void {
    const { width, height } = this.box;
    const anew = this.sides !== null && (width !== first.width || height !== first.height);
    this.sides = [first, second];
    if (anew) this.fit();
  }

  /** The panes have another size. What was seen whole still is, also where somebody else has fitted it. */
  resize(view: View): void {
    if (this.isFitted) this.fit();
    this.view = view;
  }

  fit(): void {
    this.#holder.camera = null;
  }

  /** Looks elsewhere. The middle of the view never leaves the images. */
  look({ scale, centre }: Camera): void {
    const { width, height } = this.box;
    const x = Math.min(width, Math.max(0, centre.x));
    const y = Math.min(height, Math.max(0, centre.y));
    this.#holder.camera = { scale, centre: { x, y } };
  }

  /** 1: 100 %. */
  zoomTo(scale: number): void {
    this.look(zoomTo(this.camera, this.view, scale));
  }

  /** One step in or out. */
  zoom(direction: 1 | -1): void {
    this.zoomTo(nextScale(this.camera.scale, direction));
  }

  /** Moves both images by so many CSS pixels. */
  pan(by: Point): void {
    this.look(panBy(this.camera, this.view, by));
  }

  /** Shows the other one of two. */
  flip(): void {
    this.flipped = !this.flipped;
  }

  /** Blinks until the returned function is called. */
  blink(): () => void {
    const timer = setInterval(() => this.flip(), 1000 / this.rate);
    return () => clearInterval(timer);
  }

  /** Compares the pixels until it is done or the returned function is called. */
  measure(): () => void {
    const left = new AbortController();
    this.difference = null;
    this.unreadable = false;
    if (this.sides) void this.#measure(this.sides, left.signal);
    return () => left.abort();
  }

  async #measure([first, second]: readonly [ComparedSide, ComparedSide], signal: AbortSignal): Promise<void> {
    try {
      const difference = await measureDifference(first, second, signal);
      if (!signal.aborted) this.difference = difference;
    } catch {
      // The images are there to be seen all the same; that there is no figure is said in its place.
      if (!signal.aborted) this.unreadable = true;
    }
  }

  #whole(view: View): Camera {
    return fitted(rectOf(this.box), view);
  }
}

import type { Camera, View } from '../../../stage/camera.ts';
import { isEmptyRect, unionRect, type Rect } from '../../../stage/geometry.ts';
import type { Coverage } from '../pixels/coverage.ts';
import { MaskOverlay } from './MaskOverlay.ts';

/** What is drawn: the mask as it is now, from where, and how it looks. */
export interface MaskScene {
  mask: Coverage;
  camera: Camera;
  view: View;
  overlay: { colour: string; opacity: number; shown: boolean };
}

const EMPTY_RECT: Rect = { left: 0, top: 0, width: 0, height: 0 };
/** Drawing all of it longer than this (ms) would make a move of the camera stutter. */
const SMOOTH = 8;
/** How long the camera has to rest (ms) before what was only moved is drawn anew. */
const REST = 90;

/**
 * Draws the mask over the image, once a frame at most: only what has changed where that is known, all of it otherwise. While the camera
 * moves over a large view, what is drawn already moves with the image, and is drawn anew when the camera rests.
 */
export class MaskPainter {
  readonly #smooth: number;
  #canvas: HTMLCanvasElement | null = null;
  #overlay: MaskOverlay | null = null;
  #scene: MaskScene | null = null;
  /** What is on the canvas. */
  #drawn: MaskScene | null = null;
  #changed: Rect = EMPTY_RECT;
  #whole = false;
  #frame = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  /** What it took to draw all of it, in ms. */
  #cost = 0;

  constructor(smooth = SMOOTH) {
    this.#smooth = smooth;
  }

  /** For `{@attach}`: draws on this canvas until it goes. */
  readonly attach = (canvas: HTMLCanvasElement): (() => void) => {
    this.#canvas = canvas;
    this.#overlay = new MaskOverlay(canvas);
    if (this.#scene) this.show(this.#scene);
    return () => {
      cancelAnimationFrame(this.#frame);
      clearTimeout(this.#rest);
      this.#frame = 0;
      this.#canvas = null;
      this.#overlay = null;
      this.#drawn = null;
    };
  };

  /** Another mask, or another look at it. */
  show(scene: MaskScene): void {
    this.#scene = scene;
    this.#whole = true;
    clearTimeout(this.#rest);
    if (this.#cost > this.#smooth && this.#drawn && isMoved(this.#drawn, scene)) {
      this.#move(this.#drawn, scene);
      this.#rest = setTimeout(() => this.#ask(), REST);
    } else this.#ask();
  }

  /** A part of the mask has changed, in pixels of the image. */
  touched(part: Rect): void {
    if (isEmptyRect(part)) return;
    this.#changed = unionRect(this.#changed, part);
    this.#ask();
  }

  #ask(): void {
    if (this.#overlay && this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    const [scene, part, whole] = [this.#scene, this.#changed, this.#whole];
    this.#frame = 0;
    if (!scene?.overlay.shown || !this.#canvas) return;
    clearTimeout(this.#rest);
    this.#changed = EMPTY_RECT;
    this.#whole = false;
    const { mask, camera, view, overlay } = scene;
    const { colour, opacity } = overlay;
    const start = performance.now();
    this.#overlay?.draw(mask, camera, view, { colour, opacity, ...(whole ? {} : { part }) });
    if (whole) this.#cost = performance.now() - start;
    this.#canvas.style.transform = '';
    this.#drawn = scene;
  }

  /** Puts what was drawn for one camera where another one sees it. */
  #move({ camera: from, view }: MaskScene, { camera: to }: MaskScene): void {
    const [factor, css] = [to.scale / from.scale, to.scale / view.dpr];
    const x = (view.width / 2) * (1 - factor) + (from.centre.x - to.centre.x) * css;
    const y = (view.height / 2) * (1 - factor) + (from.centre.y - to.centre.y) * css;
    if (this.#canvas) this.#canvas.style.transform = `translate(${x}px, ${y}px) scale(${factor})`;
  }
}

/** Nothing but the camera is another. */
function isMoved(one: MaskScene, other: MaskScene): boolean {
  const [a, b] = [one.overlay, other.overlay];
  return (
    one.mask === other.mask &&
    one.view === other.view &&
    a.colour === b.colour &&
    a.opacity === b.opacity &&
    a.shown === b.shown
  );
}

import type { Camera, View } from '../../../stage/camera.ts';
import { isEmptyRect, unionRect, type Rect } from '../../../stage/geometry.ts';
import type { Coverage } from '../pixels/coverage.ts';
import { MaskOverlay } from './MaskOverlay.ts';

/** What is drawn: the mask, the camera, and the style. */
export interface MaskScene {
  mask: Coverage;
  camera: Camera;
  view: View;
  overlay: { colour: string; opacity: number; shown: boolean };
}

const EMPTY_RECT: Rect = { left: 0, top: 0, width: 0, height: 0 };
/** If drawing the whole mask takes longer than this (ms), camera moves use a CSS transform. */
const SMOOTH = 8;
/** How long the camera rests before the mask is redrawn, ms. */
const REST = 90;

/**
 * Draws the mask over the image, at most once a frame: only the changed part where it is known. While the camera moves over a large view, the
 * canvas is moved by a CSS transform, and redrawn when the camera rests.
 */
export class MaskPainter {
  readonly #smooth: number;
  #canvas: HTMLCanvasElement | null = null;
  #overlay: MaskOverlay | null = null;
  #scene: MaskScene | null = null;
  /** What is drawn on the canvas. */
  #drawn: MaskScene | null = null;
  #changed: Rect = EMPTY_RECT;
  #whole = false;
  #frame = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  /** Duration of the last full drawing, ms. */
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

  /** Shows another mask, camera or style. */
  show(scene: MaskScene): void {
    this.#scene = scene;
    this.#whole = true;
    clearTimeout(this.#rest);
    if (this.#cost > this.#smooth && this.#drawn && isMoved(this.#drawn, scene)) {
      this.#move(this.#drawn, scene);
      this.#rest = setTimeout(() => this.#ask(), REST);
    } else this.#ask();
  }

  /** A part of the mask changed, image pixels. */
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

  /** Moves the drawn canvas to where another camera shows it. */
  #move({ camera: from, view }: MaskScene, { camera: to }: MaskScene): void {
    const [factor, css] = [to.scale / from.scale, to.scale / view.dpr];
    const x = (view.width / 2) * (1 - factor) + (from.centre.x - to.centre.x) * css;
    const y = (view.height / 2) * (1 - factor) + (from.centre.y - to.centre.y) * css;
    if (this.#canvas) this.#canvas.style.transform = `translate(${x}px, ${y}px) scale(${factor})`;
  }
}

/** Whether only the camera differs. */
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

import type { Camera, View } from '../../stage/camera.ts';
import { isEmptyRect, unite, type Rect } from '../../stage/geometry.ts';
import type { MaskEngine } from '../mask/MaskEngine.ts';
import { MaskOverlay } from '../mask/MaskOverlay.ts';

/** What is drawn: the mask as it is now, from where, and how it looks. */
export interface MaskScene {
  engine: MaskEngine;
  camera: Camera;
  view: View;
  overlay: { colour: string; opacity: number; shown: boolean };
}

const NOTHING: Rect = { left: 0, top: 0, width: 0, height: 0 };

/** Draws the mask over the picture, once a frame at most: only what has changed where that is known, all of it otherwise. */
export class MaskPainter {
  #overlay: MaskOverlay | null = null;
  #scene: MaskScene | null = null;
  #changed: Rect = NOTHING;
  #whole = false;
  #frame = 0;

  /** For `{@attach}`: draws on this canvas until it goes. */
  readonly attach = (canvas: HTMLCanvasElement): (() => void) => {
    this.#overlay = new MaskOverlay(canvas);
    if (this.#scene) this.show(this.#scene);
    return () => {
      cancelAnimationFrame(this.#frame);
      this.#frame = 0;
      this.#overlay = null;
    };
  };

  /** Another mask, another look at it, or one whose changes are not known. */
  show(scene: MaskScene): void {
    this.#scene = scene;
    this.#whole = true;
    this.#ask();
  }

  /** A part of the mask has changed, in pixels of the picture. */
  touched(part: Rect): void {
    if (isEmptyRect(part)) return;
    this.#changed = unite(this.#changed, part);
    this.#ask();
  }

  #ask(): void {
    if (this.#overlay && this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    const [scene, part, whole] = [this.#scene, this.#changed, this.#whole];
    this.#frame = 0;
    this.#changed = NOTHING;
    this.#whole = false;
    if (!scene?.overlay.shown) return;
    const { engine, camera, view, overlay } = scene;
    const { colour, opacity } = overlay;
    this.#overlay?.draw(engine, camera, view, { colour, opacity, ...(whole ? {} : { part }) });
  }
}

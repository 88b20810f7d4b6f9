import type { Camera } from '../../stage/camera.ts';
import { Comparison } from '../../stage/compare/Comparison.svelte.ts';
import type { CameraStore } from '../../stage/StageCamera.svelte.ts';
import type { ResultView } from './review-sides.ts';

/** What the stage shows: the image to draw on, or what became of it. */
export type ReviewMode = 'edit' | 'before' | 'after' | 'split';

/** How the image on the stage is looked at. One for a canvas; its camera is the stage's own, so that nothing moves between looks. */
export class Review implements CameraStore {
  /** Null: the image is seen whole. */
  camera = $state.raw<Camera | null>(null);
  mode = $state<ReviewMode>('edit');
  show = $state<ResultView>('recomposited');
  readonly comparison = new Comparison(this);
  /** The look to go back to when the key is let go. */
  #held: ReviewMode | null = null;

  /** Shows the stage to draw on, with the whole image in view. */
  reset(): void {
    this.mode = 'edit';
    this.camera = null;
  }

  setMode(mode: ReviewMode): void {
    this.mode = mode;
  }

  setCamera(camera: Camera | null): void {
    this.camera = camera;
  }

  showResult(show: ResultView): void {
    this.show = show;
  }

  /** A key anywhere on the canvas: S splits and goes back to drawing, Y shows what was before for as long as it is held. True: it was one. */
  keydown(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    const key = event.key.toLowerCase();
    if (key === 's' && !event.repeat) this.mode = this.mode === 'split' ? 'edit' : 'split';
    // A comparison has its own way to do that.
    else if (key === 'y' && this.mode !== 'split') this.#hold();
    else return false;
    return true;
  }

  /** The key is let go, or the window has lost it. */
  release(): void {
    if (this.#held !== null) this.mode = this.#held;
    this.#held = null;
  }

  #hold(): void {
    this.#held ??= this.mode;
    this.mode = 'before';
  }
}

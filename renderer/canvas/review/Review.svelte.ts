import type { Camera } from '../../stage/camera.ts';
import { Comparison } from '../../stage/compare/Comparison.svelte.ts';
import type { CameraStore } from '../../stage/StageCamera.svelte.ts';
import type { ResultView } from './review-sides.ts';
import { isKey } from '../../shared/keyboard/shortcut-keys.ts';

/** What the stage shows: the image to draw on, or a comparison with its source. */
export type ReviewMode = 'edit' | 'before' | 'after' | 'split';

/** How the image on the stage is shown. Drawing and comparing share one camera, so that nothing moves between them. */
export class Review implements CameraStore {
  /** Null: the whole image is shown. */
  camera = $state.raw<Camera | null>(null);
  mode = $state<ReviewMode>('edit');
  show = $state<ResultView>('recomposited');
  readonly comparison = new Comparison(this);
  /** The mode to return to when the key is released. */
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

  /** Keys anywhere on the canvas: S toggles the split, Y shows the source while held. Returns whether the key was used. */
  keydown(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    if (isKey(event, 's') && !event.repeat) this.mode = this.mode === 'split' ? 'edit' : 'split';
    // The split handles this key itself.
    else if (isKey(event, 'y') && this.mode !== 'split') this.#hold();
    else return false;
    return true;
  }

  /** The key was released, or the window lost the focus. */
  release(): void {
    if (this.#held !== null) this.mode = this.#held;
    this.#held = null;
  }

  #hold(): void {
    this.#held ??= this.mode;
    this.mode = 'before';
  }
}

import type { Camera } from '../../stage/camera.ts';
import { Comparison, type CameraHolder } from '../../stage/compare/Comparison.svelte.ts';
import type { ReviewShow } from './review-sides.ts';

/** What the stage shows: the picture to draw on, or what became of it. */
export const LOOKS = ['edit', 'before', 'after', 'split'] as const;
export type Look = (typeof LOOKS)[number];

/** How the picture on the stage is looked at. One for a canvas; its camera is the stage's own, so that nothing moves between looks. */
export class Review implements CameraHolder {
  /** Null: the picture is seen whole. */
  camera = $state.raw<Camera | null>(null);
  look = $state<Look>('edit');
  show = $state<ReviewShow>('recomposited');
  readonly comparison = new Comparison(this);
  /** The look to go back to when the key is let go. */
  #held: Look | null = null;

  /** A key anywhere on the canvas: S splits and goes back to drawing, Y shows what was before for as long as it is held. True: it was one. */
  keydown(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    const key = event.key.toLowerCase();
    if (key === 's' && !event.repeat) this.look = this.look === 'split' ? 'edit' : 'split';
    // A comparison has its own way to do that.
    else if (key === 'y' && this.look !== 'split') this.#hold();
    else return false;
    return true;
  }

  /** The key is let go, or the window has lost it. */
  release(): void {
    if (this.#held !== null) this.look = this.#held;
    this.#held = null;
  }

  #hold(): void {
    this.#held ??= this.look;
    this.look = 'before';
  }
}

import { on } from 'svelte/events';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { GridImage } from '../../../electron/contract/entities/views.ts';
import { hoverPlayback } from '../../shared/images/hover-playback.svelte.ts';
import { positionOf } from './cell-position.ts';

/** Plays the animation under the pointer, or the one that has the keyboard focus. The whole grid has one listener of each kind, not each cell. */
export class CellPlayback {
  #hovered = $state<number | null>(null);
  /** Focused by the keyboard; focus by a click plays nothing. */
  #focused = $state<number | null>(null);
  readonly #at: (position: number) => GridImage | null;
  readonly #id: ImageId | null = $derived.by(
    () => this.#animationAt(this.#hovered) ?? this.#animationAt(this.#focused),
  );

  /** @param at the image at a position; null while it isn't loaded */
  constructor(at: (position: number) => GridImage | null) {
    this.#at = at;
  }

  /** Follows pointer and focus in an element with cells, until the returned function is called. */
  attach(element: HTMLElement): () => void {
    const stops = [
      on(element, 'pointerover', (event) => (this.#hovered = positionOf(event.target))),
      on(element, 'pointerleave', () => (this.#hovered = null)),
      on(element, 'focusin', (event) => (this.#focused = isKeyboardFocus(event) ? positionOf(event.target) : null)),
      on(element, 'focusout', () => (this.#focused = null)),
      $effect.root(() => {
        $effect(() => {
          const id = this.#id;
          if (id === null) return undefined;
          hoverPlayback.start(id);
          return () => hoverPlayback.stop(id);
        });
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  #animationAt(position: number | null): ImageId | null {
    const image = position === null ? null : this.#at(position);
    return image?.format === 'gif' && image.flaw === undefined ? image.id : null;
  }
}

function isKeyboardFocus({ target }: Event): boolean {
  return target instanceof Element && target.matches(':focus-visible');
}

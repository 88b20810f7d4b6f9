import { untrack } from 'svelte';
import type { ImageId } from '../../electron/contract/entities/ids.ts';
import type { GridImage, View } from '../../electron/contract/entities/views.ts';

/** What is needed of the library's images. */
export interface BrowsedView {
  readonly view: View | null;
  readonly total: number;
  at(position: number): GridImage | null;
  need(from: number, count: number): void;
  positions(ids: ImageId[]): Promise<(number | null)[]>;
}

/** Images that are loaded on each side. */
const AROUND = 40;

/** Where the open image is in the view, and its neighbours there. */
export class PlaceInView {
  #imageId = $state<ImageId | null>(null);
  /** Last known position: of the open image, or where it was before it left the view. */
  #last = $state<number | null>(null);
  #isIn = $state(false);
  /** A step to an image whose row wasn't loaded yet. */
  #wanted = $state<number | null>(null);
  #turn = 0;
  readonly #view: BrowsedView;
  readonly #open: (image: GridImage, position: number) => void;

  /** `open` shows an image of the view. */
  constructor(view: BrowsedView, open: (image: GridImage, position: number) => void) {
    this.#view = view;
    this.#open = open;
  }

  /** The open image's position; null where it isn't in the view, or that isn't known yet. */
  get position(): number | null {
    return this.#isIn ? this.#last : null;
  }

  /** Where the strip is: the open image, or the place where it was. */
  get anchor(): number {
    return Math.min(Math.max(0, this.#last ?? 0), Math.max(0, this.#view.total - 1));
  }

  get previous(): number | null {
    const { anchor } = this;
    if (this.#isIn) return anchor > 0 ? anchor - 1 : null;
    return this.#last !== null && anchor > 0 ? anchor - 1 : null;
  }

  get next(): number | null {
    const to = this.#isIn ? this.anchor + 1 : this.anchor;
    return to < this.#view.total ? to : null;
  }

  /** Follows the view and the steps in it: to be called in an effect. `imageId`: the open image. */
  follow(imageId: ImageId | null): void {
    const { view } = this.#view;
    const wanted = this.#wanted === null ? null : this.#view.at(this.#wanted);
    untrack(() => {
      if (wanted && this.#wanted !== null) this.#arrive(wanted, this.#wanted);
      else if (imageId !== null) void this.#find(imageId, view);
    });
  }

  /** Opens the image at a position, as soon as its row is loaded. */
  go(position: number | null): void {
    if (position === null || position < 0 || position >= this.#view.total) return;
    const image = this.#view.at(position);
    this.#view.need(Math.max(0, position - AROUND), 2 * AROUND);
    if (image) this.#arrive(image, position);
    else this.#wanted = position;
  }

  #arrive(image: GridImage, position: number): void {
    this.#turn += 1;
    this.#wanted = null;
    this.#imageId = image.id;
    this.#last = position;
    this.#isIn = true;
    this.#open(image, position);
  }

  async #find(imageId: ImageId, view: View | null): Promise<void> {
    const turn = (this.#turn += 1);
    const isNew = imageId !== this.#imageId;
    if (isNew) this.#isIn = false;
    this.#imageId = imageId;
    if (this.#last !== null && this.#view.at(this.#last)?.id === imageId) {
      this.#isIn = true;
      this.#view.need(Math.max(0, this.#last - AROUND), 2 * AROUND);
      return;
    }
    const [position = null] = await this.#view.positions([imageId]).catch(() => [null]);
    // Another image was opened, or there is a newer view, which is asked in turn.
    if (turn !== this.#turn || view !== this.#view.view) return;
    this.#isIn = position !== null;
    if (position === null) return;
    this.#last = position;
    this.#view.need(Math.max(0, position - AROUND), 2 * AROUND);
  }
}

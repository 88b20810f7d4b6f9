import { SvelteMap } from 'svelte/reactivity';
import type { Marks } from '../../../electron/contract/entities/annotations.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { GridImage } from '../../../electron/contract/entities/views.ts';

/** Marks that are never settled are kept this long, in ms. */
const LIFE = 10_000;

/** `settled`: when it was known whether the marks are stored; times in ms since the page's start. */
interface Early {
  marks: Partial<Marks>;
  at: number;
  settled: number;
}

/** Marks that are shown before they are stored, until an answer has them. */
export class EarlyMarks {
  readonly #early = new SvelteMap<ImageId, Early>();

  /** An image as it is shown. Reactive. */
  on(image: GridImage): GridImage {
    const early = this.#early.get(image.id);
    return early ? { ...image, marks: { ...image.marks, ...early.marks } } : image;
  }

  /** @returns to be called once it is known whether they are stored: if not, they are taken back */
  show(ids: readonly ImageId[], marks: Partial<Marks>): (stored: boolean) => void {
    const at = performance.now();
    const before = new Map(ids.map((id) => [id, this.#early.get(id)]));
    const shown = ids.map((id): [ImageId, Early] => [
      id,
      { marks: { ...before.get(id)?.marks, ...marks }, at, settled: Infinity },
    ]);
    for (const [id, early] of shown) this.#early.set(id, early);
    return (stored) => {
      for (const [id, early] of shown) {
        early.settled = performance.now();
        if (!stored && this.#early.get(id) === early) this.#restore(id, before.get(id));
      }
    };
  }

  /** To be called when images have been answered. @param began when they were asked for, ms since the page's start */
  answered(began: number): void {
    for (const [id, { at, settled }] of this.#early) if (began >= settled || began - at > LIFE) this.#early.delete(id);
  }

  #restore(id: ImageId, early: Early | undefined): void {
    if (early) this.#early.set(id, early);
    else this.#early.delete(id);
  }
}

import { untrack } from 'svelte';
import { isDamage } from '../../../electron/contract/entities/image-flaws.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { GridImage } from '../../../electron/contract/entities/views.ts';
import type { PickerRequest } from '../../state/image-picker.svelte.ts';
import type { ImageView } from '../../state/library/image-view.svelte.ts';
import { lookUp } from '../../state/library/look-up.ts';
import { SelectionCursor } from '../../state/library/selection-cursor.svelte.ts';
import type { CellChoice, GridSelection } from '../grid/grid-selection.ts';

/** Images chosen one after another, up to a limit. They stay chosen while the search changes. */
export class ChosenImages implements GridSelection, CellChoice {
  /** In the order chosen. */
  ids = $state.raw<readonly ImageId[]>([]);
  readonly #view: ImageView;
  readonly #max: number;
  readonly #without: ImageId | undefined;
  readonly #cursor: SelectionCursor;

  constructor(view: ImageView, { max, without }: Pick<PickerRequest, 'max' | 'without'>) {
    this.#view = view;
    this.#max = max;
    this.#without = without;
    this.#cursor = new SelectionCursor((position) => view.idAt(position));
  }

  get isSingle(): boolean {
    return this.#max === 1;
  }

  get isFull(): boolean {
    return this.ids.length >= this.#max;
  }

  get count(): number {
    return this.ids.length;
  }

  get current(): number | null {
    return this.#cursor.current;
  }

  set current(position: number | null) {
    this.#cursor.current = position;
  }

  has(_position: number, id: ImageId | null): boolean {
    return id !== null && this.ids.includes(id);
  }

  orderOf(id: ImageId): number | null {
    const at = this.ids.indexOf(id);
    return this.isSingle || at < 0 ? null : at + 1;
  }

  isOffered({ id, flaw }: Pick<GridImage, 'id' | 'flaw'>): boolean {
    return id !== this.#without && !isDamage(flaw);
  }

  toggle(position: number): void {
    this.#cursor.moveTo(position);
    const id = this.#offeredAt(position);
    if (id === null) return;
    if (this.ids.includes(id)) this.ids = this.ids.filter((other) => other !== id);
    else this.#add([id]);
  }

  /** Adds what lies between; a range takes nothing back here. */
  extendTo(position: number): void {
    const from = this.#cursor.anchor ?? this.current ?? position;
    const step = from <= position ? 1 : -1;
    const ids = Array.from({ length: Math.abs(position - from) + 1 }, (_, index) =>
      this.#offeredAt(from + index * step),
    );
    this.#add(ids.filter((id) => id !== null));
    this.current = position;
  }

  /** All, where that isn't more than can be chosen. */
  all(): void {
    if (this.#view.total > this.#max) return;
    this.#add(
      [...Array(this.#view.total).keys()].map((position) => this.#offeredAt(position)).filter((id) => id !== null),
    );
  }

  clear(): void {
    this.ids = [];
  }

  /** Keeps the keys at their image when others arrive. To be called while a component initialises. */
  follow(): void {
    $effect(() => {
      if (this.#view.view !== null) untrack(() => void this.#relocate());
    });
  }

  async #relocate(): Promise<void> {
    // A view that expired meanwhile is followed by another one.
    const found = await lookUp(this.#cursor.imageIds, this.#view).catch(() => null);
    if (found !== null) this.#cursor.move(found);
  }

  #offeredAt(position: number): ImageId | null {
    const image = this.#view.at(position);
    return image !== null && this.isOffered(image) ? image.id : null;
  }

  #add(ids: readonly ImageId[]): void {
    const last = ids.at(-1);
    if (this.isSingle) this.ids = last === undefined ? this.ids : [last];
    else this.ids = [...new Set([...this.ids, ...ids])].slice(0, this.#max);
  }
}

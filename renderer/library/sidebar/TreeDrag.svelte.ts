import { imageDrag } from '../../state/image-drag.svelte.ts';
import type { TreeItem, TreeMove, TreeRow } from './tree-rows.ts';

/** An item is opened after this long with something dragged over it, ms. */
const OPEN_AFTER = 600;

type DropPlace = 'before' | 'into';

interface TreeDragSource<T extends TreeItem> {
  /** Whether the tree's items can be moved. */
  canMove: () => boolean;
  takesImages: (item: T) => boolean;
  dropImages: (item: T) => void;
  move: (item: T, to: TreeMove<T>) => void;
  toggle: (item: T, open: boolean) => void;
}

/** Dragging in a tree: its own items to another place, and images onto items. */
export class TreeDrag<T extends TreeItem> {
  #dragged = $state.raw<T | null>(null);
  #over = $state.raw<{ id: string; place: DropPlace } | null>(null);
  #opening: ReturnType<typeof setTimeout> | undefined;
  readonly #source: TreeDragSource<T>;

  constructor(source: TreeDragSource<T>) {
    this.#source = source;
  }

  /** Where in relation to this item the drop would go; null: not here. */
  placeOn({ id }: T): DropPlace | null {
    return this.#over?.id === id ? this.#over.place : null;
  }

  start(event: DragEvent, item: T): void {
    this.#dragged = item;
    event.dataTransfer?.setData('text/plain', item.path);
  }

  over(event: DragEvent, { item, open }: TreeRow<T>): void {
    const place = this.#placeOf(event, item);
    if (place === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.dataTransfer) event.dataTransfer.dropEffect = this.#dragged ? 'move' : 'copy';
    if (this.placeOn(item) === place) return;
    this.#over = { id: item.id, place };
    clearTimeout(this.#opening);
    if (open === false) this.#opening = setTimeout(() => this.#source.toggle(item, true), OPEN_AFTER);
  }

  leave(item: T): void {
    if (this.placeOn(item) !== null) this.#over = null;
    clearTimeout(this.#opening);
  }

  drop(event: DragEvent, item: T): void {
    if (!this.#over) return;
    event.preventDefault();
    event.stopPropagation();
    const { place } = this.#over;
    if (!this.#dragged) this.#source.dropImages(item);
    else this.#source.move(this.#dragged, place === 'before' ? { before: item } : { into: item });
    this.end();
  }

  end(): void {
    clearTimeout(this.#opening);
    this.#dragged = this.#over = null;
  }

  /** Null where what is dragged can't go. */
  #placeOf(event: DragEvent, item: T): DropPlace | null {
    if (!this.#dragged) return imageDrag.isOver(event) && this.#source.takesImages(item) ? 'into' : null;
    if (this.#dragged.id === item.id || !this.#source.canMove()) return null;
    const box = (event.currentTarget as Element).getBoundingClientRect();
    return event.clientY < box.top + box.height / 3 ? 'before' : 'into';
  }
}

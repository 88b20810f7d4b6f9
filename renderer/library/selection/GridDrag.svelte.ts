import { on } from 'svelte/events';
import { fileFormatFacts } from '../../../electron/contract/catalogue/file-formats.ts';
import type { CollectionId, ImageId } from '../../../electron/contract/entities/ids.ts';
import type { GridImage } from '../../../electron/contract/entities/views.ts';
import { formatQuantity } from '../../shared/format/counts.ts';
import { imageDrag } from '../../state/image-drag.svelte.ts';
import type { ImageSelection } from '../../state/library/selection.svelte.ts';
import { positionOf } from '../grid/cell-position.ts';
import { edgeStep, type ContentRect, type GestureGrid } from './GridGestures.svelte.ts';

/** Addresses that a drag carries at most. */
const MAX_ADDRESSES = 200;

export interface DragHost {
  grid: GestureGrid;
  /** Of an image, in the content. */
  cellRect: (position: number) => ContentRect;
  selection: ImageSelection;
  at: (position: number) => GridImage | null;
  /** The address of an original, absolute. */
  address: (imageId: ImageId) => string;
  /** The collection whose own order is shown: images can be moved in it; null for any other order. */
  arranged: () => CollectionId | null;
  /** Moves what is dragged before an image; null: to the end. */
  onarrange: (before: ImageId | null) => void;
}

/** Dragging images out of the grid, and within a collection's own order. */
export class GridDrag {
  /** Where dragged images would go, in the content: a line before a cell. */
  insertion = $state.raw<{ before: number; line: ContentRect } | null>(null);
  readonly #host: DragHost;

  constructor(host: DragHost) {
    this.#host = host;
  }

  /** Listens on the grid's scroller until the returned function is called. */
  attach(scroller: HTMLElement): () => void {
    const stops = [
      on(scroller, 'dragstart', (event) => this.#start(event)),
      on(scroller, 'dragend', () => (this.insertion = null)),
      on(scroller, 'dragover', (event) => this.#over(event, scroller)),
      on(scroller, 'dragleave', (event) => {
        if (!(event.relatedTarget instanceof Node && scroller.contains(event.relatedTarget))) this.insertion = null;
      }),
      on(scroller, 'drop', (event) => this.#drop(event)),
    ];
    return () => {
      stops.forEach((stop) => stop());
      this.insertion = null;
    };
  }

  #start(event: DragEvent): void {
    const { selection, at, address } = this.#host;
    const position = positionOf(event.target);
    const image = position === null ? null : at(position);
    // Shift draws a rectangle.
    if (position === null || image === null || event.shiftKey || !event.dataTransfer) {
      event.preventDefault();
      return;
    }
    if (!selection.has(position, image.id)) selection.only(position);
    const ids = idsOf(selection, position);
    const { extension, mediaType } = fileFormatFacts(image.format);
    imageDrag.begin(
      event.dataTransfer,
      { count: selection.count, imageIds: ids, settle: () => selection.settle() },
      ids.slice(0, MAX_ADDRESSES).map(address),
      `${image.id}.${extension}`,
      mediaType,
    );
    if (selection.count > 1) showCount(event.dataTransfer, selection.count);
  }

  #over(event: DragEvent, scroller: HTMLElement): void {
    if (imageDrag.dragged === null || this.#host.arranged() === null) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'move';
    const box = scroller.getBoundingClientRect();
    const step = edgeStep(event.clientY, box.top, box.bottom);
    if (step !== 0) this.#host.grid.scrollBy(step);
    const { x } = this.#host.grid.toContent(event.clientX, event.clientY);
    const position = this.#host.grid.cellAt(event.clientX, event.clientY);
    if (position === null) return;
    const cell = this.#host.cellRect(position);
    const after = x > (cell.left + cell.right) / 2;
    const edge = after ? cell.right + 1 : cell.left - 3;
    this.insertion = { before: position + (after ? 1 : 0), line: { ...cell, left: edge, right: edge + 2 } };
  }

  #drop(event: DragEvent): void {
    const { insertion } = this;
    if (insertion === null || imageDrag.dragged === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.#host.onarrange(this.#host.at(insertion.before)?.id ?? null);
    this.insertion = null;
  }
}

/** Ids of the selected images; of ranges, the first that are loaded, or those around the dragged one. */
function idsOf(selection: ImageSelection, position: number): readonly ImageId[] {
  if (selection.imageIds) return selection.imageIds;
  const first = selection.firstPosition ?? position;
  const ids = selection.loadedIn(first, first + MAX_ADDRESSES);
  return ids.length > 0 ? ids : selection.loadedIn(position, position + MAX_ADDRESSES);
}

/** Shows the number of images under the pointer. */
function showCount(transfer: DataTransfer, count: number): void {
  const label = document.createElement('div');
  label.className = 'drag-count';
  label.textContent = formatQuantity(count, 'image');
  document.body.append(label);
  transfer.setDragImage(label, -8, -8);
  // The browser has taken its picture of it by then.
  setTimeout(() => label.remove(), 0);
}

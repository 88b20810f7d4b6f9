import { groupOf, rowEdges, rowHeight, rowStart, rowTop } from './grid-geometry.ts';
import type { GridLayout } from './grid-layout.ts';

/** A cell as it is drawn. Values in px within its row. */
export interface DrawnCell {
  key: number;
  position: number;
  /** From 0. */
  column: number;
  left: number;
  width: number;
}

export interface DrawnRow {
  key: number;
  /** For `aria-rowindex`: from 1, headings included. */
  index: number;
  /** On the plane. */
  top: number;
  height: number;
  cells: DrawnCell[];
}

/**
 * The rows of a layout as they are drawn. A row that stays on the screen is the same object from one call to the next, so that its cells
 * aren't compared again in each frame of scrolling.
 */
export class DrawnRows {
  readonly #layout: GridLayout;
  readonly #shift: number;
  readonly #down: number;
  #drawn = new Map<number, DrawnRow>();

  /** @param shift what to subtract from a position to get its key @param down what to add to a place in the content to get its place on the plane, px */
  constructor(layout: GridLayout, { shift, down }: { shift: number; down: number }) {
    this.#layout = layout;
    this.#shift = shift;
    this.#down = down;
  }

  /** The rows from `first` to `last`, both included. */
  between(first: number, last: number): DrawnRow[] {
    const rows = new Map<number, DrawnRow>();
    for (let row = first; row <= last; row += 1) rows.set(row, this.#drawn.get(row) ?? this.at(row));
    this.#drawn = rows;
    return [...rows.values()];
  }

  /** One row. */
  at(row: number): DrawnRow {
    const layout = this.#layout;
    const edges = rowEdges(layout, row);
    const start = rowStart(layout, row);
    return {
      key: start - this.#shift,
      index: row + groupOf(layout, row) + 2,
      top: rowTop(layout, row) + this.#down,
      height: rowHeight(layout, row),
      cells: edges.slice(1).map((right, column) => ({
        key: start + column - this.#shift,
        position: start + column,
        column,
        left: edges[column] ?? 0,
        width: right - (edges[column] ?? 0) - layout.options.gap,
      })),
    };
  }
}

import { cellRatio, type GridLayout } from './grid-layout.ts';

/** A rectangle in the grid's content, px from its top left corner. */
export interface ContentRect {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Consecutive positions, both included. */
export interface PositionSpan {
  from: number;
  to: number;
}

/** The last index of `0` to `count - 1` for which `test` holds, given that it holds up to some index; -1 for none. */
function lastWhere(count: number, test: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(middle)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export const rowTop = (layout: GridLayout, row: number): number => layout.tops[row] ?? 0;
/** As drawn, whole px. */
export const rowHeight = (layout: GridLayout, row: number): number => Math.round(layout.heights[row] ?? 0);
export const rowStart = (layout: GridLayout, row: number): number => layout.starts[row] ?? 0;

/** The row of an image. */
export function rowOf({ rows, starts }: GridLayout, position: number): number {
  return Math.max(
    0,
    lastWhere(rows, (row) => (starts[row] ?? 0) <= position),
  );
}

/** The last row that begins at or above `y`; the first row for anything above it. */
export function rowAt({ rows, tops }: GridLayout, y: number): number {
  return Math.max(
    0,
    lastWhere(rows, (row) => (tops[row] ?? 0) <= y),
  );
}

/** Index of the group of a row; -1 without groups. */
export function groupOf({ groups }: GridLayout, row: number): number {
  return lastWhere(groups.length, (index) => (groups[index]?.row ?? 0) <= row);
}

/** Left edges of a row's cells, and after them the right edge of the last plus the gap. Whole px. */
export function rowEdges(layout: GridLayout, row: number): number[] {
  const { ratios, heights, starts, options } = layout;
  const edges: number[] = [0];
  let right = 0;
  for (let position = starts[row] ?? 0; position < (starts[row + 1] ?? 0); position += 1) {
    // Exact, so that rounding errors don't add up.
    right += cellRatio(ratios, position) * (heights[row] ?? 0) + options.gap;
    edges.push(Math.round(right));
  }
  return edges;
}

/** Where an image is in the content. */
export function cellRect(layout: GridLayout, position: number): ContentRect {
  const row = rowOf(layout, position);
  const edges = rowEdges(layout, row);
  const index = position - rowStart(layout, row);
  const top = rowTop(layout, row);
  return {
    left: edges[index] ?? 0,
    top,
    right: (edges[index + 1] ?? 0) - layout.options.gap,
    bottom: top + rowHeight(layout, row),
  };
}

/** The image at a point of the content; null between images. */
export function positionAt(layout: GridLayout, x: number, y: number): number | null {
  if (layout.rows === 0) return null;
  const row = rowAt(layout, y);
  const [touched] = rowSpan(layout, row, { left: x, right: x, top: y, bottom: y });
  return touched ? touched.from : null;
}

/** The images that a rectangle touches, in order. */
export function positionsIn(layout: GridLayout, rect: ContentRect): PositionSpan[] {
  const spans: PositionSpan[] = [];
  for (let row = rowAt(layout, rect.top); row < layout.rows && rowTop(layout, row) <= rect.bottom; row += 1)
    for (const span of rowSpan(layout, row, rect)) {
      const last = spans.at(-1);
      if (last?.to === span.from - 1) last.to = span.to;
      else spans.push(span);
    }
  return spans;
}

/** The images of one row that a rectangle touches: one span or none. */
function rowSpan(layout: GridLayout, row: number, { left, top, right, bottom }: ContentRect): PositionSpan[] {
  if (rowTop(layout, row) > bottom || rowTop(layout, row) + rowHeight(layout, row) < top) return [];
  const edges = rowEdges(layout, row);
  const start = rowStart(layout, row);
  const touched = [...edges.keys()].slice(0, -1).filter((index) => {
    return (edges[index] ?? 0) <= right && (edges[index + 1] ?? 0) - layout.options.gap >= left;
  });
  const [first] = touched;
  const last = touched.at(-1);
  return first === undefined || last === undefined ? [] : [{ from: start + first, to: start + last }];
}

/** The horizontal middle of an image's cell. */
export function middleOf(layout: GridLayout, position: number): number {
  const { left, right } = cellRect(layout, position);
  return (left + right) / 2;
}

/** The image of a row whose middle is nearest to `x`. */
export function nearestInRow(layout: GridLayout, row: number, x: number): number {
  const edges = rowEdges(layout, row);
  const start = rowStart(layout, row);
  let best = 0;
  const distance = (index: number): number => Math.abs(((edges[index] ?? 0) + (edges[index + 1] ?? 0)) / 2 - x);
  for (let index = 1; index < edges.length - 1; index += 1) if (distance(index) < distance(best)) best = index;
  return start + best;
}

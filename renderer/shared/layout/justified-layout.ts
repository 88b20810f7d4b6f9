/** A tile with an aspect ratio (width / height). Consecutive tiles with the same `group` share a heading. */
export interface Tile {
  ratio: number;
  group: string;
}

/** All values in px. */
export interface JustifiedOptions {
  width: number;
  /** Target height of a row. */
  rowHeight: number;
  gap: number;
  /** Groups named '' have no heading. */
  headingHeight: number;
  /** Space between two groups. */
  groupGap: number;
}

/** Tiles `start` to `end` (exclusive), side by side. Numbers are whole px. */
interface JustifiedRow {
  start: number;
  end: number;
  top: number;
  height: number;
  /** Left edges of the tiles, and after them the right edge of the last. */
  edges: number[];
  /** Index into `groups`. */
  group: number;
}

/** Tiles `start` to `end` (exclusive) under one heading. Numbers are whole px. */
interface JustifiedGroup {
  name: string;
  start: number;
  end: number;
  top: number;
  bottom: number;
}

/** The layout. `height` is the total height in px. */
export interface JustifiedLayout {
  rows: JustifiedRow[];
  groups: JustifiedGroup[];
  height: number;
}

/** A row may grow to this factor of the target height before it takes another tile and shrinks instead. */
const MAX_ROW_GROWTH = 1.32;

const safeRatio = (ratio: number) => (Number.isFinite(ratio) && ratio > 0 ? Math.min(20, Math.max(0.05, ratio)) : 1);

/**
 * The end (exclusive) and height of the row that begins at `start`. Looks only at the tiles that the row needs, so later tiles never change a
 * full row.
 */
function fillRow(
  tiles: readonly Tile[],
  start: number,
  end: number,
  options: JustifiedOptions,
): { end: number; height: number } {
  const { width, rowHeight, gap } = options;
  let ratios = 0;
  for (let index = start; index < end; index += 1) {
    const heightBefore = index > start ? (width - gap * (index - start - 1)) / ratios : Infinity;
    ratios += safeRatio(tiles[index]?.ratio ?? 1);
    const height = (width - gap * (index - start)) / ratios;
    if (height > rowHeight) continue;
    const withoutIt = heightBefore <= rowHeight * MAX_ROW_GROWTH && heightBefore / rowHeight < rowHeight / height;
    return withoutIt ? { end: index, height: heightBefore } : { end: index + 1, height };
  }
  return { end, height: rowHeight };
}

function placeRow(
  tiles: readonly Tile[],
  start: number,
  filled: { end: number; height: number },
  gap: number,
): { height: number; edges: number[] } {
  const height = Math.max(1, Math.round(filled.height));
  const edges: number[] = [];
  let right = 0;
  for (let index = start; index < filled.end; index += 1) {
    edges.push(Math.round(right));
    // Uses the exact height, so that rounding errors don't add up.
    right += safeRatio(tiles[index]?.ratio ?? 1) * filled.height + gap;
  }
  edges.push(Math.round(right - gap));
  return { height, edges };
}

/**
 * Lays tiles out in rows of equal width and similar height, in order, grouped under headings. Appended tiles change only the last row, which
 * is not full yet, so nothing moves while scrolling.
 */
export function layoutJustified(tiles: readonly Tile[], options: JustifiedOptions): JustifiedLayout {
  const layout: JustifiedLayout = { rows: [], groups: [], height: 0 };
  let top = 0;
  let start = 0;
  while (start < tiles.length) {
    const name = tiles[start]?.group ?? '';
    let end = start + 1;
    while (end < tiles.length && tiles[end]?.group === name) end += 1;
    if (layout.groups.length > 0) top += options.groupGap - options.gap;
    const group: JustifiedGroup = { name, start, end, top, bottom: top };
    layout.groups.push(group);
    if (name !== '') top += options.headingHeight;
    for (let next = start; next < end;) {
      const filled = fillRow(tiles, next, end, options);
      const { height, edges } = placeRow(tiles, next, filled, options.gap);
      layout.rows.push({ start: next, end: filled.end, top, height, edges, group: layout.groups.length - 1 });
      top += height + options.gap;
      next = filled.end;
    }
    group.bottom = top - options.gap;
    start = end;
  }
  layout.height = Math.max(0, top - options.gap);
  return layout;
}

/** The rows between `top` and `bottom`, as a range of indexes (`end` exclusive). */
export function rowsInRange(
  rows: readonly JustifiedRow[],
  top: number,
  bottom: number,
): { start: number; end: number } {
  const firstWhere = (test: (row: JustifiedRow) => boolean): number => {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = rows[middle];
      if (row && test(row)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const start = firstWhere((row) => row.top + row.height >= top);
  return {
    start,
    end: Math.max(
      start,
      firstWhere((row) => row.top > bottom),
    ),
  };
}

/** The tile in the direction of an arrow key. Up and down choose the tile with the nearest centre in the next row. */
export function adjacentTile(
  layout: JustifiedLayout,
  index: number,
  key: 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown',
): number {
  const rows = layout.rows;
  const last = (rows.at(-1)?.end ?? 1) - 1;
  if (key === 'ArrowLeft') return Math.max(0, index - 1);
  if (key === 'ArrowRight') return Math.min(last, index + 1);
  const here = rows.findIndex((row) => index >= row.start && index < row.end);
  const from = rows[here];
  const to = rows[here + (key === 'ArrowUp' ? -1 : 1)];
  if (!from || !to) return index;
  const middleOf = (row: JustifiedRow, at: number) =>
    ((row.edges[at - row.start] ?? 0) + (row.edges[at - row.start + 1] ?? 0)) / 2;
  const middle = middleOf(from, index);
  let best = to.start;
  for (let at = to.start; at < to.end; at += 1) {
    if (Math.abs(middleOf(to, at) - middle) < Math.abs(middleOf(to, best) - middle)) best = at;
  }
  return best;
}

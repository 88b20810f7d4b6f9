import type { Bucket } from '../../../electron/contract/entities/views.ts';

/** Unit of ratios: width / height × 4096. */
const RATIO_UNIT = 4096;
/** Cells are never narrower or wider than these ratios, whatever their image's: 1 × 16384 and 16384 × 1 exist. */
const MIN_RATIO = 0.35;
const MAX_RATIO = 4.5;
/** A row may grow to this factor of its target height before it takes another image and shrinks instead. */
const MAX_GROWTH = 1.32;

/** All values in px. */
export interface GridOptions {
  width: number;
  /** Target height of a row. */
  rowHeight: number;
  gap: number;
  headingHeight: number;
  /** Space above a heading, but for the first. */
  groupGap: number;
}

/** Consecutive images under one heading. */
export interface GridGroup extends Bucket {
  /** Its first row. */
  row: number;
  /** Top of its heading, px. */
  top: number;
}

/** Rows of justified images, from the ratios alone. Row `r` has the positions `starts[r]` to `starts[r + 1] - 1`. */
export interface GridLayout {
  options: GridOptions;
  /** As given, by position. */
  ratios: Uint16Array;
  rows: number;
  starts: Uint32Array;
  /** Whole px. */
  tops: Float64Array;
  /** Exact heights; drawn rounded. */
  heights: Float32Array;
  /** [] without headings. */
  groups: GridGroup[];
  /** Most images in a row. */
  columns: number;
  /** Of everything, whole px. */
  height: number;
}

const LEAST = Math.round(MIN_RATIO * RATIO_UNIT);
const MOST = Math.round(MAX_RATIO * RATIO_UNIT);

/** Width / height of an image's cell. */
export function cellRatio(ratios: Uint16Array, position: number): number {
  return Math.min(MOST, Math.max(LEAST, ratios[position] ?? RATIO_UNIT)) / RATIO_UNIT;
}

/** Rows that grow as they are added. */
class RowList {
  starts = new Uint32Array(1024);
  tops = new Float64Array(1024);
  heights = new Float32Array(1024);
  count = 0;
  /** Most images in a row. */
  columns = 1;

  /** Adds a row of the images from `start` to `end` (exclusive), and returns its bottom. */
  add(start: number, end: number, top: number, height: number): number {
    if (this.count + 1 >= this.starts.length) this.#grow();
    this.starts[this.count] = start;
    this.tops[this.count] = top;
    this.heights[this.count] = height;
    this.count += 1;
    if (end - start > this.columns) this.columns = end - start;
    return top + Math.max(1, Math.round(height));
  }

  #grow(): void {
    const { starts, tops, heights } = this;
    this.starts = new Uint32Array(starts.length * 2);
    this.starts.set(starts);
    this.tops = new Float64Array(tops.length * 2);
    this.tops.set(tops);
    this.heights = new Float32Array(heights.length * 2);
    this.heights.set(heights);
  }
}

/**
 * Lays images out in rows of equal width and similar height, in order. Each bucket begins a row under a heading; [] for no headings.
 * A million images take about 15 ms.
 */
export function layoutGrid(ratios: Uint16Array, buckets: readonly Bucket[], options: GridOptions): GridLayout {
  const rows = new RowList();
  const groups: GridGroup[] = [];
  let top = 0;
  if (buckets.length === 0) top = fillRows(rows, ratios, { from: 0, to: ratios.length, top }, options);
  for (const bucket of buckets) {
    if (groups.length > 0) top += options.groupGap - options.gap;
    groups.push({ ...bucket, row: rows.count, top });
    top += options.headingHeight;
    const to = Math.min(bucket.first + bucket.count, ratios.length);
    top = fillRows(rows, ratios, { from: bucket.first, to, top }, options);
  }
  rows.starts[rows.count] = ratios.length;
  const { starts, tops, heights, count, columns } = rows;
  return {
    options,
    ratios,
    rows: count,
    starts,
    tops,
    heights,
    groups,
    columns,
    height: Math.max(0, top - options.gap),
  };
}

/**
 * Adds the rows of some images, and returns the top of what follows. A row depends on its own images only, so later images never change a
 * full one; the last one keeps the target height if that would stretch it. One plain loop over integers: it runs over every image.
 */
function fillRows(
  rows: RowList,
  ratios: Uint16Array,
  { from, to, top }: { from: number; to: number; top: number },
  { width, rowHeight, gap }: GridOptions,
): number {
  // In units of ratios.
  const target = rowHeight / RATIO_UNIT;
  let start = from;
  let sum = 0;
  for (let position = from; position < to; position += 1) {
    const raw = ratios[position] as number;
    const ratio = raw < LEAST ? LEAST : raw > MOST ? MOST : raw;
    sum += ratio;
    const room = width - gap * (position - start);
    if (room > sum * target && position < to - 1) continue;
    const height = (room / sum) * RATIO_UNIT;
    const taller = position === start ? Infinity : ((room + gap) / (sum - ratio)) * RATIO_UNIT;
    if (height <= rowHeight && taller <= rowHeight * MAX_GROWTH && taller * height < rowHeight * rowHeight) {
      // Without this image, which begins the next row.
      top = rows.add(start, position, top, taller) + gap;
      start = position;
      sum = 0;
      position -= 1;
    } else {
      top = rows.add(start, position + 1, top, position === to - 1 ? Math.min(rowHeight, height) : height) + gap;
      start = position + 1;
      sum = 0;
    }
  }
  return top;
}

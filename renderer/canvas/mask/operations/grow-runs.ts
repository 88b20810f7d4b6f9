import type { Rect, Size } from '../../../stage/geometry.ts';
import type { Coverage } from '../pixels/coverage.ts';
import { findCrossings } from '../pixels/uint32.ts';

/** The marked (or unmarked) runs of each row. */
export interface Runs {
  /** Start (inclusive) and end (exclusive) of each run, row by row. */
  bounds: number[];
  /** Index of each row's first run in `bounds`; has one more entry than rows. */
  rows: Int32Array;
}

export function runsOf({ coverage, size }: Coverage, marked: boolean): Runs {
  const crossings = findCrossings(coverage);
  const bounds: number[] = [];
  const rows = new Int32Array(size.height + 1);
  const add = (from: number, to: number): void => addRun({ bounds, rows }, size, from, to);
  if (marked)
    for (let at = 0; at < crossings.length; at += 2) add(crossings[at] ?? 0, crossings[at + 1] ?? coverage.length);
  else for (let at = -1; at < crossings.length; at += 2) add(crossings[at] ?? 0, crossings[at + 1] ?? coverage.length);
  for (let row = 1; row <= size.height; row += 1) rows[row] = Math.max(rows[row] ?? 0, rows[row - 1] ?? 0);
  return { bounds, rows };
}

/** Splits a run of pixels at row ends. */
function addRun({ bounds, rows }: Runs, { width }: Size, from: number, to: number): void {
  for (let begin = from; begin < to;) {
    const row = Math.floor(begin / width);
    const end = Math.min(to, (row + 1) * width);
    bounds.push(begin - row * width, end - row * width);
    rows[row + 1] = bounds.length;
    begin = end;
  }
}

/**
 * Rewrites a part: `inside` where a run is at most `reach` away, `outside` elsewhere. Each run widens into the rows above and below; overlaps
 * are counted along the row. For masks of few runs: O(pixels + runs · reach).
 */
export function spreadRuns(
  { coverage, size }: Coverage,
  part: Rect,
  runs: Runs,
  reach: number,
  inside: number,
  outside: number,
): void {
  const depths = new Int32Array(part.width + 1);
  for (let y = part.top; y < part.top + part.height; y += 1) {
    const start = y * size.width + part.left;
    const row = coverage.subarray(start, start + part.width);
    const [first, last] = [Math.max(0, y - reach), Math.min(size.height - 1, y + reach)];
    let any = false;
    for (let other = first; other <= last; other += 1) {
      const wider = Math.floor(Math.sqrt(reach * reach - (other - y) ** 2));
      any = addDepths(depths, part, runs, other, wider) || any;
    }
    if (any) writeRow(row, depths, inside, outside);
    else row.fill(outside);
  }
}

function addDepths(
  depths: Int32Array,
  { left, width }: Rect,
  { bounds, rows }: Runs,
  row: number,
  wider: number,
): boolean {
  const end = rows[row + 1] ?? 0;
  let any = false;
  for (let at = rows[row] ?? 0; at < end; at += 2) {
    const from = Math.max(0, (bounds[at] ?? 0) - wider - left);
    const to = Math.min(width, (bounds[at + 1] ?? 0) + wider - left);
    if (from >= to) continue;
    depths[from] = (depths[from] ?? 0) + 1;
    depths[to] = (depths[to] ?? 0) - 1;
    any = true;
  }
  return any;
}

function writeRow(row: Uint8Array, depths: Int32Array, inside: number, outside: number): void {
  let depth = 0;
  for (let x = 0; x < row.length; x += 1) {
    depth += depths[x] ?? 0;
    depths[x] = 0;
    row[x] = depth > 0 ? inside : outside;
  }
  depths[row.length] = 0;
}

import type { Rect } from '../../../stage/geometry.ts';
import { MARKED, type Coverage } from '../pixels/coverage.ts';

/**
 * Rewrites a part: 255 where something marked is at most `reach` away, 0 elsewhere. `outwards` false: unmarked pixels spread, and become 0.
 * Vertical distances by columns first, then one sweep to each side along rows: O(pixels). The part must contain everything that can spread
 * into it.
 */
export function spreadDistances(
  { coverage, size }: Coverage,
  { left, top, width, height }: Rect,
  reach: number,
  outwards: boolean,
): void {
  const far = reach + 1;
  const away = new Uint16Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const start = (top + y) * size.width + left;
    const row = y * width;
    for (let x = 0; x < width; x += 1) {
      const isSource = (coverage[start + x] ?? 0) >= MARKED === outwards;
      const above = y === 0 ? far : (away[row - width + x] ?? 0) + 1;
      away[row + x] = isSource ? 0 : above < far ? above : far;
    }
  }
  const widths = Int32Array.from({ length: far + 1 }, (_none, down) =>
    down > reach ? -1 : Math.floor(Math.sqrt(reach * reach - down * down)),
  );
  const [inside, outside] = outwards ? [255, 0] : [0, 255];
  for (let y = height - 1; y >= 0; y -= 1) {
    const row = y * width;
    if (y < height - 1) {
      for (let x = 0; x < width; x += 1) {
        const below = (away[row + width + x] ?? 0) + 1;
        if (below < (away[row + x] ?? 0)) away[row + x] = below;
      }
    }
    sweep(coverage, (top + y) * size.width + left, away, row, width, widths, inside, outside);
  }
}

/** One row: each pixel spreads sideways as far as its vertical distance allows. */
function sweep(
  coverage: Uint8Array,
  start: number,
  away: Uint16Array,
  row: number,
  width: number,
  widths: Int32Array,
  inside: number,
  outside: number,
): void {
  let end = -1;
  for (let x = 0; x < width; x += 1) {
    const reached = x + (widths[away[row + x] ?? 0] ?? -1);
    if (reached > end) end = reached;
    coverage[start + x] = x <= end ? inside : outside;
  }
  let begin = width;
  for (let x = width - 1; x >= 0; x -= 1) {
    const reached = x - (widths[away[row + x] ?? 0] ?? -1);
    if (reached < begin) begin = reached;
    if (x >= begin) coverage[start + x] = inside;
  }
}

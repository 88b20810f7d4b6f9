import { boundsOf, within, type Coverage, type Touch } from './coverage.ts';

/**
 * Softens the edge by so many pixels to both sides: two box blurs, one after the other, so that a straight edge falls off in an S from
 * whole to nothing over twice the distance, and what is farther from an edge stays as it is. At the picture's edges its last pixels
 * count as going on. O(pixels) whatever the distance.
 */
export function feather(mask: Coverage, by: number, touch: Touch): void {
  const reach = Math.abs(by);
  const bounds = boundsOf(mask);
  if (reach === 0 || bounds.width === 0) return;
  const { coverage, size } = mask;
  const right = bounds.left + bounds.width + reach;
  const part = within(size, bounds.left - reach, bounds.top - reach, right, bounds.top + bounds.height + reach);
  touch(part);
  const { left, top, width, height } = part;
  const [first, second] = [Math.floor(reach / 2), Math.ceil(reach / 2)];
  const level = new Uint8Array(width * height);
  const row = new Uint8Array(width);
  for (let y = 0; y < height; y += 1) {
    const start = (top + y) * size.width + left;
    blurRow(coverage.subarray(start, start + width), row, first);
    blurRow(row, level.subarray(y * width, (y + 1) * width), second);
  }
  const upright = new Uint8Array(width * height);
  blurColumns(level, upright, width, height, first, (y) => y * width);
  blurColumns(upright, coverage, width, height, second, (y) => (top + y) * size.width + left);
}

/** The mean of the pixels at most `radius` to each side. */
function blurRow(from: Uint8Array, to: Uint8Array, radius: number): void {
  const last = from.length - 1;
  const share = 1 / (2 * radius + 1);
  let sum = (from[0] ?? 0) * (radius + 1);
  for (let x = 1; x <= radius; x += 1) sum += from[Math.min(last, x)] ?? 0;
  for (let x = 0; x <= last; x += 1) {
    to[x] = sum * share + 0.5;
    sum += (from[Math.min(last, x + radius + 1)] ?? 0) - (from[Math.max(0, x - radius)] ?? 0);
  }
}

/** The same downwards, a whole row at a time, so that memory is read in its order. `startOf`: where a row of `to` begins. */
function blurColumns(
  from: Uint8Array,
  to: Uint8Array,
  width: number,
  height: number,
  radius: number,
  startOf: (y: number) => number,
): void {
  const share = 1 / (2 * radius + 1);
  const sums = new Uint32Array(width);
  const rowAt = (y: number): number => Math.max(0, Math.min(height - 1, y)) * width;
  for (let y = -radius; y <= radius; y += 1) {
    const row = rowAt(y);
    for (let x = 0; x < width; x += 1) sums[x] = (sums[x] ?? 0) + (from[row + x] ?? 0);
  }
  for (let y = 0; y < height; y += 1) {
    const start = startOf(y);
    const [next, gone] = [rowAt(y + radius + 1), rowAt(y - radius)];
    for (let x = 0; x < width; x += 1) {
      const sum = sums[x] ?? 0;
      to[start + x] = sum * share + 0.5;
      sums[x] = sum + (from[next + x] ?? 0) - (from[gone + x] ?? 0);
    }
  }
}

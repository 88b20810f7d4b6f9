import { boundsOf, within, type Coverage, type Touch } from '../pixels/coverage.ts';
import { findChanges, asUint32 } from '../pixels/uint32.ts';

/** Columns per strip; a multiple of 4, for whole words. */
const STRIP = 32;

/**
 * Softens the edge to both sides by two box blurs: a straight edge falls off in an S curve over twice the distance; pixels farther away do not
 * change. At the image's edges the last pixels repeat. O(pixels) for any distance.
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
  // Rows are padded to whole words.
  const across = (width + 3) & ~3;
  const [one, other] = [new Uint8Array(across * height), new Uint8Array(across * height)];
  for (let y = 0; y < height; y += 1) {
    const start = (top + y) * size.width + left;
    const row = other.subarray(y * across, y * across + width);
    row.set(coverage.subarray(start, start + width));
    const middle = one.subarray(y * across, y * across + width);
    blurRow(row, middle, first);
    blurRow(middle, row, second);
  }
  blurColumns(other, one, across, height, first);
  blurColumns(one, other, across, height, second);
  for (let y = 0; y < height; y += 1) {
    coverage.set(other.subarray(y * across, y * across + width), (top + y) * size.width + left);
  }
}

/** Calls back for each stretch within `radius` of a change. */
function eachNear(
  changes: readonly number[],
  radius: number,
  length: number,
  each: (from: number, to: number) => void,
): void {
  let from = 0;
  let to = 0;
  for (const change of changes) {
    if (change - radius > to) {
      if (to > from) each(from, to);
      from = Math.max(0, change - radius);
    }
    to = Math.min(length, change + radius);
  }
  if (to > from) each(from, to);
}

/** Box blur of one row. */
function blurRow(from: Uint8Array, to: Uint8Array, radius: number): void {
  to.set(from);
  const last = from.length - 1;
  const share = 1 / (2 * radius + 1);
  eachNear(findChanges(from), radius, from.length, (begin, end) => {
    let sum = 0;
    for (let x = begin - radius; x <= begin + radius; x += 1) sum += from[Math.max(0, Math.min(last, x))] ?? 0;
    for (let x = begin; x < end; x += 1) {
      to[x] = sum * share + 0.5;
      sum += (from[Math.min(last, x + radius + 1)] ?? 0) - (from[Math.max(0, x - radius)] ?? 0);
    }
  });
}

/** Box blur of columns, in strips row by row, for sequential memory access. */
function blurColumns(from: Uint8Array, to: Uint8Array, width: number, height: number, radius: number): void {
  to.set(from);
  const share = 1 / (2 * radius + 1);
  const rowAt = (y: number): number => Math.max(0, Math.min(height - 1, y)) * width;
  const sums = new Uint32Array(STRIP);
  for (let left = 0; left < width; left += STRIP) {
    const count = Math.min(STRIP, width - left);
    eachNear(changesDown(from, left, count, width, height), radius, height, (begin, end) => {
      sums.fill(0);
      for (let y = begin - radius; y <= begin + radius; y += 1) {
        const row = rowAt(y) + left;
        for (let x = 0; x < count; x += 1) sums[x] = (sums[x] ?? 0) + (from[row + x] ?? 0);
      }
      for (let y = begin; y < end; y += 1) {
        const row = y * width + left;
        const [next, gone] = [rowAt(y + radius + 1) + left, rowAt(y - radius) + left];
        for (let x = 0; x < count; x += 1) {
          const sum = sums[x] ?? 0;
          to[row + x] = sum * share + 0.5;
          sums[x] = sum + (from[next + x] ?? 0) - (from[gone + x] ?? 0);
        }
      }
    });
  }
}

/** The rows of a strip that differ from those above them. */
function changesDown(bytes: Uint8Array, left: number, count: number, width: number, height: number): number[] {
  const words = asUint32(bytes);
  const [start, many, across] = [left / 4, count / 4, width / 4];
  const changes: number[] = [];
  for (let y = 1; y < height; y += 1) {
    const row = y * across + start;
    for (let word = row; word < row + many; word += 1) {
      if (words[word] === words[word - across]) continue;
      changes.push(y);
      break;
    }
  }
  return changes;
}

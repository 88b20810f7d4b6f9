import type { Rect, Size } from '../../../stage/geometry.ts';
import { asUint32 } from './uint32.ts';

/** Pixels with this value or more are marked: they are sent as "edit here". */
export const MARKED = 128;

/** A mask's bytes: how much of each pixel is marked, row by row. */
export interface Coverage {
  readonly size: Size;
  readonly coverage: Uint8Array;
}

/** Called before a part is written; whole pixels within the image. */
export type Touch = (part: Rect) => void;

/** The rectangle from left/top (inclusive) to right/bottom (exclusive), clipped to the image. */
export function within({ width, height }: Size, left: number, top: number, right: number, bottom: number): Rect {
  const x = Math.max(0, Math.min(width, left));
  const y = Math.max(0, Math.min(height, top));
  return {
    left: x,
    top: y,
    width: Math.max(0, Math.min(width, right) - x),
    height: Math.max(0, Math.min(height, bottom) - y),
  };
}

/** The bounding box of all pixels above 0; empty if there are none. O(pixels). */
export function boundsOf({ coverage, size: { width, height } }: Coverage): Rect {
  const words = asUint32(coverage);
  let [first, last] = [0, words.length];
  while (first < last && words[first] === 0) first += 1;
  while (last > first && words[last - 1] === 0) last -= 1;
  // The last pixels may not fill a word; they are checked row by row.
  const isTailEmpty = coverage.subarray(words.length * 4).every((byte) => byte === 0);
  let top = Math.floor((first * 4) / width);
  let bottom = isTailEmpty ? Math.min(height, Math.floor((last * 4) / width) + 1) : height;
  const isEmpty = (y: number): boolean => coverage.subarray(y * width, (y + 1) * width).every((byte) => byte === 0);
  while (top < bottom && isEmpty(top)) top += 1;
  while (bottom > top && isEmpty(bottom - 1)) bottom -= 1;
  let [left, right] = [width, 0];
  for (let y = top; y < bottom; y += 1) {
    const row = y * width;
    for (let x = 0; x < left; x += 1) if (coverage[row + x] !== 0) left = x;
    for (let x = width - 1; x >= right; x -= 1) if (coverage[row + x] !== 0) right = x + 1;
  }
  return { left, top, width: Math.max(0, right - left), height: bottom - top };
}

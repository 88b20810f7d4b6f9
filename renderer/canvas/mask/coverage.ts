import type { Rect, Size } from '../../stage/geometry.ts';

/** From here on a pixel is marked: it goes out as "edit here". */
export const MARKED = 128;

/** The bytes that a deed works on: how much of each pixel is marked, row by row. */
export interface Coverage {
  readonly size: Size;
  readonly coverage: Uint8Array;
}

/** Told of a part, in whole pixels of the picture and never beyond it, before anything in it is written. */
export type Touch = (part: Rect) => void;

/** The part of whole pixels from one column and row to others (these not included), as far as the picture has them. */
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

/** The smallest part that holds every pixel of which anything is marked at all; empty where there is none. O(pixels). */
export function boundsOf({ coverage, size: { width, height } }: Coverage): Rect {
  const rows = (y: number): Uint8Array => coverage.subarray(y * width, (y + 1) * width);
  let [top, bottom] = [0, height];
  while (top < bottom && !hasAny(rows(top))) top += 1;
  while (bottom > top && !hasAny(rows(bottom - 1))) bottom -= 1;
  let [left, right] = [width, 0];
  for (let y = top; y < bottom; y += 1) {
    const row = y * width;
    for (let x = 0; x < left; x += 1) if (coverage[row + x] !== 0) left = x;
    for (let x = width - 1; x >= right; x -= 1) if (coverage[row + x] !== 0) right = x + 1;
  }
  return { left, top, width: Math.max(0, right - left), height: bottom - top };
}

function hasAny(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at] !== 0) return true;
  return false;
}

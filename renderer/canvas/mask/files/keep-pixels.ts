import { roundOutRect, type Rect, type Size } from '../../../stage/geometry.ts';
import { MARKED, type Coverage } from '../pixels/coverage.ts';

/**
 * The pixels of a mask file, one byte each: 255 keep, 0 edit. Everything outside the image is edited.
 * @param frame image pixels; may be larger or smaller than the image
 * @param to the file's size; nearest-neighbour scaling
 */
export function toKeepPixels(
  { coverage, size }: Coverage,
  frame: Rect,
  to?: Size,
): { pixels: Uint8Array<ArrayBuffer>; size: Size } {
  const { left, top, width, height } = roundOutRect(frame);
  const file = to ?? { width, height };
  const pixels = new Uint8Array(file.width * file.height);
  const columns = Int32Array.from({ length: file.width }, (_none, x) => left + nearest(x, file.width, width));
  for (let y = 0; y < file.height; y += 1) {
    const row = top + nearest(y, file.height, height);
    if (row < 0 || row >= size.height) continue;
    const [source, target] = [row * size.width, y * file.width];
    for (let x = 0; x < file.width; x += 1) {
      const column = columns[x] ?? -1;
      const isInside = column >= 0 && column < size.width;
      if (isInside && (coverage[source + column] ?? 0) < MARKED) pixels[target + x] = 255;
    }
  }
  return { pixels, size: file };
}

/** Nearest-neighbour source of pixel `at`, on an axis scaled from `from` to `to` pixels. */
export function nearest(at: number, to: number, from: number): number {
  return Math.min(from - 1, Math.floor(((at + 0.5) * from) / to));
}

import type { Point } from '../../stage/geometry.ts';
import { packBits } from './bits.ts';
import type { Combine, MaskOp } from './mask-op.ts';

/** What counts as similar. */
export interface Similarity {
  /** How far red, green, blue and alpha may each be from the chosen pixel's, 0 to 255. */
  tolerance: number;
  /** Only what hangs together with the chosen pixel over its sides. */
  contiguous: boolean;
  combine?: Combine;
}

/**
 * The pixels that look like the one at a place; none where the place lies beyond the picture. O(pixels).
 * @param pixels of the whole picture as it is seen
 */
export function selectSimilar(
  pixels: ImageData,
  at: Point,
  { tolerance, contiguous, combine = 'add' }: Similarity,
): MaskOp {
  const { width, height } = pixels;
  const [x, y] = [Math.floor(at.x), Math.floor(at.y)];
  const chosen = new Uint8Array(width * height);
  if (x >= 0 && y >= 0 && x < width && y < height) {
    const isLike = likeness(pixels.data, y * width + x, tolerance);
    if (contiguous) flood(chosen, width, x, y, isLike);
    else for (let pixel = 0; pixel < chosen.length; pixel += 1) if (isLike(pixel)) chosen[pixel] = 255;
  }
  return { kind: 'region', combine, bits: packBits(chosen) };
}

/** What cannot be seen is alike, whatever colour it has. */
function likeness(data: Uint8ClampedArray, pixel: number, tolerance: number): (other: number) => boolean {
  const [red, green, blue, alpha] = [0, 1, 2, 3].map((channel) => data[pixel * 4 + channel] ?? 0) as [
    number,
    number,
    number,
    number,
  ];
  return (other) => {
    const at = other * 4;
    const seen = data[at + 3] ?? 0;
    if (seen === 0 && alpha === 0) return true;
    return (
      Math.abs((data[at] ?? 0) - red) <= tolerance &&
      Math.abs((data[at + 1] ?? 0) - green) <= tolerance &&
      Math.abs((data[at + 2] ?? 0) - blue) <= tolerance &&
      Math.abs(seen - alpha) <= tolerance
    );
  };
}

/** Fills whole runs of a row and looks for new ones above and below each. */
function flood(chosen: Uint8Array, width: number, x: number, y: number, isLike: (pixel: number) => boolean): void {
  const waiting = [y * width + x];
  const isFree = (pixel: number): boolean => chosen[pixel] === 0 && isLike(pixel);
  /** One pixel for each run of free ones beside a run. */
  const look = (from: number, to: number): void => {
    let before = false;
    for (let pixel = from; pixel < to; pixel += 1) {
      const free = isFree(pixel);
      if (free && !before) waiting.push(pixel);
      before = free;
    }
  };
  for (let seed = waiting.pop(); seed !== undefined; seed = waiting.pop()) {
    if (!isFree(seed)) continue;
    const row = seed - (seed % width);
    let from = seed;
    let to = seed + 1;
    while (from > row && isFree(from - 1)) from -= 1;
    while (to < row + width && isFree(to)) to += 1;
    chosen.fill(255, from, to);
    if (row > 0) look(from - width, to - width);
    if (row + width < chosen.length) look(from + width, to + width);
  }
}

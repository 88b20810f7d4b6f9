import type { Point } from '../../../stage/geometry.ts';
import { packBits } from '../pixels/bits.ts';
import type { Combine, MaskOperation } from './mask-operation.ts';

type Rgba = [red: number, green: number, blue: number, alpha: number];

/** What counts as similar. */
export interface Similarity {
  /** How far red, green, blue and alpha may each be from the chosen pixel's, 0 to 255. */
  tolerance: number;
  /** Only pixels 4-connected to the chosen one. */
  contiguous: boolean;
  combine?: Combine;
}

/**
 * Selects the pixels similar to the one at a point; none if the point lies outside the image. O(pixels).
 * @param pixels of the whole image as displayed
 */
export function selectSimilar(
  pixels: ImageData,
  at: Point,
  { tolerance, contiguous, combine = 'add' }: Similarity,
): MaskOperation {
  const { width, height } = pixels;
  const [x, y] = [Math.floor(at.x), Math.floor(at.y)];
  if (x < 0 || y < 0 || x >= width || y >= height) {
    return { kind: 'region', combine, bits: packBits(new Uint8Array(width * height)) };
  }
  const like = similarPixels(pixels.data, y * width + x, tolerance);
  return { kind: 'region', combine, bits: packBits(contiguous ? floodFill(like, width, y * width + x) : like) };
}

/** 255 for similar pixels, 0 for others. Fully transparent pixels are similar, whatever their colour. */
function similarPixels(data: Uint8ClampedArray, chosen: number, tolerance: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length >>> 2);
  const like = new Uint8Array(words.length);
  const word = words[chosen] ?? 0;
  const [red, green, blue, alpha] = [0, 1, 2, 3].map((channel) => data[chosen * 4 + channel] ?? 0) as Rgba;
  for (let pixel = 0; pixel < like.length; pixel += 1) {
    if (words[pixel] === word) {
      like[pixel] = 255;
      continue;
    }
    const at = pixel * 4;
    const seen = data[at + 3] ?? 0;
    const isLike =
      (seen === 0 && alpha === 0) ||
      (Math.abs((data[at] ?? 0) - red) <= tolerance &&
        Math.abs((data[at + 1] ?? 0) - green) <= tolerance &&
        Math.abs((data[at + 2] ?? 0) - blue) <= tolerance &&
        Math.abs(seen - alpha) <= tolerance);
    if (isLike) like[pixel] = 255;
  }
  return like;
}

/** Flood fill by runs of a row. */
function floodFill(like: Uint8Array, width: number, start: number): Uint8Array<ArrayBuffer> {
  const chosen = new Uint8Array(like.length);
  const waiting = [start];
  for (let seed = waiting.pop(); seed !== undefined; seed = waiting.pop()) {
    if (like[seed] === 0 || chosen[seed] !== 0) continue;
    const row = seed - (seed % width);
    let from = seed;
    let to = seed + 1;
    while (from > row && like[from - 1] !== 0) from -= 1;
    while (to < row + width && like[to] !== 0) to += 1;
    chosen.fill(255, from, to);
    if (row > 0) pushNeighbours(like, chosen, from - width, to - width, waiting);
    if (row + width < like.length) pushNeighbours(like, chosen, from + width, to + width, waiting);
  }
  return chosen;
}

/** Pushes one pixel of each unvisited run beside a run. */
function pushNeighbours(like: Uint8Array, chosen: Uint8Array, from: number, to: number, waiting: number[]): void {
  let before = false;
  for (let pixel = from; pixel < to; pixel += 1) {
    const isFree = like[pixel] !== 0 && chosen[pixel] === 0;
    if (isFree && !before) waiting.push(pixel);
    before = isFree;
  }
}

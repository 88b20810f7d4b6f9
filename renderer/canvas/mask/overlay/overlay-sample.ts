import type { Camera, View } from '../../../stage/camera.ts';
import type { Rect, Size } from '../../../stage/geometry.ts';
import type { Coverage } from '../pixels/coverage.ts';

/** Position and scale of the image on the canvas, device pixels. */
export interface ImagePlacement {
  /** Of the image's top left corner. */
  left: number;
  top: number;
  /** Device pixels per image pixel. */
  scale: number;
}

/** A window of the view: the mask's level at the centre of each device pixel. */
export interface Sample extends Rect {
  /** 0 to 255; 0 outside the image. */
  levels: Uint8Array;
  /** Pixels with a 4-neighbour on the other side of the mask's edge, unordered, with duplicates. */
  edges: number[];
}

export function placementOf({ scale, centre }: Camera, view: View): ImagePlacement {
  return {
    left: (view.width * view.dpr) / 2 - centre.x * scale,
    top: (view.height * view.dpr) / 2 - centre.y * scale,
    scale,
  };
}

/** Samples the mask for a window of the view. O(pixels of the window). */
export function sampleMask(mask: Coverage, placing: ImagePlacement, window: Rect): Sample {
  const { width, height } = window;
  const sample: Sample = { ...window, levels: new Uint8Array(width * height), edges: [] };
  const columns = sources(placing.left, placing.scale, window.left, width, mask.size.width);
  const rows = sources(placing.top, placing.scale, window.top, height, mask.size.height);
  for (let y = 0; y < height; y += 1) readRow(mask, rows[y] ?? -1, columns, sample, y);
  return sample;
}

/** The image pixel under each device pixel's centre on an axis; -1 outside the image. */
function sources(origin: number, scale: number, from: number, count: number, size: number): Int32Array {
  const places = new Int32Array(count);
  for (let index = 0; index < count; index += 1) {
    const place = Math.floor((from + index + 0.5 - origin) / scale);
    places[index] = place >= 0 && place < size ? place : -1;
  }
  return places;
}

/** Samples one row and its edges. Hot loop: runs for every pixel of the view during camera moves. */
function readRow({ coverage, size }: Coverage, source: number, columns: Int32Array, sample: Sample, y: number): void {
  const { levels, edges, width } = sample;
  const start = source * size.width;
  const row = y * width;
  let left = -1;
  for (let x = 0; x < width; x += 1) {
    const at = row + x;
    const column = columns[x] ?? -1;
    const level = source < 0 || column < 0 ? 0 : (coverage[start + column] ?? 0);
    levels[at] = level;
    const here = level >> MARKED_BIT;
    if (here !== left && left >= 0) edges.push(at - 1, at);
    if (y > 0 && here !== (levels[at - width] ?? 0) >> MARKED_BIT) edges.push(at - width, at);
    left = here;
  }
}

/** This bit of a level is set if it is marked (128 and more). */
const MARKED_BIT = 7;

/** Samples per device pixel on each axis. */
const PLACES = 4;

/** Marked share of a device pixel, 0 to 255. */
export function shareMarked(
  { coverage, size }: Coverage,
  { left, top, scale }: ImagePlacement,
  x: number,
  y: number,
): number {
  const step = 1 / (PLACES * scale);
  const [firstColumn, firstRow] = [(x - left) / scale + step / 2, (y - top) / scale + step / 2];
  let marked = 0;
  for (let down = 0; down < PLACES; down += 1) {
    const row = Math.floor(firstRow + down * step) | 0;
    if (row < 0 || row >= size.height) continue;
    for (let right = 0; right < PLACES; right += 1) {
      const column = Math.floor(firstColumn + right * step) | 0;
      if (column >= 0 && column < size.width) marked += (coverage[row * size.width + column] ?? 0) >> MARKED_BIT;
    }
  }
  return ((marked * 255) / (PLACES * PLACES) + 0.5) | 0;
}

/** The device pixels that show a part of the image, with a margin, within the canvas. */
export function windowOf(part: Rect, { left, top, scale }: ImagePlacement, around: number, canvas: Size): Rect {
  const x = Math.max(0, Math.floor(part.left * scale + left) - around);
  const y = Math.max(0, Math.floor(part.top * scale + top) - around);
  const right = Math.min(canvas.width, Math.ceil((part.left + part.width) * scale + left) + around);
  const bottom = Math.min(canvas.height, Math.ceil((part.top + part.height) * scale + top) + around);
  return { left: x, top: y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
}

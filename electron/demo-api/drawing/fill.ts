import { alphaOf, blend, pixelsOf, resized, sharpFrom, type Pixels, type Weights } from './pixels.ts';

/**
 * Fills the region and transparent pixels from their surroundings. Between two kept sides each row is interpolated, so that a horizon
 * continues; beyond an open edge the adjacent strip is mirrored. Both are blended with a blur of the surrounding colours that increases
 * with distance.
 */
export async function fillRegion(base: Pixels, region: Weights): Promise<Pixels> {
  const alpha = alphaOf(base);
  const open = Uint8Array.from(region.data, (share, at) => (share === 255 || alpha[at] === 0 ? 1 : 0));
  const blurred = await blurredBackground(base, open);
  const opaque = base.channels === 3 ? base : await pixelsOf(sharpFrom(base).removeAlpha());
  const whole = { ...opaque, data: Buffer.from(opaque.data) };
  fillRows(whole, blurred, open);
  fillEmptyRows(whole, blurred, open);
  return whole;
}

/** The kept pixels, downscaled until the gaps close and upscaled again: no holes, no detail. */
async function blurredBackground(base: Pixels, open: Uint8Array): Promise<Pixels> {
  const { width, height } = base;
  const kept = Buffer.alloc(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++) {
    base.data.copy(kept, pixel * 4, pixel * base.channels, pixel * base.channels + 3);
    kept[pixel * 4 + 3] = open[pixel] === 1 ? 0 : 255;
  }
  const levels: Pixels[] = [{ data: kept, width, height, channels: 4 }];
  for (let level = levels[0]; level && Math.min(level.width, level.height) > 3; level = levels.at(-1)) {
    levels.push(await resized(level, Math.max(2, level.width >> 1), Math.max(2, level.height >> 1)));
  }
  let whole: Pixels = { data: Buffer.alloc(2 * 2 * 3, 128), width: 2, height: 2, channels: 3 };
  for (const level of levels.reverse()) {
    whole = await resized(whole, level.width, level.height);
    whole = blend(whole, level, { data: alphaOf(level), width: level.width, height: level.height });
  }
  return whole;
}

/** Width of the mirrored strip, as a share of the image's width or height; small, so that no object appears twice. */
const STRIP = 0.05;

/** Offset within the mirrored strip for a step beyond the edge; step 0 is the edge pixel. */
function mirrorOffset(step: number, strip: number): number {
  const place = step % (2 * strip);
  return place < strip ? place : 2 * strip - 1 - place;
}

/** Fills each run of open pixels in a row from the pixels at its ends. Rows without kept pixels are filled later. */
function fillRows(whole: Pixels, blurred: Pixels, open: Uint8Array): void {
  const { width, height } = whole;
  for (let y = 0; y < height; y++) {
    const initial = medianColour(whole, open, y);
    for (let start = 0; start < width; start++) {
      if (open[y * width + start] === 0) continue;
      let end = start;
      while (end < width && open[y * width + end] === 1) end++;
      if (start > 0 && end < width) fillBetween(whole, blurred, open, y, start, end, initial);
      else if (start > 0 || end < width) fillBeyond(whole, blurred, open, y, start, end);
      start = end;
    }
  }
}

/** Fills from one side to the other. Objects at one side aren't extended; the background of the other side is. */
function fillBetween(
  whole: Pixels,
  blurred: Pixels,
  open: Uint8Array,
  y: number,
  start: number,
  end: number,
  initial: number[],
): void {
  let left = edgeColour(whole, open, y, start - 1, -1);
  let right = edgeColour(whole, open, y, end, 1);
  if (distance(left, initial) > distance(right, initial) + 60) left = right;
  else if (distance(right, initial) > distance(left, initial) + 60) right = left;
  for (let x = start; x < end; x++) {
    const at = (y * whole.width + x) * 3;
    const share = (x - start + 1) / (end - start + 1);
    for (let channel = 0; channel < 3; channel++) {
      const ground = (left[channel] ?? 0) * (1 - share) + (right[channel] ?? 0) * share;
      whole.data[at + channel] = Math.round(0.88 * ground + 0.12 * (blurred.data[at + channel] ?? 0));
    }
  }
}

/** Fills beyond the left or right edge. */
function fillBeyond(whole: Pixels, blurred: Pixels, open: Uint8Array, y: number, start: number, end: number): void {
  const { width, data } = whole;
  const strip = Math.max(2, Math.round(STRIP * width));
  for (let x = start; x < end; x++) {
    const step = start > 0 ? x - start : end - 1 - x;
    const into = mirrorOffset(step, strip);
    const from = start > 0 ? start - 1 - into : end + into;
    const kept = from >= 0 && from < width && open[y * width + from] === 0;
    const at = (y * width + x) * 3;
    const dense = kept ? mistOf(step / strip) : 1;
    for (let channel = 0; channel < 3; channel++)
      data[at + channel] = Math.round(
        (1 - dense) * (data[(y * width + from) * 3 + channel] ?? 0) + dense * (blurred.data[at + channel] ?? 0),
      );
  }
}

/** Share of the blur at a distance from the edge, in strips. */
const mistOf = (strips: number): number => Math.min(0.5, 0.08 + 0.12 * strips);

const distance = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, value, channel) => sum + Math.abs(value - (other[channel] ?? 0)), 0);

/** The median of a row's kept pixels by channel: an estimate of its background. */
function medianColour({ data, width }: Pixels, open: Uint8Array, y: number): number[] {
  const kept: number[] = [];
  for (let x = 0; x < width; x += 8) if (open[y * width + x] === 0) kept.push((y * width + x) * 3);
  return [0, 1, 2].map(
    (channel) => kept.map((at) => data[at + channel] ?? 0).sort((one, other) => one - other)[kept.length >> 1] ?? 0,
  );
}

/** The mean colour of the kept pixels near a run's end, over a few rows and columns. */
function edgeColour({ data, width, height }: Pixels, open: Uint8Array, y: number, x: number, step: 1 | -1): number[] {
  const sums = [0, 0, 0];
  let count = 0;
  for (let row = Math.max(0, y - 2); row <= Math.min(height - 1, y + 2); row++) {
    for (let away = 0; away < 10; away++) {
      const column = x + step * away;
      if (column < 0 || column >= width || open[row * width + column] === 1) continue;
      const at = (row * width + column) * 3;
      for (let channel = 0; channel < 3; channel++) sums[channel] = (sums[channel] ?? 0) + (data[at + channel] ?? 0);
      count++;
    }
  }
  return sums.map((sum) => sum / Math.max(1, count));
}

/** Fills rows without kept pixels, above or below the image, from the adjacent rows. */
function fillEmptyRows(whole: Pixels, blurred: Pixels, open: Uint8Array): void {
  const { width, height, data } = whole;
  const isEmpty = (y: number): boolean => !open.subarray(y * width, (y + 1) * width).includes(0);
  let first = 0;
  while (first < height && isEmpty(first)) first++;
  let last = height - 1;
  while (last > first && isEmpty(last)) last--;
  const strip = Math.max(2, Math.min(last - first + 1, Math.round(STRIP * height)));
  for (let y = 0; y < height; y++) {
    if (y >= first && y <= last) continue;
    const step = y < first ? first - 1 - y : y - last - 1;
    const into = mirrorOffset(step, strip);
    const row = y < first ? first + into : last - into;
    const dense = first < height ? mistOf(step / strip) : 1;
    for (let at = 0; at < width * 3; at++)
      data[y * width * 3 + at] = Math.round(
        (1 - dense) * (data[row * width * 3 + at] ?? 0) + dense * (blurred.data[y * width * 3 + at] ?? 0),
      );
  }
}

import { alphaOf, blend, pixelsOf, resized, sharpFrom, type Pixels, type Weights } from './pixels.ts';

/**
 * The region closed from its surroundings, and everything of the input that has no alpha with it. Between two kept sides each row runs
 * from one to the other, so that a horizon goes on; an open edge of the picture mirrors what stands beside it; a soft mist of the
 * surrounding colours lies over both.
 */
export async function filled(base: Pixels, region: Weights): Promise<Pixels> {
  const alpha = alphaOf(base);
  const open = Uint8Array.from(region.data, (share, at) => (share === 255 || alpha[at] === 0 ? 1 : 0));
  const mist = await mistOver(base, open);
  const opaque = base.channels === 3 ? base : await pixelsOf(sharpFrom(base).removeAlpha());
  const whole = { ...opaque, data: Buffer.from(opaque.data) };
  fillRows(whole, mist, open);
  fillEmptyRows(whole, mist, open);
  return whole;
}

/** The kept pixels shrunk level by level until they meet, then brought back from coarse to fine: no holes, no detail. */
async function mistOver(base: Pixels, open: Uint8Array): Promise<Pixels> {
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

/** Each run of open pixels in a row, from the pixels at its ends. Rows without any kept pixel are left for later. */
function fillRows(whole: Pixels, mist: Pixels, open: Uint8Array): void {
  const { width, height } = whole;
  for (let y = 0; y < height; y++) {
    for (let start = 0; start < width; start++) {
      if (open[y * width + start] === 0) continue;
      let end = start;
      while (end < width && open[y * width + end] === 1) end++;
      if (start > 0 || end < width) fillRun(whole, mist, open, y, start, end);
      start = end;
    }
  }
}

function fillRun(whole: Pixels, mist: Pixels, open: Uint8Array, y: number, start: number, end: number): void {
  const { width, data } = whole;
  const left = start > 0 ? edgeColour(whole, open, y, start - 1, -1) : null;
  const right = end < width ? edgeColour(whole, open, y, end, 1) : null;
  for (let x = start; x < end; x++) {
    const at = (y * width + x) * 3;
    const share = (x - start + 1) / (end - start + 1);
    const from = left ? 2 * start - 1 - x : 2 * end - 1 - x;
    const mirrored = from >= 0 && from < width && open[y * width + from] === 0;
    for (let channel = 0; channel < 3; channel++) {
      const soft = mist.data[at + channel] ?? 0;
      let value = soft;
      if (left && right)
        value = 0.88 * ((left[channel] ?? 0) * (1 - share) + (right[channel] ?? 0) * share) + 0.12 * soft;
      else if (mirrored) value = 0.85 * (data[(y * width + from) * 3 + channel] ?? 0) + 0.15 * soft;
      data[at + channel] = Math.round(value);
    }
  }
}

/** The mean colour of the kept pixels at a run's end, a few rows up and down and some steps away from it. */
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

/** Rows that were wholly open, above or below the picture: a mirror of the rows that are not. */
function fillEmptyRows(whole: Pixels, mist: Pixels, open: Uint8Array): void {
  const { width, height, data } = whole;
  const isEmpty = (y: number): boolean => !open.subarray(y * width, (y + 1) * width).includes(0);
  let first = 0;
  while (first < height && isEmpty(first)) first++;
  let last = height - 1;
  while (last > first && isEmpty(last)) last--;
  for (let y = 0; y < height; y++) {
    if (y >= first && y <= last) continue;
    const from = y < first ? 2 * first - 1 - y : 2 * last + 1 - y;
    const source = from >= first && from <= last ? data : mist.data;
    const row = source === data ? from : y;
    for (let at = 0; at < width * 3; at++) {
      data[y * width * 3 + at] = Math.round(
        0.85 * (source[row * width * 3 + at] ?? 0) + 0.15 * (mist.data[y * width * 3 + at] ?? 0),
      );
    }
  }
}

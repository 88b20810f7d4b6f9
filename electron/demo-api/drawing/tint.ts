import type { Pixels, Weights } from './pixels.ts';

type Colour = readonly [number, number, number];

const lumaAt = (data: Buffer, at: number): number =>
  0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);

/**
 * Recolours an image, keeping form and light. In a region, only pixels that differ from the surrounding background are tinted, so a
 * generous mask still changes only the object.
 */
export function tintRegion(base: Pixels, region: Weights | null, rgb: Colour): Pixels {
  const { channels } = base;
  const data = Buffer.from(base.data);
  const shares = region ? figureIn(base, region) : null;
  const middle = middleTone(base, shares);
  for (let pixel = 0; pixel < base.width * base.height; pixel++) {
    const share = shares ? (shares[pixel] ?? 0) / 255 : 1;
    if (share === 0) continue;
    const at = pixel * channels;
    const tone = lumaAt(data, at) / middle;
    const shine = tone > 1 ? Math.min(1, (tone - 1) / (255 / middle - 1)) ** 1.3 : 0;
    for (let channel = 0; channel < 3; channel++) {
      const draw = (rgb[channel] ?? 0) * Math.min(1, tone);
      const old = data[at + channel] ?? 0;
      data[at + channel] = Math.round(old + 0.9 * share * (draw + (255 - draw) * shine - old));
    }
  }
  return { ...base, data };
}

/** The mean brightness of the painted pixels, limited so that no tone is stretched too far. */
function middleTone(base: Pixels, shares: Uint8Array | null): number {
  let [sum, count] = [0, 0];
  for (let pixel = 0; pixel < base.width * base.height; pixel += 7) {
    const share = shares ? (shares[pixel] ?? 0) : 255;
    sum += lumaAt(base.data, pixel * base.channels) * share;
    count += share;
  }
  return Math.min(200, Math.max(40, sum / Math.max(1, count)));
}

/** 0 to 255 per pixel: the likelihood that it belongs to the object and not to the background. */
function figureIn(base: Pixels, region: Weights): Uint8Array {
  const ground = groundAround(base, region);
  const shares = new Uint8Array(region.data.length);
  let [found, whole] = [0, 0];
  for (let pixel = 0; pixel < shares.length; pixel++) {
    if (region.data[pixel] === 0) continue;
    const at = pixel * base.channels;
    let nearest = Infinity;
    for (const [red, green, blue] of ground) {
      const distance =
        Math.abs((base.data[at] ?? 0) - red) +
        Math.abs((base.data[at + 1] ?? 0) - green) +
        Math.abs((base.data[at + 2] ?? 0) - blue);
      if (distance < nearest) nearest = distance;
    }
    const share = Math.min(255, Math.max(0, (nearest - 30) * 6));
    shares[pixel] = share;
    found += share;
    whole += 255;
  }
  // Little contrast: the mask fits the object closely, so all of it is painted.
  return found < 0.3 * whole ? Uint8Array.from(region.data) : shares;
}

/** The most frequent colours just outside the region's left and right edges. */
function groundAround(base: Pixels, { data, width, height }: Weights): Colour[] {
  const counts = new Map<number, number>();
  const away = Math.max(2, Math.round(width / 200));
  for (let y = 0; y < height; y++) {
    for (let x = 1; x < width; x++) {
      const here = (data[y * width + x] ?? 0) > 0;
      if (here === (data[y * width + x - 1] ?? 0) > 0) continue;
      const outside = Math.min(width - 1, Math.max(0, here ? x - away : x + away));
      const at = (y * width + outside) * base.channels;
      const key =
        ((base.data[at] ?? 0) >> 4) * 256 + ((base.data[at + 1] ?? 0) >> 4) * 16 + ((base.data[at + 2] ?? 0) >> 4);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  const frequent = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 28);
  return frequent.map(([key]) => [(key >> 8) * 16 + 8, ((key >> 4) & 15) * 16 + 8, (key & 15) * 16 + 8]);
}

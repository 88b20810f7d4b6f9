import type { Pixels, Weights } from './pixels.ts';
import { randomBetween, createRandom, type Random } from './random.ts';

/** An ellipse, in pixels, in which the image visibly differs, as if the model had redrawn it. */
interface Slip {
  x: number;
  y: number;
  across: number;
  down: number;
  /** Offset of the content at its centre, px. */
  moved: readonly [number, number];
  /** Added to red, green and blue. */
  tint: readonly [number, number, number];
}

/**
 * Simulates a model that redraws the whole image, not only the masked region: outside the region it adds a faint tint and noise, too
 * weak to see, and one or two small visible differences. Doesn't change the region or transparent pixels. Deterministic by seed.
 */
export function applyDrift(image: Pixels, region: Weights, seed: number): Pixels {
  const { width, height, channels } = image;
  const random = createRandom(seed ^ 0x5bd1e995);
  const tint = [0, 1, 2].map(() => randomBetween(random, -1.6, 1.6));
  const noise = Float32Array.from({ length: 4096 }, () => randomBetween(random, -2, 2));
  const data = Buffer.from(image.data);
  const out = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
  for (let y = 0, pixel = 0; y < height; y++) {
    // Each row starts at another position of the noise, so that no pattern is visible.
    let grain = Math.floor(random() * 4096);
    for (let x = 0; x < width; x++, pixel++) {
      const at = pixel * channels;
      grain = (grain + 1) & 4095;
      if (region.data[pixel] === 255 || (channels === 4 && data[at + 3] === 0)) continue;
      const speck = noise[grain] ?? 0;
      for (let channel = 0; channel < 3; channel++)
        out[at + channel] = (image.data[at + channel] ?? 0) + (tint[channel] ?? 0) + speck;
    }
  }
  for (const slip of slipsOutside(image, region, random)) drawSlip(out, image, region, slip);
  return { ...image, data };
}

/** One or two places centred outside the region, of several candidates the most detailed; [] if everything is to be edited. */
function slipsOutside(image: Pixels, region: Weights, random: Random): Slip[] {
  const size = Math.sqrt(image.width * image.height);
  const slips: Slip[] = [];
  const wanted = random() < 0.4 ? 1 : 2;
  for (let attempt = 0; attempt < wanted; attempt++) {
    const places = Array.from({ length: 24 }, () => ({
      x: Math.floor(image.width * randomBetween(random, 0.1, 0.9)),
      y: Math.floor(image.height * randomBetween(random, 0.1, 0.9)),
    })).filter(({ x, y }) => region.data[y * image.width + x] !== 255);
    const rated = places.map((place) => ({ ...place, detail: detailAt(image, place.x, place.y, size * 0.04) }));
    const [best] = rated.sort((one, other) => other.detail - one.detail);
    const [shape, radius] = [randomBetween(random, 0.8, 1.25), size * randomBetween(random, 0.07, 0.1)];
    const [turn, sign] = [randomBetween(random, 0, 2 * Math.PI), random() < 0.5 ? -1 : 1];
    const [across, down] = [radius * shape, radius / shape];
    const moved = [radius * 0.16 * Math.cos(turn), radius * 0.16 * Math.sin(turn)] as const;
    if (best) slips.push({ x: best.x, y: best.y, across, down, moved, tint: [sign * 12, sign * 9, sign * 3] });
  }
  return slips;
}

/** Sum of brightness differences between samples around a place. */
function detailAt({ data, width, height, channels }: Pixels, x: number, y: number, reach: number): number {
  const green = (across: number, down: number): number => {
    const column = Math.min(width - 1, Math.max(0, Math.round(x + across * reach)));
    return data[(Math.min(height - 1, Math.max(0, Math.round(y + down * reach))) * width + column) * channels + 1] ?? 0;
  };
  let detail = 0;
  for (let down = -2; down <= 2; down++)
    for (let across = -2; across < 2; across++) detail += Math.abs(green(across, down) - green(across + 1, down));
  return detail;
}

/** Draws a slip: full offset and tint at the centre, none at the edge. */
function drawSlip(out: Uint8ClampedArray, image: Pixels, region: Weights, slip: Slip): void {
  const { data, width, height, channels } = image;
  const [left, right] = [Math.max(0, Math.ceil(slip.x - slip.across)), Math.min(width - 1, slip.x + slip.across)];
  const [top, bottom] = [Math.max(0, Math.ceil(slip.y - slip.down)), Math.min(height - 1, slip.y + slip.down)];
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const pixel = y * width + x;
      const at = pixel * channels;
      const away = ((x - slip.x) / slip.across) ** 2 + ((y - slip.y) / slip.down) ** 2;
      if (away >= 1 || region.data[pixel] === 255 || (channels === 4 && data[at + 3] === 0)) continue;
      const share = (1 - away) ** 2 * (1 + 2 * away);
      const column = Math.min(width - 1, Math.max(0, Math.round(x - share * slip.moved[0])));
      const row = Math.min(height - 1, Math.max(0, Math.round(y - share * slip.moved[1])));
      const from = (row * width + column) * channels;
      for (let channel = 0; channel < 3; channel++) {
        const drift = (out[at + channel] ?? 0) - (data[at + channel] ?? 0);
        out[at + channel] = (data[from + channel] ?? 0) + drift + share * (slip.tint[channel] ?? 0);
      }
    }
  }
}

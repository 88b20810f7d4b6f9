/*
 * What a thumbhash says about an image's look, as 25 bytes whose squared distance can be computed without decoding: average lightness and
 * colour, twelve coefficients of the lightness, five of each colour channel. The first byte is 0 for images without one.
 */
export const LOOK_BYTES = 25;

const LIGHTNESS: readonly (readonly [number, number])[] = [...pairs(3), [4, 0], [0, 4], [2, 2]];
const COLOUR = pairs(2);
/** The longest thumbhash has 25 bytes. */
const scratch = Buffer.alloc(32);

/** Writes the features of a thumbhash (base64) into `looks` for an ordinal; zeros for null or what isn't one. */
export function writeLook(looks: Uint8Array, ordinal: number, thumbhash: string | null): void {
  const at = ordinal * LOOK_BYTES;
  looks.fill(0, at, at + LOOK_BYTES);
  if (thumbhash === null || thumbhash.length > 40) return;
  const length = scratch.write(thumbhash, 0, 'base64');
  if (length < 5) return;
  scratch.fill(0, length);
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, b4 = 0] = scratch;
  const header = b0 | (b1 << 8) | (b2 << 16);
  const detail = b3 | (b4 << 8);
  looks[at] = 1 + Math.round((254 * (header & 63)) / 63);
  looks[at + 1] = Math.round((255 * ((header >>> 6) & 63)) / 63);
  looks[at + 2] = Math.round((255 * ((header >>> 12) & 63)) / 63);
  looks.fill(128, at + 3, at + LOOK_BYTES);
  const [lightness, p, q] = layoutOf(header >>> 23 === 1, detail >>> 15 === 1, Math.max(3, detail & 7));
  writeChannel(looks, at, lightness, LIGHTNESS_LEVELS, (header >>> 18) & 31);
  writeChannel(looks, at, p, COLOUR_LEVELS, (detail >>> 3) & 63);
  writeChannel(looks, at, q, COLOUR_LEVELS, (detail >>> 9) & 63);
}

/** The frequencies whose sum is at most `most`, without the average. */
function pairs(most: number): [number, number][] {
  const found: [number, number][] = [];
  for (let cy = 0; cy <= most; cy += 1) for (let cx = cy === 0 ? 1 : 0; cx + cy <= most; cx += 1) found.push([cx, cy]);
  return found;
}

/** Which nibbles of a thumbhash are kept of a channel, and at which bytes of the look. */
interface Channel {
  nibbles: Uint8Array;
  bytes: Uint8Array;
}
type Layout = readonly [lightness: Channel, p: Channel, q: Channel];
const layouts = new Map<number, Layout>();

/** Where a thumbhash has its coefficients depends on few bits of it. */
function layoutOf(hasAlpha: boolean, landscape: boolean, short: number): Layout {
  const name = short | (landscape ? 8 : 0) | (hasAlpha ? 16 : 0);
  const known = layouts.get(name);
  if (known) return known;
  const long = hasAlpha ? 5 : 7;
  const [nx, ny] = landscape ? [long, short] : [short, long];
  const next = { nibble: (hasAlpha ? 6 : 5) * 2 };
  const layout: Layout = [
    channelOf(next, [nx, ny], 3, LIGHTNESS),
    channelOf(next, [3, 3], 3 + LIGHTNESS.length, COLOUR),
    channelOf(next, [3, 3], 3 + LIGHTNESS.length + COLOUR.length, COLOUR),
  ];
  layouts.set(name, layout);
  return layout;
}

function channelOf(
  next: { nibble: number },
  [nx, ny]: readonly [number, number],
  at: number,
  wanted: readonly (readonly [number, number])[],
): Channel {
  const kept: [nibble: number, byte: number][] = [];
  for (let cy = 0; cy < ny; cy += 1)
    for (let cx = cy === 0 ? 1 : 0; cx * ny < nx * (ny - cy); cx += 1) {
      const place = wanted.findIndex(([x, y]) => x === cx && y === cy);
      if (place >= 0) kept.push([next.nibble, at + place]);
      next.nibble += 1;
    }
  return { nibbles: Uint8Array.from(kept, ([nibble]) => nibble), bytes: Uint8Array.from(kept, ([, byte]) => byte) };
}

/** The byte of every nibble at every scale. */
function levelsOf(scales: number, most: number): Uint8Array {
  return Uint8Array.from({ length: scales * 16 }, (_, index) => {
    const scale = (Math.floor(index / 16) / (scales - 1)) * most;
    return Math.max(0, Math.min(255, 128 + Math.round(((index & 15) / 7.5 - 1) * scale * 127)));
  });
}
const LIGHTNESS_LEVELS = levelsOf(32, 1);
const COLOUR_LEVELS = levelsOf(64, 1.25);

function writeChannel(
  looks: Uint8Array,
  at: number,
  { nibbles, bytes }: Channel,
  levels: Uint8Array,
  scale: number,
): void {
  for (let index = 0; index < nibbles.length; index += 1) {
    const nibble = nibbles[index] ?? 0;
    const value = ((scratch[nibble >>> 1] ?? 0) >>> ((nibble & 1) << 2)) & 15;
    looks[at + (bytes[index] ?? 0)] = levels[scale * 16 + value] ?? 128;
  }
}

interface Wanted {
  ordinal: number;
  /** The largest distance of interest. */
  most: number;
  /** About how many of the nearest images are wanted, more where distances are equal. */
  images: number;
}

/**
 * Squared distance of every image's look to one; {@link UNLIKE} without a look, and for images that are farther than `most`, or than those
 * that are wanted: as soon as there are enough near ones, only nearer ones are of interest. @returns also the distance of the farthest one wanted
 */
export function lookDistances(
  looks: Uint8Array,
  count: number,
  { ordinal, most, images }: Wanted,
): { distances: Uint32Array; farthest: number } {
  const wanted = Int32Array.from(looks.subarray(ordinal * LOOK_BYTES, (ordinal + 1) * LOOK_BYTES));
  const distances = new Uint32Array(count).fill(UNLIKE);
  const counts = new Uint32Array(most + 1);
  let farthest = most;
  // Images that are at most so far.
  let near = 0;
  for (let other = 0, at = 0; other < count; other += 1, at += LOOK_BYTES) {
    if (looks[at] === 0) continue;
    let sum = 0;
    // The first bytes differ most: few images need all of them.
    for (let index = 0; index < LOOK_BYTES && sum <= farthest; index += 1) {
      const difference = (looks[at + index] ?? 0) - (wanted[index] ?? 0);
      sum += difference * difference;
    }
    if (sum > farthest) continue;
    distances[other] = sum;
    counts[sum] = (counts[sum] ?? 0) + 1;
    near += 1;
    while (near - (counts[farthest] ?? 0) >= images) {
      near -= counts[farthest] ?? 0;
      farthest -= 1;
    }
  }
  return { distances, farthest };
}

export const UNLIKE = 0xffff_ffff;

/*
 * What a thumbhash says about an image's look, as 25 bytes whose squared distance can be computed without decoding: average lightness and
 * colour, twelve coefficients of the lightness, five of each colour channel. The first byte is 0 for images without one.
 */
export const LOOK_BYTES = 25;

const LIGHTNESS = placesOf([...pairs(3), [4, 0], [0, 4], [2, 2]]);
const COLOUR = placesOf(pairs(2));
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
  const hasAlpha = header >>> 23 === 1;
  const landscape = detail >>> 15 === 1;
  const short = Math.max(3, detail & 7);
  const long = hasAlpha ? 5 : 7;
  const reader = { nibble: (hasAlpha ? 6 : 5) * 2 };
  looks[at] = 1 + Math.round((254 * (header & 63)) / 63);
  looks[at + 1] = Math.round((255 * ((header >>> 6) & 63)) / 63);
  looks[at + 2] = Math.round((255 * ((header >>> 12) & 63)) / 63);
  const [nx, ny] = landscape ? [long, short] : [short, long];
  readChannel(reader, nx, ny, ((header >>> 18) & 31) / 31, { looks, at: at + 3, wanted: LIGHTNESS });
  readChannel(reader, 3, 3, (((detail >>> 3) & 63) / 63) * 1.25, { looks, at: at + 15, wanted: COLOUR });
  readChannel(reader, 3, 3, (((detail >>> 9) & 63) / 63) * 1.25, { looks, at: at + 20, wanted: COLOUR });
}

/** The frequencies whose sum is at most `most`, without the average. */
function pairs(most: number): [number, number][] {
  const found: [number, number][] = [];
  for (let cy = 0; cy <= most; cy += 1) for (let cx = cy === 0 ? 1 : 0; cx + cy <= most; cx += 1) found.push([cx, cy]);
  return found;
}

/** Where the coefficient of each frequency is kept, by cy × 8 + cx; −1: it isn't. */
interface Places {
  places: Int8Array;
  count: number;
}

function placesOf(wanted: readonly (readonly [number, number])[]): Places {
  const places = new Int8Array(64).fill(-1);
  for (const [place, [cx, cy]] of wanted.entries()) places[cy * 8 + cx] = place;
  return { places, count: wanted.length };
}

interface Target {
  looks: Uint8Array;
  at: number;
  wanted: Places;
}

function readChannel(
  reader: { nibble: number },
  nx: number,
  ny: number,
  scale: number,
  { looks, at, wanted }: Target,
): void {
  const { places, count } = wanted;
  looks.fill(128, at, at + count);
  for (let cy = 0; cy < ny; cy += 1)
    for (let cx = cy === 0 ? 1 : 0; cx * ny < nx * (ny - cy); cx += 1) {
      const nibble = ((scratch[reader.nibble >>> 1] ?? 0) >>> ((reader.nibble & 1) << 2)) & 15;
      reader.nibble += 1;
      const place = places[cy * 8 + cx] ?? -1;
      if (place >= 0)
        looks[at + place] = Math.max(0, Math.min(255, 128 + Math.round((nibble / 7.5 - 1) * scale * 127)));
    }
}

/** Squared distance of every image's look to one; {@link UNLIKE} without a look, and where it is more than `most`. */
export function lookDistances(looks: Uint8Array, count: number, ordinal: number, most: number): Uint32Array {
  const wanted = Int32Array.from(looks.subarray(ordinal * LOOK_BYTES, (ordinal + 1) * LOOK_BYTES));
  const distances = new Uint32Array(count).fill(UNLIKE);
  for (let other = 0, at = 0; other < count; other += 1, at += LOOK_BYTES) {
    if (looks[at] === 0) continue;
    let sum = 0;
    // The first bytes differ most: few images need all of them.
    for (let index = 0; index < LOOK_BYTES && sum <= most; index += 1) {
      const difference = (looks[at + index] ?? 0) - (wanted[index] ?? 0);
      sum += difference * difference;
    }
    if (sum <= most) distances[other] = sum;
  }
  return distances;
}

export const UNLIKE = 0xffff_ffff;

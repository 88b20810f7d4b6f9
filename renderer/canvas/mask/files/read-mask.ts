import type { Size } from '../../../stage/geometry.ts';
import { packBits } from '../pixels/bits.ts';
import { nearest } from './keep-pixels.ts';
import type { MaskOperation } from '../operations/mask-operation.ts';

/** Which channel of a file says where to edit. */
type MaskSource = 'transparency' | 'white';

/** The result of reading a mask file. Only `mask` can be committed. */
export type MaskReadResult =
  | {
      kind: 'mask';
      op: MaskOperation;
      reads: MaskSource;
      /** Number of pixels that it marks. */ marked: number;
    }
  /** The file has another size than the image. Read it again with `scale`, if the person agrees. */
  | { kind: 'other-size'; size: Size }
  /** It has no transparency and is not black and white. */
  | { kind: 'not-a-mask' }
  /** The file is not a supported image. */
  | { kind: 'unreadable'; cause: unknown };

const HALF = 128;
/** Tolerances for black and white: difference of channels, and distance from both ends (JPEG, smooth edges). */
const GREY_WITHIN = 24;
const ENDS_WITHIN = 48;
/** Largest share of pixels that are neither. */
const MAX_GREY_SHARE = 0.1;

/**
 * Reads a mask for an image of this size: its transparency if any pixel is transparent, otherwise its white.
 * @param source a file, or decoded pixels
 * @param options `scale`: scales another size, nearest neighbour. `combine`: what the operation does with the pixels.
 */
export async function readMask(
  source: Blob | ImageData,
  size: Size,
  { scale = false, combine = 'add' }: { scale?: boolean; combine?: 'add' | 'subtract' } = {},
): Promise<MaskReadResult> {
  let pixels: ImageData;
  try {
    pixels = source instanceof Blob ? await decode(source) : source;
  } catch (cause) {
    return { kind: 'unreadable', cause };
  }
  const isOther = pixels.width !== size.width || pixels.height !== size.height;
  if (isOther && !scale) return { kind: 'other-size', size: { width: pixels.width, height: pixels.height } };
  const reads = readsOf(pixels);
  if (!reads) return { kind: 'not-a-mask' };
  const coverage = coverageFrom(pixels, reads, size);
  const marked = coverage.reduce((count, byte) => count + (byte >> 7), 0);
  return { kind: 'mask', op: { kind: 'region', combine, bits: packBits(coverage) }, reads, marked };
}

/** With EXIF orientation applied, without colour conversion. */
async function decode(blob: Blob): Promise<ImageData> {
  const bitmap = await createImageBitmap(blob, { premultiplyAlpha: 'none', colorSpaceConversion: 'none' });
  try {
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', { willReadFrequently: true });
    if (!context) throw new TypeError('This browser cannot read pixels.');
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  } finally {
    bitmap.close();
  }
}

function readsOf({ data }: ImageData): MaskSource | null {
  let between = 0;
  for (let at = 0; at < data.length; at += 4) {
    if ((data[at + 3] ?? 0) < HALF) return 'transparency';
    const [red, green, blue] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
    const min = Math.min(red, green, blue);
    const max = Math.max(red, green, blue);
    const isEnd = max <= ENDS_WITHIN || min >= 255 - ENDS_WITHIN;
    if (!isEnd || max - min > GREY_WITHIN) between += 1;
  }
  return between <= (MAX_GREY_SHARE * data.length) / 4 ? 'white' : null;
}

function coverageFrom({ data, width, height }: ImageData, reads: MaskSource, size: Size): Uint8Array {
  const coverage = new Uint8Array(size.width * size.height);
  const columns = Int32Array.from({ length: size.width }, (_none, x) => nearest(x, size.width, width));
  for (let y = 0; y < size.height; y += 1) {
    const row = nearest(y, size.height, height) * width;
    for (let x = 0; x < size.width; x += 1) {
      const at = (row + (columns[x] ?? 0)) * 4;
      const marks = reads === 'transparency' ? (data[at + 3] ?? 0) < HALF : (data[at + 1] ?? 0) >= HALF;
      if (marks) coverage[y * size.width + x] = 255;
    }
  }
  return coverage;
}

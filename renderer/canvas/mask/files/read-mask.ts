import {
  defaultReading,
  inspectMask,
  isMarked,
  maskDoubt,
  type MaskReading,
} from '../../../../electron/contract/rules/mask-rules.ts';
import type { Size } from '../../../stage/geometry.ts';
import { packBits } from '../pixels/bits.ts';
import { nearest } from './keep-pixels.ts';
import type { MaskOperation } from '../operations/mask-operation.ts';

/** The result of reading a mask file. Only `mask` can be committed. */
export type MaskReadResult =
  | {
      kind: 'mask';
      op: MaskOperation;
      reads: MaskReading;
      /** Number of pixels that it marks. */
      marked: number;
      /** Number of half-transparent pixels, which become hard. */
      partial: number;
      /** Why it may not be meant as a mask, as a sentence; null if it is one. */
      doubt: string | null;
    }
  /** The file has another size than the image. Read it again with `scale`, if the person agrees. */
  | { kind: 'other-size'; size: Size }
  /** The file is not a supported image. */
  | { kind: 'unreadable'; cause: unknown };

/**
 * Reads a mask for an image of this size: its transparency if any pixel is transparent, otherwise its white. Judged by the same rules as
 * a mask in the form.
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
  const facts = inspectMask(pixels.data);
  const reads = defaultReading(facts);
  const coverage = coverageFrom(pixels, reads, size);
  const marked = coverage.reduce((count, byte) => count + (byte >> 7), 0);
  return {
    kind: 'mask',
    op: { kind: 'region', combine, bits: packBits(coverage) },
    reads,
    marked,
    partial: facts.partial,
    doubt: maskDoubt(facts),
  };
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

function coverageFrom({ data, width, height }: ImageData, reads: MaskReading, size: Size): Uint8Array {
  const coverage = new Uint8Array(size.width * size.height);
  const columns = Int32Array.from({ length: size.width }, (_none, x) => nearest(x, size.width, width));
  for (let y = 0; y < size.height; y += 1) {
    const row = nearest(y, size.height, height) * width;
    for (let x = 0; x < size.width; x += 1) {
      const at = (row + (columns[x] ?? 0)) * 4;
      if (isMarked(data, at, reads)) coverage[y * size.width + x] = 255;
    }
  }
  return coverage;
}

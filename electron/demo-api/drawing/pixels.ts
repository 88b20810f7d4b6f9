import sharp, { type Sharp } from 'sharp';
import { MAX_INPUT_PIXELS } from '../../contract/rules/pixel-limits.ts';

/** Uncompressed pixels, 8 bits per channel, rows from top to bottom: red, green, blue and, with four channels, straight alpha. */
export interface Pixels {
  data: Buffer;
  width: number;
  height: number;
  channels: 3 | 4;
}

/** Options for decoding: as large as the form accepts, and a damaged file is an error. */
export const OPEN_LIMITS = { limitInputPixels: MAX_INPUT_PIXELS, failOn: 'error' } as const;
/** Longest edge of what is decoded, px: the largest edge of a response. Mask and image are scaled alike. */
export const MAX_DECODED_EDGE = 3840;

// One thread per image, which leaves the application's cores free.
sharp.concurrency(1);

export function sharpFrom(pixels: Pixels): Sharp {
  return sharp(pixels.data, { raw: { width: pixels.width, height: pixels.height, channels: pixels.channels } });
}

/** Runs a pipeline and returns its pixels: three channels, or four with alpha. Grey becomes RGB. */
export async function pixelsOf(pipeline: Sharp): Promise<Pixels> {
  const { data, info } = await pipeline.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== 3 && info.channels !== 4) throw new Error(`An image with ${info.channels} channels`);
  return { data: ownedBuffer(data), width: info.width, height: info.height, channels: info.channels };
}

/**
 * Copies bytes out of the WebAssembly memory of sharp. Its results are views on that memory; passing such a view back would copy all of
 * the memory.
 */
export function ownedBuffer(data: Buffer): Buffer {
  return data.buffer instanceof ArrayBuffer ? data : Buffer.from(data);
}

export function resized(
  pixels: Pixels,
  width: number,
  height: number,
  kernel: 'cubic' | 'lanczos3' = 'cubic',
): Promise<Pixels> {
  if (pixels.width === width && pixels.height === height) return Promise.resolve(pixels);
  return pixelsOf(sharpFrom(pixels).resize(width, height, { fit: 'fill', kernel }));
}

/** A weight of 0 to 255 per pixel, one byte each. */
export interface Weights {
  data: Buffer;
  width: number;
  height: number;
}

/** Blends `over` on `under` by the weights. Where a weight is 0, the bytes of `under` are unchanged. */
export function blend(under: Pixels, over: Pixels, weights: Weights): Pixels {
  const { channels } = under;
  const data = Buffer.from(under.data);
  for (let pixel = 0; pixel < weights.data.length; pixel++) {
    const weight = weights.data[pixel] ?? 0;
    if (weight === 0) continue;
    for (let channel = 0; channel < channels; channel++) {
      const at = pixel * channels + channel;
      const above = channel < over.channels ? (over.data[pixel * over.channels + channel] ?? 0) : 255;
      data[at] = Math.round(((data[at] ?? 0) * (255 - weight) + above * weight) / 255);
    }
  }
  return { ...under, data };
}

/** Returns the alpha channel; 255 everywhere for images without one. */
export function alphaOf(pixels: Pixels): Buffer {
  const count = pixels.width * pixels.height;
  const alpha = Buffer.alloc(count, 255);
  if (pixels.channels === 4)
    for (let pixel = 0; pixel < count; pixel++) alpha[pixel] = pixels.data[pixel * 4 + 3] as number;
  return alpha;
}

import type { Sharp } from 'sharp';
import { THUMBNAIL_EDGE } from '../files/folders.ts';
import { DECODING, sharp } from './sharp-limits.ts';

/** The hash compares each of 9 × 8 grey areas with the one to its right. */
const WIDTH = 9;
const HEIGHT = 8;

/**
 * The difference hash of an image: 64 bits (8 bytes) that say where it gets brighter from left to right. Copies of an image in another format,
 * size or quality differ in a few bits; other images in about half of them. Made from a thumbnail's pixels.
 */
export async function differenceHash(pixels: Sharp): Promise<Uint8Array> {
  const { data, info } = await pixels
    .removeAlpha()
    .toColourspace('b-w')
    .resize(WIDTH, HEIGHT, { fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const hash = new Uint8Array(HEIGHT);
  for (let y = 0; y < HEIGHT; y += 1)
    for (let x = 0; x < WIDTH - 1; x += 1) {
      const at = (y * WIDTH + x) * info.channels;
      if ((data[at] ?? 0) < (data[at + info.channels] ?? 0)) hash[y] = (hash[y] ?? 0) | (1 << x);
    }
  return hash;
}

/** The hashes of previews by their paths; null for a file that is missing or can't be decoded. */
export async function hashPreviews({ paths }: { paths: readonly string[] }): Promise<(Uint8Array | null)[]> {
  const hashes: (Uint8Array | null)[] = [];
  for (const path of paths) hashes.push(await hashPreview(path).catch(() => null));
  return hashes;
}

/** In the same steps as when an image is decoded, so that the hash is the same but for the preview's losses. */
async function hashPreview(path: string): Promise<Uint8Array> {
  const small = sharp(path, DECODING).resize(THUMBNAIL_EDGE, THUMBNAIL_EDGE, {
    fit: 'inside',
    withoutEnlargement: true,
  });
  const { data, info } = await small.raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  // A copy: sharp's WebAssembly build returns a view of its whole memory.
  return differenceHash(sharp(Buffer.from(data), { raw: { width, height, channels } }));
}

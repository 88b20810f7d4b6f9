import { randomFillSync } from 'node:crypto';
import fc from '../../fast-check.ts';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { encodeMask, MASK_BYTE_LIMIT } from '../../../electron/contract/rules/mask-png.ts';

const EDIT = [255, 255, 255, 0];
const KEEP = [0, 0, 0, 255];

/** RGBA of each pixel, decoded by another library. */
async function decoded(png: Uint8Array | null) {
  if (!png) throw new Error('There is no file.');
  const image = sharp(png, { failOn: 'warning' });
  const { data, info } = await image.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return { pixels: [...data], width: info.width, height: info.height, channels: info.channels };
}

function expected(pixels: Uint8Array): number[] {
  return Array.from(pixels, (pixel) => (pixel === 0 ? EDIT : KEEP)).flat();
}

/** One random bit per pixel. */
function noise(width: number, height: number): Uint8Array {
  return randomFillSync(new Uint8Array(width * height)).map((byte) => (byte & 1 ? 255 : 0));
}

const masks = fc
  .record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 20 }) })
  .chain(({ width, height }) =>
    fc
      .array(fc.constantFrom(0, 1, 128, 255), { minLength: width * height, maxLength: width * height })
      .map((pixels) => ({ width, height, pixels: Uint8Array.from(pixels) })),
  );

test('round-trips any mask exactly: edit is transparent white, keep is opaque black', async () => {
  await fc.assert(
    fc.asyncProperty(masks, async ({ width, height, pixels }) => {
      const image = await decoded(await encodeMask(pixels, { width, height }));
      expect(image).toEqual({ width, height, channels: 4, pixels: expected(pixels) });
    }),
    { numRuns: 60 },
  );
});

test('round-trips a mask larger than one block exactly', async () => {
  const [width, height] = [700, 600];
  const pixels = noise(width, height);
  const { pixels: read } = await decoded(await encodeMask(pixels, { width, height }));
  expect(Buffer.from(read).equals(Buffer.from(expected(pixels)))).toBe(true);
});

test('random noise at the largest model size stays below 4 MB, extrapolated from a part', async () => {
  const [width, height] = [3840, 216];
  const png = await encodeMask(noise(width, height), { width, height });
  expect(png?.[25]).toBe(6);
  expect((png?.length ?? Infinity) * 10).toBeLessThan(MASK_BYTE_LIMIT);
});

test('falls back to grey with alpha, and to null if that is too large', async () => {
  const size = { width: 300, height: 200 };
  const pixels = noise(size.width, size.height);
  const initial = await encodeMask(pixels, size);
  const half = await encodeMask(pixels, size, initial?.length);
  expect([initial?.[25], half?.[25]]).toEqual([6, 4]);
  expect(half?.length).toBeLessThan(initial?.length ?? 0);
  expect((await decoded(half)).pixels).toEqual((await decoded(initial)).pixels);
  expect(await encodeMask(pixels, size, 1000)).toBeNull();
});

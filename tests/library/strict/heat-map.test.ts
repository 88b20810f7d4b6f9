import sharp from 'sharp';
import { expect, test } from 'vitest';
import { readHeatMap } from '../../../electron/library/strict/heat-map.ts';
import { noiseImage } from '../input-images.ts';
import { maskedEdit, rectangleMask } from '../masked-edits.ts';
import { testLibrary } from '../test-library.ts';

test('a heat map of an image wider than WebP allows has WebP’s largest width', async () => {
  const size = { width: 16_500, height: 40 };
  const library = await testLibrary();
  const first = await noiseImage(size.width, size.height).png().toBuffer();
  const mask = await rectangleMask(size, { left: 5, top: 5, width: 300, height: 10 });
  const { id } = await maskedEdit(library, { first, mask, answer: first });
  const map = await sharp(await readHeatMap(library, id)).metadata();
  expect(map).toMatchObject({ format: 'webp', width: 16_383, height: 40 });
});

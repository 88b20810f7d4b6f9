import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { openTestStudio } from './test-studio.ts';

async function noise(width: number, height: number): Promise<Buffer> {
  return sharp({
    create: { width, height, channels: 3, background: '#123456', noise: { type: 'gaussian', mean: 128, sigma: 30 } },
  })
    .png()
    .toBuffer();
}

test('a file is taken in, whole and looked at, and its incoming folder is empty afterwards', async () => {
  const { api, folder } = await openTestStudio();
  const picture = await api.addInput(new Blob([await noise(300, 200)]), 'C:\\Photos\\cat.png');
  expect(picture).toMatchObject({ name: 'cat.png', format: 'png', width: 300, height: 200, orientation: 1, frames: 1 });
  expect(picture).toMatchObject({ hasAlpha: false, deeds: [], image: null });
  expect(picture.thumbhash).not.toBeNull();
  expect(await readdir(join(folder, 'library', 'incoming'))).toEqual([]);
});

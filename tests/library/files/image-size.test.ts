import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import type { OutputFormat } from '../../../electron/contract/catalogue/parameters.ts';
import { readStatedSize } from '../../../electron/library/files/image-size.ts';
import { emptyFolder } from '../test-library.ts';

const image = sharp({ create: { width: 301, height: 207, channels: 4, background: { r: 9, g: 8, b: 7, alpha: 0.5 } } });

it.each([
  ['png', () => image.clone().png().toBuffer()],
  ['jpeg', () => image.clone().jpeg().toBuffer()],
  [
    'jpeg',
    () =>
      image
        .clone()
        .withExif({ IFD0: { ImageDescription: 'x'.repeat(60_000) } })
        .jpeg()
        .toBuffer(),
  ],
  ['jpeg', () => image.clone().withIccProfile('p3').jpeg({ progressive: true }).toBuffer()],
  ['webp', () => image.clone().removeAlpha().webp().toBuffer()],
  ['webp', () => image.clone().webp({ lossless: true }).toBuffer()],
  ['webp', () => image.clone().withIccProfile('p3').webp().toBuffer()],
  ['gif', () => image.clone().gif().toBuffer()],
  ['svg', () => Promise.resolve(Buffer.from('<!-- a --><svg width="301" height="207"><g/></svg>'))],
] as const)('a %s states its size; cut off, it states none (%#)', async (format, made) => {
  const path = join(await emptyFolder(), 'image');
  const bytes = await made();
  await writeFile(path, bytes);
  expect(await readStatedSize(path, format)).toEqual({ width: 301, height: 207 });
  for (const length of [0, 5, 12]) {
    await writeFile(path, bytes.subarray(0, length));
    expect(await readStatedSize(path, format)).toBeNull();
  }
});

it('ends with a JPEG of nothing but segments', async () => {
  const path = join(await emptyFolder(), 'image');
  await writeFile(
    path,
    Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(400_000, Buffer.from([0xff, 0xe0, 0, 2]))]),
  );
  expect(await readStatedSize(path, 'jpeg' satisfies OutputFormat)).toBeNull();
});

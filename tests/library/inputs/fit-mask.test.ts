import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import { checkInputs } from '../../../electron/contract/rules/input-rules.ts';
import { findModel } from '../../../electron/contract/catalogue/models.ts';
import type { MaskFitting } from '../../../electron/contract/entities/input-preparation.ts';
import { fitMask } from '../../../electron/library/inputs/fit-mask.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import type { Library } from '../../../electron/library/library.ts';
import { addFile, letterImage, noiseImage, storedPixels } from '../input-images.ts';
import { reportOf, testLibrary } from '../test-library.ts';

const COLOURS = {
  w: [255, 255, 255, 255],
  b: [0, 0, 0, 255],
  l: [160, 160, 160, 255],
  d: [90, 90, 90, 255],
  '.': [255, 255, 255, 0],
  ',': [0, 0, 0, 0],
} as const;
const draw = (...rows: string[]): Promise<Buffer> => letterImage(rows, COLOURS);

/** `e` for a white, fully transparent pixel, `k` for a black, opaque one, `?` for anything else. */
async function readMask(library: Library, mask: InputImage): Promise<string[]> {
  const { data, width, height } = await storedPixels(library, mask);
  return Array.from({ length: height }, (_row, y) =>
    Array.from({ length: width }, (_column, x) => {
      const pixel = data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4).join();
      return pixel === '255,255,255,0' ? 'e' : pixel === '0,0,0,255' ? 'k' : '?';
    }).join(''),
  );
}

async function fitted(rows: string[], reads: MaskFitting['reads'], size = { width: 4, height: 2 }) {
  const library = await testLibrary();
  const first = await addFile(library, await noiseImage(size.width, size.height).png().toBuffer());
  const source = await addFile(library, await draw(...rows), 'mask.png');
  const mask = await fitMask(library, { sha256: source.sha256, first: first.sha256, reads });
  return { library, first, source, mask, letters: await readMask(library, mask) };
}

describe('a fitted mask’s pixels', () => {
  test.each([
    ['transparency', ['w.,b', 'ldw.'], ['keek', 'kkke']],
    ['white', ['w.,b', 'ldw.'], ['ekkk', 'ekek']],
    ['black', ['w.,b', 'ldw.'], ['kkke', 'kekk']],
  ] as const)('read by its %s', async (reads, rows, expected) => {
    const { letters, mask } = await fitted([...rows], reads);
    expect(letters).toEqual(expected);
    expect(mask).toMatchObject({ format: 'png', width: 4, height: 2, hasAlpha: true, name: 'mask.png' });
  });

  test('smaller and larger than the first image: nearest neighbour, no interpolation', async () => {
    expect((await fitted(['.b'], 'transparency')).letters).toEqual(['eekk', 'eekk']);
    const larger = ['..bb..bb', '..bb..bb', 'bb..bb..', 'bb..bb..'];
    expect((await fitted(larger, 'transparency')).letters).toEqual(['ekek', 'keke']);
    expect((await fitted(['b.b'], 'transparency', { width: 7, height: 1 })).letters).toEqual(['kkeeekk']);
  });

  test('a rotated one is read as displayed', async () => {
    const library = await testLibrary();
    const first = await addFile(library, await noiseImage(2, 4).png().toBuffer());
    const lying = await sharp(await draw('..bb', '..bb'))
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    const source = await addFile(library, lying);
    const mask = await fitMask(library, { sha256: source.sha256, first: first.sha256, reads: 'transparency' });
    expect(await readMask(library, mask)).toEqual(['ee', 'ee', 'kk', 'kk']);
    expect(mask.changes[0]).toBe('Rotated upright.');
  });

  test('it is RGBA and passes the rules of every model that supports masks', async () => {
    const { library, first, mask } = await fitted(['w.,b', 'ldw.'], 'white');
    expect((await storedPixels(library, mask)).channels).toBe(4);
    const model = findModel('gpt-image-2.6-sunburst');
    expect(
      checkInputs(
        'edit',
        [
          { role: 'image', ...first },
          { role: 'mask', ...mask },
        ],
        model,
      ),
    ).toEqual([]);
  });
});

describe('the changes of a fitting', () => {
  test('say how it was read, scaled and stretched', async () => {
    const { mask } = await fitted(['.b'], 'transparency', { width: 6, height: 8 });
    expect(mask.changes.slice(0, 3)).toEqual([
      'Edits transparent areas.',
      'Scaled from 2 × 1 to 6 × 8.',
      'Stretched to the first image’s aspect ratio.',
    ]);
    expect(mask.changes.at(-1)).toMatch(/^Saved as PNG, /u);
    expect((await fitted(['.b', 'b.'], 'transparency', { width: 20, height: 20 })).mask.changes.join(' ')).not.toMatch(
      /stretched/iu,
    );
  });

  test('say that it marks nothing, or everything', async () => {
    const nothing = await fitted(['bb', 'bb'], 'white');
    expect(nothing.mask.changes).toContain('The mask is empty: nothing would be edited.');
    expect(nothing.mask.hasAlpha).toBe(false);
    const everything = await fitted(['bb', 'bb'], 'black');
    expect(everything.mask.changes).toContain('The mask covers everything: the whole image would be edited.');
  });
});

describe('a mask’s file', () => {
  const LIMIT = 4 * 1024 * 1024;

  test('is below 4 MB for a model’s largest image, even with noise', async () => {
    const library = await testLibrary();
    const first = await addFile(
      library,
      await sharp({ create: { width: 3840, height: 2160, channels: 3, background: '#abc' } })
        .png()
        .toBuffer(),
    );
    const source = await addFile(library, await noiseImage(1920, 1080).png().toBuffer());
    const mask = await fitMask(library, { sha256: source.sha256, first: first.sha256, reads: 'white' });
    expect(mask).toMatchObject({ width: 3840, height: 2160 });
    expect(mask.bytes).toBeLessThan(LIMIT);
  });

  test('is a PNG that a strict decoder accepts', async () => {
    const { library, mask } = await fitted(['.b.b', 'b.b.'], 'transparency');
    const bytes = await readFile(originalPath(library.folder, mask.sha256, 'png'));
    await expect(sharp(bytes, { failOn: 'warning' }).stats()).resolves.toMatchObject({ isOpaque: false });
  });
});

test('fitting requires a first image', async () => {
  const { library, mask } = await fitted(['.b'], 'transparency');
  const first = 'b'.repeat(64) as typeof mask.sha256;
  expect((await reportOf(() => fitMask(library, { sha256: mask.sha256, first, reads: 'white' }))).code).toBe(
    'not-found',
  );
});

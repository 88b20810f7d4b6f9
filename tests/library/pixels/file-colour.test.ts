import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { originalPath } from '../../../electron/library/files/folders.ts';
import { openPixels } from '../../../electron/library/pixels/colour/file-colour.ts';
import { readOwnPixels, readOwnSpace } from '../../../electron/library/pixels/colour/own-pixels.ts';
import { renderPng, renderThumbnails } from '../../../electron/library/pixels/decode.ts';
import { addFile } from '../input-images.ts';
import { prepareInput } from '../../../electron/library/inputs/prepare-input.ts';
import {
  codePointsChunk,
  colouredPng,
  iccChunk,
  numbersChunk,
  testProfile,
  withPngChunks,
  type ProfileKind,
} from '../coloured-images.ts';
import { emptyFolder, testLibrary } from '../test-library.ts';

async function stored(bytes: Uint8Array, name = 'image.png'): Promise<string> {
  const path = join(await emptyFolder(), name);
  await writeFile(path, bytes);
  return path;
}

const plain = (): Promise<Buffer> =>
  sharp({ create: { width: 16, height: 16, channels: 3, background: { r: 200, g: 100, b: 50 } } })
    .png()
    .toBuffer();

async function shown(path: string): Promise<number[]> {
  const { data } = await (await openPixels(path)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return [...data.subarray(0, 3)];
}

const ADOBE_POINTS = [31_270, 32_900, 64_000, 33_000, 21_000, 71_000, 15_000, 6000];

// What Chromium 153 draws for (200, 100, 50) with these chunks, read back from a canvas.
test.each<[string, Buffer[], [number, number, number]]>([
  ['gAMA of 1.0', [numbersChunk('gAMA', 100_000)], [229, 168, 122]],
  ['gAMA of 1/1.8', [numbersChunk('gAMA', 55_556)], [210, 119, 65]],
  ['gAMA of sRGB', [numbersChunk('gAMA', 45_455)], [200, 100, 50]],
  ['cHRM alone', [numbersChunk('cHRM', ...ADOBE_POINTS)], [200, 100, 50]],
  ['gAMA and cHRM', [numbersChunk('gAMA', 45_455), numbersChunk('cHRM', ...ADOBE_POINTS)], [227, 100, 42]],
  ['cICP of Display P3', [codePointsChunk(12, 13, 0, 1)], [215, 93, 31]],
  ['cICP of BT.2020', [codePointsChunk(9, 14, 0, 1)], [239, 63, 5]],
  ['cICP of BT.709', [codePointsChunk(1, 1, 0, 1)], [197, 91, 39]],
  ['cICP of DCI P3', [codePointsChunk(11, 17, 0, 1)], [212, 78, 0]],
  ['cICP, linear', [codePointsChunk(1, 8, 0, 1)], [229, 168, 122]],
  ['cICP of a narrow range', [codePointsChunk(1, 8, 0, 0)], [200, 100, 50]],
  ['cICP of sRGB over a P3 profile', [codePointsChunk(1, 13, 0, 1), iccChunk(profileOf('p3'))], [200, 100, 50]],
  ['a P3 profile', [iccChunk(profileOf('p3'))], [215, 93, 31]],
  ['a P3 profile over gAMA', [numbersChunk('gAMA', 100_000), iccChunk(profileOf('p3'))], [215, 93, 31]],
  ['a grey profile on colours', [iccChunk(profileOf('grey'))], [200, 100, 50]],
  ['a damaged profile', [iccChunk(Buffer.alloc(300, 7))], [200, 100, 50]],
])('a PNG with %s has the colours that a browser shows', async (_name, chunks, wanted) => {
  const got = await shown(await stored(withPngChunks(await plain(), ...chunks)));
  got.forEach((value, channel) => expect(Math.abs(value - (wanted[channel] ?? 0))).toBeLessThanOrEqual(1));
});

test.each([
  ['gAMA', [numbersChunk('gAMA', 100_000)]],
  ['a grey profile', [iccChunk(profileOf('grey'))]],
])('a grey PNG with %s has the colours that a browser shows', async (_name, chunks) => {
  const grey = await colouredPng({ width: 8, height: 8, channels: 1, depth: 8, profile: 'none' }, () => 120);
  for (const value of await shown(await stored(withPngChunks(grey, ...chunks))))
    expect(Math.abs(value - 183)).toBeLessThanOrEqual(1);
});

function profileOf(kind: ProfileKind): Buffer {
  return testProfile(kind) ?? Buffer.alloc(0);
}

// Pure sRGB red in each profile's numbers, of 0 to 1, and what is shown of it.
const RED: Record<'none' | 'srgb' | 'p3' | 'adobe', [number, number, number]> = {
  none: [1, 0, 0],
  srgb: [1, 0, 0],
  p3: [0.9176, 0.2003, 0.1386],
  adobe: [0.8586, 0, 0],
};

test.each(
  (['none', 'srgb', 'p3', 'adobe'] as const).flatMap((profile) =>
    ([8, 16] as const).flatMap((depth) => ([3, 4] as const).map((channels) => ({ profile, depth, channels }))),
  ),
)('red stays red: $depth bits, $channels channels, profile $profile', async ({ profile, depth, channels }) => {
  const max = depth === 16 ? 65_535 : 255;
  const numbers = [...RED[profile], 1].map((part) => Math.round(part * max));
  const size = { width: 40, height: 30 };
  const png = await colouredPng({ ...size, channels, depth, profile }, (at) => numbers[at % channels] ?? 0);
  const path = await stored(png);
  const views = [
    (await renderThumbnails(path, 'png'))?.preview,
    (await renderThumbnails(path, 'png'))?.thumbnail,
    await renderPng(path, 'png'),
  ];
  for (const view of views) {
    const { data } = await sharp(view ?? Buffer.alloc(0))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    // Thumbnails are lossy.
    expect(Math.min(data[0] ?? 0, 250)).toBe(250);
    expect(Math.max(data[1] ?? 9, data[2] ?? 9, 6)).toBeLessThanOrEqual(6);
  }
});

test('prepared files have the colours that their changes claim', async () => {
  for (const profile of ['none', 'srgb', 'p3', 'adobe'] as const) {
    for (const depth of [8, 16] as const) {
      const library = await testLibrary();
      const max = depth === 16 ? 65_535 : 255;
      const numbers = RED[profile].map((part) => Math.round(part * max));
      const image = { width: 40, height: 30, channels: 3, depth, profile } as const;
      const source = await addFile(library, await colouredPng(image, (at) => numbers[at % 3] ?? 0));
      const made = await prepareInput(library, { sha256: source.sha256, longestEdge: 20 });
      const path = originalPath(library.folder, made.sha256, made.format);
      const { data, info } = await sharp(path, { ignoreIcc: true }).raw().toBuffer({ resolveWithObject: true });
      expect(info.channels).toBe(3);
      [255, 0, 0].forEach((value, at) => expect(Math.abs((data[at] ?? 99) - value)).toBeLessThanOrEqual(2));
      expect(made.changes.includes('Converted colours to sRGB.')).toBe(profile === 'p3' || profile === 'adobe');
      expect(made.changes.includes('Reduced to 8 bits per channel.')).toBe(depth === 16);
    }
  }
});

test('a file’s own numbers are read as they stand there, in every kind of PNG', async () => {
  for (const channels of [1, 2, 3, 4] as const)
    for (const depth of [8, 16] as const)
      for (const profile of ['none', 'srgb', 'p3', 'adobe', 'grey'] as const) {
        const max = depth === 16 ? 65_535 : 255;
        const numberAt = (index: number): number => (index * 7919 + index * index * 31) % (max + 1);
        const path = await stored(await colouredPng({ width: 9, height: 7, channels, depth, profile }, numberAt));
        const { data } = await readOwnPixels(path, await readOwnSpace(path));
        const wanted = Array.from({ length: 9 * 7 * 4 }, (_none, at) => {
          const [pixel, channel] = [Math.floor(at / 4), at % 4];
          if (channel === 3) return channels % 2 === 0 ? numberAt(pixel * channels + channels - 1) : max;
          return numberAt(pixel * channels + (channels < 3 ? 0 : channel));
        });
        expect([...data], `${channels} channels, ${depth} bits, ${profile}`).toEqual(wanted);
      }
});

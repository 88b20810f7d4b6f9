import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Image } from '../../../electron/contract/entities/images.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import { readHeadChunks } from '../../../electron/library/pixels/colour/png-chunks.ts';
import { applyStrictMask } from '../../../electron/library/strict/apply-strict-mask.ts';
import { readHeatMap } from '../../../electron/library/strict/heat-map.ts';
import { colouredPng, numbersChunk, testProfile, withPngChunks, type ProfileKind } from '../coloured-images.ts';
import { maskedEdit, rectangleMask } from '../masked-edits.ts';
import { testLibrary } from '../test-library.ts';

const SIZE = { width: 32, height: 24 };
const INSIDE = { left: 8, top: 6, width: 12, height: 10 };
const isInside = (at: number): boolean => {
  const [x, y] = [at % SIZE.width, Math.floor(at / SIZE.width)];
  return x >= INSIDE.left && x < INSIDE.left + INSIDE.width && y >= INSIDE.top && y < INSIDE.top + INSIDE.height;
};

/** A file's stored numbers as 16-bit RGBA, no profile applied. */
async function numbersOf(source: Buffer | string): Promise<Uint16Array> {
  const { depth } = await sharp(source).metadata();
  const deep = depth === 'ushort';
  const { data } = await sharp(source, { ignoreIcc: true })
    .autoOrient()
    .toColourspace(deep ? 'rgb16' : 'srgb')
    .ensureAlpha()
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return deep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : Uint16Array.from(data);
}

async function masked(first: Buffer, answer?: Buffer): Promise<{ path: string; image: Image; heat: Uint8Array }> {
  const library = await testLibrary();
  const blue = { create: { ...SIZE, channels: 3, background: '#0000ff' } } as const;
  const edit = {
    first,
    mask: await rectangleMask(SIZE, INSIDE),
    answer: answer ?? (await sharp(blue).png().toBuffer()),
  };
  const image = await applyStrictMask(library, (await maskedEdit(library, edit)).id, { feather: 0 });
  if (image.strict?.state !== 'done') throw new Error(JSON.stringify(image.strict));
  const heat = await readHeatMap(library, image.id);
  return { path: originalPath(library.folder, image.strict.sha256, 'png'), image, heat };
}

const PNGS = ([1, 2, 3, 4] as const).flatMap((channels) =>
  ([8, 16] as const).flatMap((depth) =>
    (channels < 3 ? (['none', 'grey'] as const) : (['none', 'srgb', 'p3', 'adobe'] as const)).map((profile) => ({
      channels,
      depth,
      profile,
    })),
  ),
);

test.each(PNGS)(
  'outside the mask the numbers stay: $channels channels of $depth bits, profile $profile',
  async ({ channels, depth, profile }) => {
    const max = depth === 16 ? 65_535 : 255;
    const first = await colouredPng(
      { ...SIZE, channels, depth, profile },
      (at) => (at * 7919 + at * at * 31) % (max + 1),
    );
    const { path } = await masked(first);
    expect((await sharp(path).metadata()).depth).toBe(depth === 16 ? 'ushort' : 'uchar');
    const outside = (numbers: Uint16Array): Uint16Array => numbers.filter((_, at) => !isInside(Math.floor(at / 4)));
    const wanted = outside(await numbersOf(first));
    expect(outside(await numbersOf(path))).toEqual(wanted);
    expect(wanted).toHaveLength((SIZE.width * SIZE.height - INSIDE.width * INSIDE.height) * 4);
    if (channels >= 3 && profile !== 'none') expect(await profileIn(path)).toEqual(testProfile(profile));
  },
);

async function profileIn(path: string): Promise<Buffer | undefined> {
  return (await sharp(path).metadata()).icc;
}

test.each(['jpeg', 'webp'] as const)('a %s keeps its profile in the result', async (format) => {
  const bare = sharp({ create: { ...SIZE, channels: 3, background: '#00ff00' } });
  const first = await sharp(await bare.withIccProfile('p3').toFormat(format).toBuffer())
    .keepIccProfile()
    .toFormat(format)
    .toBuffer();
  const { path } = await masked(first);
  expect(await profileIn(path)).toEqual((await sharp(first).metadata()).icc);
  expect((await numbersOf(path)).slice(0, 4)).toEqual((await numbersOf(first)).slice(0, 4));
});

test('a PNG’s own colour chunks are in the result, byte for byte', async () => {
  const bare = await sharp({ create: { ...SIZE, channels: 3, background: '#808080' } })
    .png()
    .toBuffer();
  const { path } = await masked(withPngChunks(bare, numbersChunk('gAMA', 100_000)));
  const chunks = await readHeadChunks(path, new Set(['gAMA', 'iCCP']));
  expect([...chunks]).toEqual([['gAMA', numbersChunk('gAMA', 100_000).subarray(8, 12)]]);
});

test.each<[ProfileKind, 8 | 16]>([
  ['none', 16],
  ['p3', 8],
  ['p3', 16],
  ['adobe', 8],
  ['srgb', 16],
])('the response has its colours inside the mask (%s, %i bits)', async (profile, depth) => {
  const first = await colouredPng({ ...SIZE, channels: 3, depth, profile }, () => 0);
  const white = { create: { ...SIZE, channels: 3, background: '#ff4000' } } as const;
  const { path } = await masked(first, await sharp(white).png().toBuffer());
  // A browser shows it through the profile; at 8 bits, where sharp applies it too.
  const shown = await sharp(path).pipelineColourspace('srgb').removeAlpha().raw().toBuffer();
  const at = (INSIDE.top * SIZE.width + INSIDE.left) * 3;
  [255, 64, 0].forEach((value, channel) =>
    expect(Math.abs((shown[at + channel] ?? 999) - value)).toBeLessThanOrEqual(3),
  );
});

test('nothing outside counts as changed if the response shows the same colours', async () => {
  // Programs write 8 bits as 16 with either factor.
  for (const [profile, factor] of [
    ['none', 257],
    ['srgb', 257],
    ['none', 256],
  ] as const) {
    const numberAt = (at: number): number => ((at * 7919) % 256) * factor;
    const first = await colouredPng({ ...SIZE, channels: 3, depth: 16, profile }, numberAt);
    const answer = await colouredPng(
      { ...SIZE, channels: 3, depth: 8, profile: 'none' },
      (at) => numberAt(at) / factor,
    );
    const { image } = await masked(first, answer);
    expect(image.strict).toMatchObject({ changed: 0, visible: 0 });
  }
});

test('a response in Display P3 keeps the colours that sRGB lacks', async () => {
  const first = await colouredPng({ ...SIZE, channels: 3, depth: 8, profile: 'p3' }, () => 10);
  const answer = await colouredPng({ ...SIZE, channels: 3, depth: 8, profile: 'p3' }, (at) => (at % 3 === 1 ? 255 : 0));
  const { path } = await masked(first, answer);
  const at = (INSIDE.top * SIZE.width + INSIDE.left) * 4;
  expect([...(await numbersOf(path)).subarray(at, at + 4)]).toEqual([0, 255, 0, 255]);
  expect(readFileSync(path).includes('iCCP')).toBe(true);
});

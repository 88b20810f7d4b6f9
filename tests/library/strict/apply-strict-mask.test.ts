import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Image } from '../../../electron/contract/entities/images.ts';
import type { StrictMaskResult } from '../../../electron/contract/entities/strict-mask-result.ts';
import { backfill } from '../../../electron/library/backfill.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { inputFromImage } from '../../../electron/library/inputs/input-from-image.ts';
import { readInputFile } from '../../../electron/library/inputs/input-files.ts';
import { openLibrary, type Library } from '../../../electron/library/library.ts';
import { readNewestImages } from '../../../electron/library/images/newest-images.ts';
import { applyStrictMask } from '../../../electron/library/strict/apply-strict-mask.ts';
import { listStrictMasksDue } from '../../../electron/library/images/strict-results.ts';
import { noiseImage } from '../input-images.ts';
import { maskedEdit, recomposited, rectangleMask, decodedPixels, type MaskedEditBytes } from '../masked-edits.ts';
import { emptyFolder, reportOf, savedImage, testLibrary, withBytes } from '../test-library.ts';

const SIZE = { width: 48, height: 32 };
const INSIDE = { left: 10, top: 8, width: 20, height: 14 };
const isInside = (x: number, y: number): boolean =>
  x >= INSIDE.left && x < INSIDE.left + INSIDE.width && y >= INSIDE.top && y < INSIDE.top + INSIDE.height;

type Done = Extract<StrictMaskResult, { state: 'done' }>;
function done(image: Image): Done {
  if (image.strict?.state !== 'done') throw new Error(`It is ${JSON.stringify(image.strict)}.`);
  return image.strict;
}

async function made(library: Library, edit: Partial<MaskedEditBytes> & { feather?: number } = {}): Promise<Done> {
  const { feather = 6 } = edit;
  const image = await maskedEdit(library, {
    first: await noiseImage(SIZE.width, SIZE.height).png().toBuffer(),
    mask: await rectangleMask(SIZE, INSIDE),
    answer: await noiseImage(SIZE.width, SIZE.height).png().toBuffer(),
    ...edit,
  });
  return done(await applyStrictMask(library, image.id, { feather }));
}

/** Compares every byte of every pixel outside the mask with the first input. */
async function outsideOf(library: Library, first: Buffer, { sha256 }: Done): Promise<[Buffer, Buffer]> {
  const [got, wanted] = [await recomposited(library, sha256), await decodedPixels(sharp(first))];
  expect(got).toMatchObject({ width: wanted.width, height: wanted.height });
  const bytes = (data: Buffer): Buffer => {
    const kept: number[] = [];
    for (let at = 0; at < data.length / 4; at += 1)
      if (!isInside(at % SIZE.width, Math.floor(at / SIZE.width))) kept.push(...data.subarray(at * 4, at * 4 + 4));
    return Buffer.from(kept);
  };
  return [bytes(got.data), bytes(wanted.data)];
}

/** An image with an alpha gradient whose transparent pixels have colours too. */
function veiled(): Promise<Buffer> {
  const { width, height } = SIZE;
  const data = Buffer.alloc(width * height * 4);
  for (let at = 0; at < width * height; at += 1) data.set([at % 251, (at * 7) % 256, 99, (at * 5) % 256], at * 4);
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
}

describe('outside the mask', () => {
  const turned = (orientation: number): Promise<Buffer> => {
    // As stored in the file; from 5 on it is displayed rotated by 90°.
    const [width, height] = orientation >= 5 ? [SIZE.height, SIZE.width] : [SIZE.width, SIZE.height];
    return noiseImage(width, height).jpeg({ quality: 90 }).withMetadata({ orientation }).toBuffer();
  };
  const firsts: [string, () => Promise<Buffer>][] = [
    ['PNG', () => noiseImage(SIZE.width, SIZE.height).png().toBuffer()],
    ['JPEG', () => noiseImage(SIZE.width, SIZE.height).jpeg().toBuffer()],
    ['WebP', () => noiseImage(SIZE.width, SIZE.height).webp().toBuffer()],
    ['PNG of 16 bits', () => noiseImage(SIZE.width, SIZE.height).toColourspace('rgb16').png().toBuffer()],
    ['grey PNG', () => noiseImage(SIZE.width, SIZE.height).greyscale().png().toBuffer()],
    ['PNG with alpha', veiled],
    ['JPEG in CMYK', () => noiseImage(SIZE.width, SIZE.height).toColourspace('cmyk').jpeg().toBuffer()],
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((each): [string, () => Promise<Buffer>] => [
      `JPEG with orientation ${each}`,
      () => turned(each),
    ]),
  ];
  it.each(firsts)('every byte is that of the first image (%s)', async (_, make) => {
    const library = await testLibrary();
    const first = await make();
    const [got, wanted] = await outsideOf(library, first, await made(library, { first }));
    expect(got.equals(wanted)).toBe(true);
  });

  it.each([
    ['an answer of another size', { width: 96, height: 64 }, 6],
    ['an answer that is off by a pixel', { width: 95, height: 64 }, 6],
    ['a hard edge', SIZE, 0],
    ['the widest feather', SIZE, 64],
  ])('every byte is the first image’s (%s)', async (_, { width, height }, feather) => {
    const library = await testLibrary();
    const first = await noiseImage(SIZE.width, SIZE.height).png().toBuffer();
    const answer = await noiseImage(width, height).webp().toBuffer();
    const [got, wanted] = await outsideOf(library, first, await made(library, { first, answer, feather }));
    expect(got.equals(wanted)).toBe(true);
  });

  it('changes are counted, and visible ones', async () => {
    const library = await testLibrary();
    const plain = Buffer.alloc(SIZE.width * SIZE.height * 3, 100);
    const raw = { raw: { ...SIZE, channels: 3 as const } };
    const answered = Buffer.from(plain);
    // Three pixels outside: by 8 (not visible), by 9, and by 100; one inside.
    const change = (x: number, y: number, by: number): void => {
      const at = (y * SIZE.width + x) * 3 + 1;
      answered[at] = 100 + by;
    };
    change(0, 0, 8);
    change(1, 0, -9);
    change(47, 31, 100);
    change(12, 12, 100);
    const strict = await made(library, {
      first: await sharp(plain, raw).png().toBuffer(),
      answer: await sharp(answered, raw).png().toBuffer(),
    });
    expect(strict).toMatchObject({ outside: 48 * 32 - 20 * 14, changed: 3, visible: 2, hasAlpha: false });
  });
});

describe('inside the mask', () => {
  const flat = (grey: number, alpha = 255): Promise<Buffer> =>
    sharp({ create: { ...SIZE, channels: 4, background: { r: grey, g: grey, b: grey, alpha: alpha / 255 } } })
      .png()
      .toBuffer();

  it('the response fades in over the feather and is unmixed beyond it', async () => {
    const library = await testLibrary();
    const strict = await made(library, { first: await flat(0), answer: await flat(200), feather: 4 });
    const { data } = await recomposited(library, strict.sha256);
    const across = [0, 1, 2, 3, 4, 5].map((depth) => data[((INSIDE.top + 7) * SIZE.width + INSIDE.left + depth) * 4]);
    // The edge is half a pixel before the first pixel.
    expect(across).toEqual([25, 75, 125, 175, 200, 200]);
  });

  it('without a feather, the edge is hard', async () => {
    const library = await testLibrary();
    const strict = await made(library, { first: await flat(0), answer: await flat(200), feather: 0 });
    const { data } = await recomposited(library, strict.sha256);
    for (let at = 0; at < data.length / 4; at += 1)
      expect(data[at * 4]).toBe(isInside(at % SIZE.width, Math.floor(at / SIZE.width)) ? 200 : 0);
  });

  it('the image’s border isn’t an edge of the mask', async () => {
    const library = await testLibrary();
    const mask = await rectangleMask(SIZE, { left: 24, top: 0, width: 24, height: 32 });
    const strict = await made(library, { first: await flat(0), answer: await flat(200), mask, feather: 6 });
    const { data } = await recomposited(library, strict.sha256);
    expect([0, 31].map((y) => data[(y * SIZE.width + 40) * 4])).toEqual([200, 200]);
    expect(data[(15 * SIZE.width + 47) * 4]).toBe(200);
  });

  it('beyond the image in an extended frame, only the response shows: no seam', async () => {
    const library = await testLibrary();
    const first = await sharp({ create: { width: 24, height: 32, channels: 4, background: '#000' } })
      .extend({ right: 24, background: { r: 0, g: 0, b: 0, alpha: 0 } })
      .png()
      .toBuffer();
    const mask = await rectangleMask(SIZE, { left: 24, top: 0, width: 24, height: 32 });
    const strict = await made(library, { first, answer: await flat(200), mask, feather: 6 });
    const { data } = await recomposited(library, strict.sha256);
    const across = [23, 24, 25, 30].map((x) => [
      ...data.subarray((9 * SIZE.width + x) * 4, (9 * SIZE.width + x) * 4 + 4),
    ]);
    expect(across).toEqual([[0, 0, 0, 255], ...[1, 2, 3].map(() => [200, 200, 200, 255])]);
    expect(strict.hasAlpha).toBe(false);
  });

  it('a transparent response stays transparent', async () => {
    const library = await testLibrary();
    const strict = await made(library, { first: await flat(50), answer: await flat(200, 0), feather: 0 });
    const { data } = await recomposited(library, strict.sha256);
    expect(data[(15 * SIZE.width + 20) * 4 + 3]).toBe(0);
    expect(strict.hasAlpha).toBe(true);
  });
});

describe('a strict result', () => {
  it('is an input with its changes, reported wherever its image is', async () => {
    const library = await testLibrary();
    const image = await maskedEdit(library, {
      first: await noiseImage(48, 32).png().toBuffer(),
      mask: await rectangleMask(SIZE, INSIDE),
      answer: await noiseImage(96, 64).png().toBuffer(),
    });
    expect(image.strict).toBeUndefined();
    expect(listStrictMasksDue(library.db)).toEqual([{ id: image.id, feather: 6 }]);
    const strict = done(await applyStrictMask(library, image.id, { feather: 6 }));
    expect(strict).toMatchObject(SIZE);
    expect(readInputFile(library.db, strict.sha256)).toMatchObject({ image_id: image.id, name: 'Glaze the bottle' });
    const { changes } = await inputFromImage(library, image.id);
    expect(changes).toEqual(['Scaled from 96 × 64 to 48 × 32.', 'Masked result, feather 6 px.']);
    expect(readImage(library.db, image.id)?.strict).toEqual(strict);
    expect(readNewestImages(library.db, { limit: 5 }).images[0]?.strict).toEqual(strict);
    expect(listStrictMasksDue(library.db)).toEqual([]);
  });

  it('is used in place of the original response, which is available too', async () => {
    const library = await testLibrary();
    const image = await maskedEdit(library, {
      first: await noiseImage(48, 32).png().toBuffer(),
      mask: await rectangleMask(SIZE, INSIDE),
      answer: await noiseImage(48, 32).png().toBuffer(),
    });
    const { sha256: raw } = withBytes(library, image);
    expect((await inputFromImage(library, image.id)).sha256).toBe(raw);
    const strict = done(await applyStrictMask(library, image.id, { feather: 0 }));
    expect((await inputFromImage(library, image.id)).sha256).toBe(strict.sha256);
    expect((await inputFromImage(library, image.id, { raw: true })).sha256).toBe(raw);
  });

  it('is computed once, and again from the original response for another feather', async () => {
    const library = await testLibrary();
    const image = await maskedEdit(library, {
      first: await noiseImage(48, 32).png().toBuffer(),
      mask: await rectangleMask(SIZE, INSIDE),
      answer: await noiseImage(48, 32).png().toBuffer(),
    });
    const hard = done(await applyStrictMask(library, image.id, { feather: 0 }));
    const soft = done(await applyStrictMask(library, image.id, { feather: 6 }));
    expect(soft.sha256).not.toBe(hard.sha256);
    expect(soft).toMatchObject({ changed: hard.changed, visible: hard.visible });
    const path = originalPath(library.folder, soft.sha256, 'png');
    writeFileSync(path, 'as it is');
    expect(done(await applyStrictMask(library, image.id, { feather: 6 }))).toEqual(soft);
    // A lost result is computed again.
    rmSync(path);
    expect(done(await applyStrictMask(library, image.id, { feather: 6 }))).toEqual(soft);
    expect(existsSync(path)).toBe(true);
    expect(done(await applyStrictMask(library, image.id, { feather: 0 }))).toEqual(hard);
  });

  it('is never due without a mask, and rejected', async () => {
    const library = await testLibrary();
    const bytes = await noiseImage(48, 32).png().toBuffer();
    const image = await maskedEdit(library, { first: bytes, answer: bytes, feather: 6 });
    expect(listStrictMasksDue(library.db)).toEqual([]);
    const refused = await reportOf(() => applyStrictMask(library, image.id, { feather: 6 }));
    expect(refused).toMatchObject({ code: 'input-invalid', billing: 'none' });
    expect(refused.message).toContain('without a mask');
    const created = await savedImage(library);
    expect((await reportOf(() => applyStrictMask(library, created.id, { feather: 6 }))).code).toBe('input-invalid');
    expect(readImage(library.db, image.id)?.strict).toBeUndefined();
  });

  it('isn’t computed unless requested, and can be requested later', async () => {
    const library = await testLibrary();
    const image = await maskedEdit(library, {
      first: await noiseImage(48, 32).png().toBuffer(),
      mask: await rectangleMask(SIZE, INSIDE),
      answer: await noiseImage(48, 32).png().toBuffer(),
      feather: null,
    });
    expect(listStrictMasksDue(library.db)).toEqual([]);
    expect(done(await applyStrictMask(library, image.id, { feather: 3 })).feather).toBe(3);
  });

  it('of an empty mask is the first image, of a full mask the response', async () => {
    const library = await testLibrary();
    const first = await noiseImage(48, 32).png().toBuffer();
    const answer = await noiseImage(48, 32).png().toBuffer();
    const none = await rectangleMask(SIZE, { ...INSIDE, width: 0 });
    const all = await rectangleMask(SIZE, { left: 0, top: 0, ...SIZE });
    const pixels = async (mask: Buffer): Promise<[Done, Buffer]> => {
      const strict = await made(library, { first, answer, mask });
      return [strict, (await recomposited(library, strict.sha256)).data];
    };
    const [kept, keptPixels] = await pixels(none);
    expect(keptPixels.equals((await decodedPixels(sharp(first))).data)).toBe(true);
    expect(kept.outside).toBe(48 * 32);
    const [taken, takenPixels] = await pixels(all);
    expect(takenPixels.equals((await decodedPixels(sharp(answer))).data)).toBe(true);
    expect(taken).toMatchObject({ outside: 0, changed: 0, visible: 0 });
  });
});

describe('a failure', () => {
  const edit = async (fields: Partial<MaskedEditBytes>): Promise<MaskedEditBytes> => ({
    first: await noiseImage(48, 32).png().toBuffer(),
    mask: await rectangleMask(SIZE, INSIDE),
    answer: await noiseImage(48, 32).png().toBuffer(),
    ...fields,
  });
  const cases: [string, () => Promise<Partial<MaskedEditBytes>>, string, RegExp][] = [
    [
      'of another aspect ratio',
      async () => ({ answer: await noiseImage(32, 32).png().toBuffer() }),
      'unsupported-here',
      /aspect ratios differ/u,
    ],
    [
      'that is an SVG',
      () =>
        Promise.resolve({ answer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="48" height="32"/>') }),
      'unsupported-here',
      /SVG/u,
    ],
    ['that is animated', async () => ({ answer: await animation() }), 'unsupported-here', /animation/u],
    [
      'that is damaged',
      async () => ({ answer: (await noiseImage(48, 32).png().toBuffer()).subarray(0, 2000) }),
      'image-undecodable',
      /response’s file can’t be decoded/u,
    ],
    [
      'with a mask of another size',
      async () => ({ mask: await rectangleMask({ width: 24, height: 16 }, INSIDE) }),
      'unsupported-here',
      /mask is 24 × 16/u,
    ],
  ];
  it.each(cases)('for a response %s is reported, and the response stays', async (_, fields, code, words) => {
    const library = await testLibrary();
    const given = await edit(await fields());
    const image = await maskedEdit(library, given);
    const { strict } = await applyStrictMask(library, image.id, { feather: 6 });
    if (strict?.state !== 'failed') throw new Error('It did not fail.');
    expect(strict.error).toMatchObject({ code, billing: 'none' });
    expect(strict.error.message).toMatch(words);
    expect(strict.error.message).toMatch(/The original response is unchanged\.$/u);
    const { sha256, format } = readImage(library.db, image.id) ?? (image as never);
    expect(existsSync(originalPath(library.folder, sha256, format))).toBe(true);
    expect(listStrictMasksDue(library.db)).toEqual([]);
  });

  it('can be fixed, and doesn’t remove an older result', async () => {
    const library = await testLibrary();
    const image = await maskedEdit(library, await edit({}));
    const record = readImage(library.db, image.id);
    if (!record) throw new Error('No record.');
    const path = originalPath(library.folder, record.sha256, record.format);
    const bytes = await sharp(path).png().toBuffer();
    rmSync(path);
    const failed = await applyStrictMask(library, image.id, { feather: 6 });
    expect(failed.strict).toMatchObject({ state: 'failed', error: { code: 'file-missing' } });
    writeFileSync(path, bytes);
    const strict = done(await applyStrictMask(library, image.id, { feather: 6 }));
    rmSync(path);
    expect((await reportOf(() => applyStrictMask(library, image.id, { feather: 9 }))).code).toBe('file-missing');
    expect(readImage(library.db, image.id)?.strict).toEqual(strict);
  });
});

describe('a crash between image and result', () => {
  it('is completed at the next start', async () => {
    const folder = join(await emptyFolder(), 'library');
    const before = await openLibrary(folder);
    const image = await maskedEdit(before, {
      first: await noiseImage(48, 32).png().toBuffer(),
      mask: await rectangleMask(SIZE, INSIDE),
      answer: await noiseImage(48, 32).png().toBuffer(),
      feather: 5,
    });
    const stopped = new AbortController();
    const making = applyStrictMask(before, image.id, { feather: 5, signal: stopped.signal });
    stopped.abort(new Error('The end.'));
    await expect(making).rejects.toThrow('The end.');
    expect(readImage(before.db, image.id)?.strict).toBeUndefined();
    before.close();

    const library = await testLibrary(folder);
    const told: Image[] = [];
    const failures: unknown[] = [];
    await backfill(library, { failed: (thrown) => failures.push(thrown), recomposited: (each) => told.push(each) });
    expect(failures).toEqual([]);
    expect(told.map(({ id, strict }) => [id, strict?.state, strict?.feather])).toEqual([[image.id, 'done', 5]]);
    expect(listStrictMasksDue(library.db)).toEqual([]);
  });
});

async function animation(): Promise<Buffer> {
  const frames = await Promise.all([noiseImage(48, 32).png().toBuffer(), noiseImage(48, 32).png().toBuffer()]);
  return sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer();
}

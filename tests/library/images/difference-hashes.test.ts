import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { drawPicture, PICTURES } from '../../../build/make-library/pictures.ts';
import { encode } from '../../../electron/demo-api/drawing/encode.ts';
import { backfill } from '../../../electron/library/backfill.ts';
import { thumbnailPath } from '../../../electron/library/files/folders.ts';
import { fillDifferenceHashes } from '../../../electron/library/images/difference-hashes.ts';
import { createThumbnails } from '../../../electron/library/images/thumbnails.ts';
import { DecoderError } from '../../../electron/library/decoding/operation.ts';
import { renderThumbnails } from '../../../electron/library/pixels/decode.ts';
import type { Library } from '../../../electron/library/library.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import { emptyFolder, savedImage, smallPng, testLibrary, withBytes } from '../test-library.ts';

function distance(one: Uint8Array, other: Uint8Array): number {
  return one.reduce((sum, byte, at) => sum + (byte ^ (other[at] ?? 0)).toString(2).replaceAll('0', '').length, 0);
}

const scenes = PICTURES.filter(({ width, height, transparent }) => width === 1536 && height === 1024 && !transparent);

async function hashOf(bytes: Uint8Array, format: 'png' | 'jpeg' | 'webp'): Promise<Uint8Array> {
  const path = join(await emptyFolder(), `image.${format}`);
  await writeFile(path, bytes);
  const thumbnails = await renderThumbnails(path, format);
  return thumbnails?.dhash ?? new Uint8Array();
}

test('an image in another format, quality and size has almost the same hash', { timeout: 30_000 }, async () => {
  for (const scene of scenes.slice(0, 6)) {
    const pixels = await drawPicture(scene, 900);
    const hash = await hashOf(await encode(pixels, 'png', 100), 'png');
    for (const [format, quality] of [
      ['jpeg', 60],
      ['webp', 50],
    ] as const) {
      const copy = await encode(pixels, format, quality);
      expect(distance(hash, await hashOf(copy, format))).toBeLessThanOrEqual(4);
      const small = await sharp(copy).resize(340).jpeg({ quality: 75 }).toBuffer();
      expect(distance(hash, await hashOf(small, 'jpeg'))).toBeLessThanOrEqual(4);
    }
  }
});

test('different images have different hashes', { timeout: 30_000 }, async () => {
  const hashes: Uint8Array[] = [];
  for (const scene of scenes) hashes.push(await hashOf(await encode(await drawPicture(scene, 600), 'png', 100), 'png'));
  for (const [at, one] of hashes.entries())
    for (const other of hashes.slice(at + 1)) expect(distance(one, other)).toBeGreaterThan(12);
});

const stored = ({ db }: Library, id: ImageId): Buffer | null =>
  db.prepare<[string], Buffer | null>('SELECT dhash FROM images WHERE id = ?').pluck().get(id) ?? null;

test('images from before get theirs from their thumbnails, newest first and once', async () => {
  const library = await testLibrary();
  const images = [];
  for (const at of [1000, 2000, 3000]) {
    const scene = scenes[at / 1000];
    if (!scene) throw new Error('There are more scenes.');
    const bytes = await encode(await drawPicture(scene, 300), 'png', 100);
    const image = await savedImage(library, { at, bytes });
    images.push(await createThumbnails(library, image.id));
  }
  const made = images.map(({ id }) => stored(library, id));
  expect(made.map((hash) => hash?.length)).toEqual([8, 8, 8]);
  library.db.exec('UPDATE images SET dhash = NULL');

  await backfill(library, {
    failed: (thrown) => {
      throw thrown;
    },
  });
  for (const [at, { id }] of images.entries())
    expect(distance(stored(library, id) ?? Buffer.alloc(8), made[at] ?? Buffer.alloc(8))).toBeLessThanOrEqual(4);
});

test('a thumbnail that is missing or damaged isn’t tried again, and the others get theirs', async () => {
  const library = await testLibrary();
  const [missing, damaged, whole] = await Promise.all(
    [1000, 2000, 3000].map(async (at) => savedImage(library, { at, bytes: await smallPng(64, 48) })),
  );
  if (!missing || !damaged || !whole) throw new Error('Three were saved.');
  for (const { id } of [missing, damaged, whole]) await createThumbnails(library, id);
  const pathOf = (image: typeof whole): string => thumbnailPath(library.folder, withBytes(library, image).sha256, 512);
  await rm(pathOf(missing));
  await writeFile(pathOf(damaged), 'no WebP');
  library.db.exec('UPDATE images SET dhash = NULL');

  await fillDifferenceHashes(library);
  expect([missing, damaged, whole].map(({ id }) => stored(library, id)?.length)).toEqual([0, 0, 8]);
  expect(library.db.prepare('SELECT count(*) FROM images WHERE dhash IS NULL').pluck().get()).toBe(0);
});

test('a thumbnail that ends the decoding process costs only its own hash; stopping keeps what is done', async () => {
  const library = await testLibrary(join(await emptyFolder(), 'library'));
  const saved = [];
  for (const at of [1000, 2000]) saved.push(await savedImage(library, { at, bytes: await smallPng(64, 48) }));
  for (const { id } of saved) await createThumbnails(library, id);
  library.db.exec('UPDATE images SET dhash = NULL');
  const [bomb, other] = saved;
  if (!bomb || !other) throw new Error('Two were saved.');
  const poisoned = thumbnailPath(library.folder, withBytes(library, bomb).sha256, 512);
  const stop = new AbortController();
  const decoding: Library['decoding'] = {
    close: () => undefined,
    run: (operation, args, options) =>
      (args as { paths?: string[] }).paths?.includes(poisoned)
        ? Promise.reject(new DecoderError('crash'))
        : library.decoding.run(operation, args, options),
  };
  await fillDifferenceHashes({ ...library, decoding }, stop.signal);
  expect([bomb, other].map(({ id }) => stored(library, id)?.length)).toEqual([0, 8]);

  library.db.exec('UPDATE images SET dhash = NULL');
  stop.abort();
  await fillDifferenceHashes(library, stop.signal);
  expect(stored(library, bomb.id)).toBeNull();
});

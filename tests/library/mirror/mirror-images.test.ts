import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { MirrorChoice } from '../../../electron/contract/entities/mirror-folder.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import { mirrorImages } from '../../../electron/library/mirror/mirror-images.ts';
import { MIRROR_RECORD, MirrorRecord } from '../../../electron/library/mirror/mirror-record.ts';
import { emptyFolder, savedImage, sha256, smallPng, testLibrary, withBytes } from '../test-library.ts';

const AT = Date.UTC(2026, 5, 15, 12);

/** A library with images of these prompts, and a begun mirror folder. */
async function mirrored(...prompts: string[]) {
  const library = await testLibrary();
  const images: Awaited<ReturnType<typeof savedImage>>[] = [];
  for (const [at, prompt] of prompts.entries()) images.push(await savedImage(library, { at: AT + at, prompt }));
  const folder = await emptyFolder();
  await MirrorRecord.begin(folder);
  const pass = (options: Partial<MirrorChoice> & { again?: boolean; skip?: string[]; stopAfter?: number } = {}) => {
    const { again = false, skip = [], stopAfter = Infinity, ...choice } = options;
    let copied = 0;
    return mirrorImages(
      library.db,
      { library: library.folder, choice: { folder, images: 'originals', names: '{prompt}', ...choice }, again, skip },
      { isStopped: () => copied >= stopAfter, progress: ({ done }) => void (copied = done) },
    );
  };
  const names = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name !== MIRROR_RECORD).sort();
  return { library, images, folder, pass, names };
}

test('every image is copied byte for byte under a readable name, once', async () => {
  const { library, images, folder, pass, names } = await mirrored('a fox', 'a fox', 'con: a hare?');
  expect(await pass()).toEqual({ done: 3, total: 3, failed: [] });
  expect(await names()).toEqual(['a fox (2).png', 'a fox.png', 'con- a hare.png']);
  const [first] = images;
  if (!first) throw new Error('no image');
  expect(sha256(await readFile(join(folder, 'a fox.png')))).toBe(withBytes(library, first).sha256);
  await savedImage(library, { at: AT + 9, prompt: 'a heron' });
  expect(await pass()).toEqual({ done: 4, total: 4, failed: [] });
  expect(await names()).toEqual(['a fox (2).png', 'a fox.png', 'a heron.png', 'con- a hare.png']);
});

test('what a person deleted or renamed there isn’t made again, unless missing copies are asked for', async () => {
  const { folder, pass, names } = await mirrored('a fox', 'a hare', 'a heron');
  await pass();
  await rm(join(folder, 'a fox.png'));
  await rename(join(folder, 'a hare.png'), join(folder, 'mine.png'));
  await mkdir(join(folder, 'birds'));
  await rename(join(folder, 'a heron.png'), join(folder, 'birds', 'heron.png'));
  await pass();
  expect(await names()).toEqual(['birds', 'mine.png']);
  expect(await pass({ again: true })).toEqual({ done: 3, total: 3, failed: [] });
  expect(await names()).toEqual(['a fox.png', 'birds', 'mine.png']);
  // They are known under their new names.
  await pass({ again: true });
  expect(await names()).toEqual(['a fox.png', 'birds', 'mine.png']);
  expect(await readdir(join(folder, 'birds'))).toEqual(['heron.png']);
});

test('a file of another program stays, and one with the same bytes is taken for the copy', async () => {
  const { library, images, folder, pass, names } = await mirrored('a fox', 'a hare');
  await writeFile(join(folder, 'a fox.png'), 'mine');
  const [, hare] = images;
  if (!hare) throw new Error('no image');
  await writeFile(
    join(folder, 'by hand.png'),
    await readFile(originalPath(library.folder, withBytes(library, hare).sha256, 'png')),
  );
  await pass();
  expect(await names()).toEqual(['a fox (2).png', 'a fox.png', 'by hand.png']);
  expect(await readFile(join(folder, 'a fox.png'), 'utf8')).toBe('mine');
});

test.each(['originals', 'copies'] as const)('%s aren’t doubled where the record was lost', async (images) => {
  const { folder, pass, names } = await mirrored('a fox', 'a fox', 'a hare');
  await pass({ images });
  const before = await names();
  await rm(join(folder, MIRROR_RECORD));
  await expect(pass({ images })).rejects.toMatchObject({ problem: 'no-record' });
  await MirrorRecord.begin(folder);
  expect(await pass({ images })).toEqual({ done: 3, total: 3, failed: [] });
  expect(await names()).toEqual(before);
});

test('copies have the prompt in them; the library’s file doesn’t change', async () => {
  const { library, images, folder, pass } = await mirrored('a fox at dusk');
  await pass({ images: 'copies' });
  const copy = await readFile(join(folder, 'a fox at dusk.png'));
  expect(copy.includes('a fox at dusk')).toBe(true);
  const [fox] = images;
  if (!fox) throw new Error('no image');
  expect(sha256(copy)).not.toBe(withBytes(library, fox).sha256);
});

test('images in the trash aren’t copied, and the copy of one that is deleted stays', async () => {
  const { library, images, pass, names } = await mirrored('a fox', 'a hare');
  const trash = library.db.prepare('UPDATE images SET deleted_at = ? WHERE id = ?');
  trash.run(AT, images[0]?.id);
  expect(await pass()).toEqual({ done: 1, total: 1, failed: [] });
  expect(await names()).toEqual(['a hare.png']);
  trash.run(AT, images[1]?.id);
  expect(await pass()).toEqual({ done: 0, total: 0, failed: [] });
  expect(await names()).toEqual(['a hare.png']);
  trash.run(null, images[0]?.id);
  await pass();
  expect(await names()).toEqual(['a fox.png', 'a hare.png']);
});

test('a damaged original is left out and doesn’t hold back others', async () => {
  const { library, images, pass, names } = await mirrored('a fox', 'a hare');
  const [fox] = images;
  if (!fox) throw new Error('no image');
  await writeFile(originalPath(library.folder, withBytes(library, fox).sha256, 'png'), await smallPng());
  expect(await pass()).toEqual({ done: 1, total: 2, failed: [fox.id] });
  expect(await names()).toEqual(['a hare.png']);
});

test('a folder that is gone is never created; an empty one in its place isn’t taken for it', async () => {
  const { folder, pass, names } = await mirrored('a fox');
  await rename(folder, `${folder}-away`);
  await expect(pass()).rejects.toMatchObject({ problem: 'gone' });
  await expect(readdir(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  await mkdir(folder);
  await expect(pass()).rejects.toMatchObject({ problem: 'no-record' });
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
  await rename(`${folder}-away`, folder);
  await pass();
  expect(await names()).toEqual(['a fox.png']);
});

test('a stopped pass goes on where it was; a torn end of the record costs its line only', async () => {
  const { folder, pass, names } = await mirrored('a fox', 'a hare', 'a heron');
  expect(await pass({ stopAfter: 1 })).toMatchObject({ done: 1, total: 3 });
  const record = join(folder, MIRROR_RECORD);
  const text = await readFile(record, 'utf8');
  await writeFile(record, text.slice(0, -20));
  expect(await pass()).toEqual({ done: 3, total: 3, failed: [] });
  expect(await names()).toEqual(['a fox.png', 'a hare.png', 'a heron.png']);
  const lines = (await readFile(record, 'utf8')).trimEnd().split('\n');
  expect(lines.filter((line) => line.endsWith('}'))).toHaveLength(4);
});

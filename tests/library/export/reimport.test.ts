import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { exportToFolder } from '../../../electron/library/export/export-folder.ts';
import { exportToZip } from '../../../electron/library/export/export-zip.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { readNewestImages } from '../../../electron/library/images/newest-images.ts';
import { tagImage } from '../../../electron/library/images/tag-image.ts';
import { createThumbnails } from '../../../electron/library/images/thumbnails.ts';
import type { Library } from '../../../electron/library/library.ts';
import { TestImports } from '../import/import-fixtures.ts';
import { emptyFolder, savedImage, testLibrary } from '../test-library.ts';
import { controlled, timelinesOf } from './controlled.ts';
import { zipContents } from './zip-contents.ts';

const AT = Date.UTC(2026, 5, 15, 12);

async function source(): Promise<Library> {
  const library = await testLibrary();
  for (const [index, prompt] of ['a fox', 'a hare'].entries()) {
    const { id } = await savedImage(library, { at: AT + index * 60_000, prompt });
    await createThumbnails(library, id);
    if (prompt === 'a hare') mark(library, id);
  }
  return library;
}

function mark({ db }: Library, id: ImageId): void {
  db.prepare("UPDATE images SET rating = 4, note = 'for the client' WHERE id = ?").run(id);
  const { timeline } = db
    .prepare<[string], { timeline: number }>('SELECT timeline FROM images WHERE id = ?')
    .get(id) ?? { timeline: 0 };
  for (const path of ['client/Acme', 'print']) tagImage(db, timeline, path, AT);
}

const options = async (images: 'originals' | 'copies') =>
  ({ folder: await emptyFolder(), as: 'zip', images, names: '{prompt}' }) as const;

/** What an import into an empty library makes of an export, newest first. */
async function imported(path: string) {
  const library = await testLibrary();
  const run = await new TestImports(library).import(path);
  const images = readNewestImages(library.db, { limit: 10 }).images.flatMap(
    ({ id }) => readImage(library.db, id) ?? [],
  );
  return { result: run.result, images };
}

const HARE = {
  prompt: 'a hare',
  model: 'gpt-image-2',
  marks: { rating: 4, favourite: false, rejected: false },
  note: 'for the client',
  tags: [{ path: 'client/Acme' }, { path: 'print' }],
  createdAt: AT + 60_000,
  imported: { dated: 'metadata', software: 'Emulsion', parameters: { size: '1024x1024', quality: 'high' } },
};

test('copies are imported with their prompts, parameters, ratings, tags, notes and dates', async () => {
  const library = await source();
  const chosen = await options('copies');
  await exportToFolder(library, timelinesOf(library), chosen, controlled().control);
  const { result, images } = await imported(chosen.folder);
  expect(result).toEqual({ imported: 2, known: 0, refused: [] });
  expect(images[0]).toMatchObject(HARE);
});

test('a ZIP of copies is imported, packed or unpacked, without its thumbnails, records and lists', async () => {
  const library = await source();
  const { path } = await exportToZip(library, timelinesOf(library), await options('copies'), controlled().control);
  const unpacked = join(await emptyFolder(), 'unpacked');
  for (const [name, bytes] of await zipContents(path)) {
    mkdirSync(dirname(join(unpacked, name)), { recursive: true });
    writeFileSync(join(unpacked, name), bytes);
  }
  for (const chosen of [path, unpacked]) {
    const { result, images } = await imported(chosen);
    expect(result).toEqual({ imported: 2, known: 0, refused: [] });
    expect(images[0]).toMatchObject(HARE);
  }
});

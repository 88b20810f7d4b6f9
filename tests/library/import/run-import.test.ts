import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { v7 as uuid } from 'uuid';
import { expect, test } from 'vitest';
import type { RunId } from '../../../electron/contract/entities/ids.ts';
import type { ImageRecord } from '../../../electron/contract/entities/image-records.ts';
import { originalPath, thumbnailPath } from '../../../electron/library/files/folders.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { readNewestImages } from '../../../electron/library/images/newest-images.ts';
import { importDate } from '../../../electron/library/import/scan/import-date.ts';
import { listPendingSaves } from '../../../electron/library/files/pending-saves.ts';
import type { Library } from '../../../electron/library/library.ts';
import { listOutdatedSidecars } from '../../../electron/library/sidecars/outdated-sidecars.ts';
import { testProfile, withPngChunks } from '../coloured-images.ts';
import { noiseImage } from '../input-images.ts';
import { exifSegment, exifWithTexts, textChunk, withSegments } from '../metadata-images.ts';
import { savedImage, sha256, smallPng, testLibrary } from '../test-library.ts';
import { folderWith, TestImports } from './import-fixtures.ts';
import { makeZip } from './make-zip.ts';

function records({ db }: Library): ImageRecord[] {
  return readNewestImages(db, { limit: 100 }).images.flatMap(({ id }) => readImage(db, id) ?? []);
}

const byFile = (library: Library): Map<string, ImageRecord> =>
  new Map(records(library).map((record) => [record.imported?.fileName ?? '', record]));

test('images come with their bytes, thumbnails, prompt, date and sidecar', async () => {
  const library = await testLibrary();
  const png = withPngChunks(
    await noiseImage(60, 40).png().toBuffer(),
    textChunk('parameters', 'a fox\nNegative prompt: blurry\nSteps: 4, Model: dream'),
  );
  const folder = await folderWith({ 'sub/one fox.png': png });
  const changed = Date.parse('2023-01-02T03:04:05Z');
  utimesSync(join(folder, 'sub/one fox.png'), changed / 1000, changed / 1000);
  const test = new TestImports(library);
  const run = await test.import(folder);
  expect(run).toMatchObject({ state: 'done', done: 1, total: 1, result: { imported: 1, known: 0, refused: [] } });
  expect(test.failures).toEqual([]);
  const [record] = records(library);
  expect(record).toMatchObject({
    prompt: 'a fox',
    model: 'dream',
    createdAt: changed,
    width: 60,
    height: 40,
    format: 'png',
    sha256: sha256(png),
    jobId: null,
    generation: null,
    signed: false,
    imported: {
      fileName: 'one fox.png',
      dated: 'file',
      software: 'Automatic1111',
      negativePrompt: 'blurry',
      parameters: { Steps: '4' },
    },
  });
  expect(readFileSync(originalPath(library.folder, sha256(png), 'png')).equals(png)).toBe(true);
  expect(existsSync(thumbnailPath(library.folder, sha256(png), 512))).toBe(true);
  expect(record?.thumbhash).not.toBeNull();
  const sidecars = readdirSync(join(library.folder, 'records'), { recursive: true }).map(String);
  expect(sidecars.filter((name) => name.endsWith(`${record?.imported?.id}.json`))).toHaveLength(1);
  expect(listOutdatedSidecars(library.db)).toEqual([]);
  expect(readdirSync(join(library.folder, 'incoming'))).toEqual([]);
  // The person's own file stays where it is.
  expect(readFileSync(join(folder, 'sub/one fox.png')).equals(png)).toBe(true);
});

test('an image is found by its prompt and by its file’s name', async () => {
  const library = await testLibrary();
  const png = withPngChunks(await smallPng(), textChunk('parameters', 'a lighthouse\nSteps: 4'));
  await new TestImports(library).import(await folderWith({ 'IMG_2041.png': png }));
  const find = library.db
    .prepare<[string], number>('SELECT rowid FROM picture_words WHERE picture_words MATCH ?')
    .pluck();
  expect(find.all('lighthouse')).toHaveLength(1);
  expect(find.all('2041')).toHaveLength(1);
});

test('EXIF’s orientation and a colour profile are applied to size and thumbnail', async () => {
  const library = await testLibrary();
  const turned = await sharp({ create: { width: 80, height: 40, channels: 3, background: '#c00' } })
    .composite([{ input: { create: { width: 40, height: 40, channels: 3, background: '#00c' } }, left: 0, top: 0 }])
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const wide = await sharp({ create: { width: 20, height: 10, channels: 3, background: '#f00' } })
    .withIccProfile('p3')
    .png()
    .toBuffer();
  expect(testProfile('p3')).not.toBeNull();
  await new TestImports(library).import(await folderWith({ 'turned.jpg': turned, 'wide.png': wide }));
  const found = byFile(library);
  expect(found.get('turned.jpg')).toMatchObject({ width: 40, height: 80 });
  const pixels = async (file: string, at: [number, number]): Promise<number[]> => {
    const path = thumbnailPath(library.folder, found.get(file)?.sha256 ?? sha256(Buffer.alloc(0)), 256);
    const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
    return [...data.subarray((at[1] * info.width + at[0]) * info.channels).subarray(0, 3)];
  };
  // Stored left, shown on top.
  const [red = 0, , blue = 0] = await pixels('turned.jpg', [20, 10]);
  expect(blue).toBeGreaterThan(red + 100);
  const [bright = 0] = await pixels('wide.png', [10, 5]);
  expect(bright).toBeGreaterThan(230);
});

test('duplicates are skipped: of the library, of the choice, and of an image in the trash', async () => {
  const library = await testLibrary();
  const [known, fresh] = [await smallPng(), await smallPng()];
  await savedImage(library, { bytes: known });
  const folder = await folderWith({ 'a.png': known, 'b.png': fresh, 'c.png': fresh });
  const test = new TestImports(library);
  expect((await test.import(folder)).result).toEqual({ imported: 1, known: 0, refused: [] });
  expect((await test.import(folder)).result).toEqual({ imported: 0, known: 0, refused: [] });
  expect(records(library)).toHaveLength(2);
});

test('a file that appears between scan and import is still no second image', async () => {
  const library = await testLibrary();
  const png = await smallPng();
  const test = new TestImports(library);
  const scan = await test.scan(await folderWith({ 'a.png': png }));
  await savedImage(library, { bytes: png });
  const id = uuid() as RunId;
  test.imports.start(id, scan.id);
  expect((await test.ended('import', id)).result).toEqual({ imported: 0, known: 1, refused: [] });
  expect(listPendingSaves(library.db, library.folder)).toEqual([]);
});

test('what is damaged inside, gone or changed since the scan is refused with its reason, and the rest comes', async () => {
  const library = await testLibrary();
  const broken = await noiseImage(80, 80).png().toBuffer();
  broken.fill(0x55, 200, 3000);
  const folder = await folderWith({
    'good.png': await smallPng(),
    'broken.png': broken,
    'gone.png': await smallPng(),
    'changed.png': await smallPng(),
  });
  const test = new TestImports(library);
  const scan = await test.scan(folder);
  expect(scan.result?.images).toBe(4);
  rmSync(join(folder, 'gone.png'));
  writeFileSync(join(folder, 'changed.png'), 'words');
  const id = uuid() as RunId;
  test.imports.start(id, scan.id);
  const { result } = await test.ended('import', id);
  expect(result?.imported).toBe(1);
  expect(
    test.imports
      .refused(id, { problem: null, after: 0, limit: 9 })
      .files.map(({ name, problem }) => [name, problem])
      .sort(),
  ).toEqual([
    ['chosen/broken.png', 'damaged'],
    ['chosen/changed.png', 'not-an-image'],
    ['chosen/gone.png', 'gone'],
  ]);
  expect(readdirSync(join(library.folder, 'incoming'))).toEqual([]);
});

test('what a file says about itself is read from its original, shortened for the screen', async () => {
  const library = await testLibrary();
  const long = 'x'.repeat(30_000);
  const png = withPngChunks(await smallPng(), textChunk('unknown program', 'a fox'), textChunk('workflow', long));
  const test = new TestImports(library);
  await test.import(await folderWith({ 'one.png': png, 'two.gif': await noiseImage(4, 4).gif().toBuffer() }));
  const found = byFile(library);
  const textsOf = async (name: string): Promise<unknown> => {
    const record = found.get(name);
    return record && test.imports.texts(record.id);
  };
  expect(await textsOf('one.png')).toEqual({
    texts: [
      { name: 'unknown program', text: 'a fox' },
      { name: 'workflow', text: long.slice(0, 20_000) },
    ],
    cut: true,
  });
  expect(await textsOf('two.gif')).toEqual({ texts: [], cut: false });
});

test('images of a ZIP', async () => {
  const library = await testLibrary();
  const exif = exifSegment(
    exifWithTexts({ 0x9003: Buffer.from('2024:03:05 06:07:08\0'), 0x0131: Buffer.from('Darkroom 2\0') }),
  );
  const photo = withSegments(await noiseImage(9, 9).jpeg().toBuffer(), exif);
  const folder = await folderWith({
    'packed.zip': makeZip([
      { name: 'deep/photo.jpg', data: photo, deflate: true },
      { name: 'plain.png', data: await smallPng() },
    ]),
  });
  const run = await new TestImports(library).import(join(folder, 'packed.zip'));
  expect(run.result?.imported).toBe(2);
  expect(byFile(library).get('photo.jpg')).toMatchObject({
    createdAt: Date.parse('2024-03-05T06:07:08'),
    prompt: '',
    imported: { dated: 'metadata', software: 'Darkroom 2' },
  });
});

test('a pause holds it, and cancelling keeps what was imported', async () => {
  const library = await testLibrary();
  const files = await Promise.all(
    Array.from({ length: 40 }, async (_none, index) => [`${index}.png`, await smallPng()] as const),
  );
  const test = new TestImports(library);
  const scan = await test.scan(await folderWith(Object.fromEntries(files)));
  const id = uuid() as RunId;
  // Held at the first image: it can't have ended by then.
  const { promise: held, resolve: hold } = Promise.withResolvers<undefined>();
  test.onChanged = (run) => {
    if (run.id !== id || run.done === 0 || run.state !== 'running') return;
    test.runs.pause(id);
    hold(undefined);
  };
  test.imports.start(id, scan.id);
  await held;
  expect(test.runs.list().find((run) => run.id === id)?.state).toBe('paused');
  const ended = await test.runs.cancel(id);
  expect(ended).toMatchObject({ state: 'cancelled', result: null });
  expect(ended.done).toBeLessThan(40);
  expect(records(library)).toHaveLength(ended.done);
  expect(readdirSync(join(library.folder, 'incoming'))).toEqual([]);
  expect(listPendingSaves(library.db, library.folder)).toEqual([]);
  // Once more: the rest comes.
  const again = await test.import(...(await folders(files)));
  expect(again.result?.imported).toBe(40 - ended.done);
});

async function folders(files: readonly (readonly [string, Buffer])[]): Promise<string[]> {
  return [await folderWith(Object.fromEntries(files))];
}

test('a library that can’t be written ends the import with its reason', async () => {
  const library = await testLibrary();
  const folder = await folderWith({ 'one.png': await smallPng() });
  const test = new TestImports(library);
  const scan = await test.scan(folder);
  rmSync(join(library.folder, 'incoming'), { recursive: true });
  writeFileSync(join(library.folder, 'incoming'), '');
  const id = uuid() as RunId;
  test.imports.start(id, scan.id);
  const run = await test.ended('import', id);
  expect(run).toMatchObject({ state: 'failed', result: null });
  expect(run.error?.message).not.toBe('');
  expect(records(library)).toEqual([]);
});

test.each([
  [
    { takenAt: 5000, besideAt: 5500, fileAt: 6000 },
    { at: 5000, dated: 'metadata' },
  ],
  [{ fileAt: 6000 }, { at: 6000, dated: 'file' }],
  [
    { made: { at: -7, dated: 'metadata' as const }, takenAt: 200_000_000, besideAt: 5500, fileAt: 6000 },
    { at: 5500, dated: 'metadata' },
  ],
  [
    { takenAt: 200_000_000, besideAt: 1e21, fileAt: 6000 },
    { at: 6000, dated: 'file' },
  ],
  [
    { takenAt: -5, besideAt: Number.NaN, fileAt: 0 },
    { at: 10_000, dated: 'import' },
  ],
  [{}, { at: 10_000, dated: 'import' }],
])('the date of %j', (dates, expected) => {
  const none = { made: null, takenAt: null, besideAt: null, fileAt: null };
  expect(importDate({ ...none, ...dates }, 10_000)).toEqual(expected);
});

test.each(['1955:11:05 06:00:00', '2099:01:01 00:00:00'])(
  'a clock that was wrong, %s: the report and the image have the file’s date',
  async (wrong) => {
    const library = await testLibrary();
    const exif = exifSegment(exifWithTexts({ 0x9003: Buffer.from(`${wrong}\0`) }));
    const folder = await folderWith({ 'a.jpg': withSegments(await noiseImage(8, 8).jpeg().toBuffer(), exif) });
    const changed = Date.parse('2023-01-02T03:04:05Z');
    utimesSync(join(folder, 'a.jpg'), changed / 1000, changed / 1000);
    const test = new TestImports(library);
    await test.import(folder);
    const scan = test.events.find(({ kind, state }) => kind === 'scan' && state === 'done');
    expect(scan?.result).toMatchObject({ dates: { first: changed, last: changed } });
    expect(records(library)).toMatchObject([{ createdAt: changed, imported: { dated: 'file' } }]);
  },
);

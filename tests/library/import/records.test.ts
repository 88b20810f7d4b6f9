import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { v7 as uuid } from 'uuid';
import { expect, test } from 'vitest';
import { readImage } from '../../../electron/library/image-record.ts';
import { readNewestImages } from '../../../electron/library/images/newest-images.ts';
import { readSpending } from '../../../electron/library/jobs/spending.ts';
import { writeOutdatedSidecars } from '../../../electron/library/sidecars/outdated-sidecars.ts';
import { emptyFolder, savedImage, smallPng, testLibrary } from '../test-library.ts';
import { TestImports } from './import-fixtures.ts';
import { source, timelineOf, facts, orderOf, zipOf, exported, unpack } from './exported-library.ts';
import { makeZip } from './make-zip.ts';

const SPAN = { span: { from: 0, to: Date.UTC(2100, 0) }, steps: [] };

test.each([
  'a ZIP of originals',
  'a ZIP of copies',
  'an unpacked ZIP of originals',
  'an unpacked ZIP of copies',
  'a folder of copies',
])('everything that a person added comes back from %s', async (how) => {
  const from = await source();
  const path = await exported(from, how);
  const library = await testLibrary();
  const imports = new TestImports(library);
  const report = (await imports.scan(path)).result;
  expect(report).toMatchObject({
    images: 3,
    brought: { images: 3, marks: ['ratings', 'rejects', 'favourites', 'tags', 'notes', 'collections'] },
    prompts: [{ source: 'emulsion', count: 3 }],
    knownBrought: 0,
    records: { ignored: 0, newer: 0 },
    refused: [],
  });
  const before = readSpending(library.db, SPAN);
  const run = await imports.import(path);
  expect(run.result).toEqual({ imported: 3, known: 0, refused: [] });
  expect(facts(library)).toEqual(facts(from));
  expect(orderOf(library, 'Ships')).toEqual(['a hare', 'an owl', 'a fox']);
  expect(imports.named).toBe(1);
  expect(imports.failures).toEqual([]);
  // What was paid for them was paid in another library.
  expect(readSpending(library.db, SPAN)).toEqual(before);
  expect(library.db.prepare('SELECT count(*) AS n FROM images WHERE cost IS NOT NULL').get()).toEqual({ n: 0 });
  expect(library.db.prepare('SELECT count(*) AS n FROM generations').get()).toEqual({ n: 0 });
  const texts = readNewestImages(library.db, { limit: 1 }).images.map(
    ({ id }) => readImage(library.db, id)?.imported?.texts,
  );
  expect(texts[0]).toHaveLength(how === 'a folder of copies' ? 0 : 1);
});

test.each(['an unpacked ZIP of originals', 'an unpacked ZIP of copies'])(
  'everything that a person added comes back from %s that is dropped in a browser',
  async (how) => {
    const from = await source();
    const library = await testLibrary();
    const { scan, run } = await new TestImports(library).importSent(await exported(from, how));
    expect(scan.result).toMatchObject({
      images: 3,
      brought: { images: 3 },
      records: { ignored: 0, newer: 0 },
      refused: [],
    });
    expect(run.result).toEqual({ imported: 3, known: 0, refused: [] });
    expect(facts(library)).toEqual(facts(from));
    expect(orderOf(library, 'Ships')).toEqual(['a hare', 'an owl', 'a fox']);
  },
);

test.each(['as it is', 'as the page sends it', 'in a ZIP'])(
  'exports in the folders of a folder bring everything back, %s',
  async (how) => {
    const from = await source();
    const folder = await emptyFolder();
    mkdirSync(join(folder, 'old/usb'), { recursive: true });
    const unpacked = await unpack(await zipOf(from));
    renameSync(unpacked, join(folder, 'old/usb/export'));
    writeFileSync(join(folder, 'old/usb/beside.png'), await smallPng());
    const library = await testLibrary();
    const imports = new TestImports(library);
    if (how === 'as the page sends it') await imports.importSent(folder);
    else if (how === 'as it is') await imports.import(folder);
    else {
      const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const zip = entries.map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return { name: relative(folder, path), data: readFileSync(path) };
      });
      const path = join(await emptyFolder(), 'all.zip');
      writeFileSync(path, makeZip(zip));
      await imports.import(path);
    }
    const scan = imports.events.find(({ kind, state }) => kind === 'scan' && state === 'done')?.result;
    expect(scan).toMatchObject({ images: 4, brought: { images: 3 }, records: { ignored: 0, newer: 0 }, refused: [] });
    const brought = facts(library).filter(({ prompt }) => prompt !== '');
    expect(brought).toEqual(facts(from));
  },
);

test('what comes from an import comes back again: negative prompt, file name, and how its date was known', async () => {
  const folder = await emptyFolder();
  writeFileSync(join(folder, 'photo ü.png'), await smallPng());
  const from = await testLibrary();
  await new TestImports(from).import(folder);
  from.db.exec(
    'UPDATE imports SET negative_prompt = \'blurry\', software = \'ComfyUI\', texts = \'[{"name":"a","text":"b"}]\'',
  );
  const library = await testLibrary();
  await new TestImports(library).import(await zipOf(from));
  const [image] = readNewestImages(library.db, { limit: 1 }).images;
  expect(image && readImage(library.db, image.id)?.imported).toMatchObject({
    fileName: 'photo ü.png',
    dated: 'file',
    negativePrompt: 'blurry',
    software: 'ComfyUI',
    texts: [{ name: 'a', text: 'b' }],
  });
});

test('of another library, records bring back what was added to its images', async () => {
  const folder = await emptyFolder();
  writeFileSync(join(folder, 'one.png'), await smallPng());
  const from = await testLibrary();
  await new TestImports(from).import(folder);
  const [image] = readNewestImages(from.db, { limit: 1 }).images;
  from.db.exec('UPDATE images SET rating = 2, favourite = 1; UPDATE imports SET recorded_at = NULL');
  await writeOutdatedSidecars(from, { failed: (thrown) => expect.fail(String(thrown)) });
  const library = await testLibrary();
  const imports = new TestImports(library);
  expect((await imports.import(from.folder)).result).toEqual({ imported: 1, known: 0, refused: [] });
  expect(facts(library)).toEqual(facts(from));
  const [copy] = readNewestImages(library.db, { limit: 1 }).images;
  expect(copy && readImage(library.db, copy.id)?.imported?.fileName).toBe('one.png');
  expect(image).toBeDefined();
  // Dropped in a browser, its files are sent with everything else that is in a library's folder.
  const dropped = await testLibrary();
  const { scan, run } = await new TestImports(dropped).importSent(from.folder);
  expect(scan.result).toMatchObject({ images: 1, brought: { images: 1 }, refused: [] });
  expect(run.result).toEqual({ imported: 1, known: 0, refused: [] });
  expect(facts(dropped)).toEqual(facts(from));
});

test('a collection of the same name is used; its images stay first, and a smart one is left alone', async () => {
  const zip = await zipOf(await source());
  const library = await testLibrary();
  library.db.exec(`INSERT INTO collections (key, id, name, position, query, created_at) VALUES
    (1, '${uuid()}', 'SHIPS', 1, NULL, 0), (2, '${uuid()}', 'casa azul', 2, 'fox', 0)`);
  const own = await savedImage(library, { prompt: 'mine' });
  library.db
    .prepare('INSERT INTO collection_images (collection, timeline, position, added_at) VALUES (1, ?, 5, 0)')
    .run(timelineOf(library, own.id).timeline);
  await new TestImports(library).import(zip);
  expect(orderOf(library, 'SHIPS')).toEqual(['mine', 'a hare', 'an owl', 'a fox']);
  expect(orderOf(library, 'casa azul')).toEqual([]);
  expect(orderOf(library, 'Casa Azul 2')).toEqual(['a hare']);
  expect(library.db.prepare('SELECT count(*) AS n FROM collections').get()).toEqual({ n: 3 });
});

test('images that are here already keep what the person has here, and the report says so', async () => {
  const from = await source();
  const zip = await zipOf(from);
  from.db.exec("UPDATE images SET rating = 1, note = 'mine now'");
  const before = facts(from);
  const imports = new TestImports(from);
  expect((await imports.scan(zip)).result).toMatchObject({
    images: 0,
    known: 3,
    knownBrought: 3,
    brought: { images: 0 },
  });
  await imports.import(zip);
  expect(facts(from)).toEqual(before);
});

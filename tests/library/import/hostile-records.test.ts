import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { expect, test } from 'vitest';
import { readImage } from '../../../electron/library/image-record.ts';
import { readNewestImages } from '../../../electron/library/images/newest-images.ts';
import { zipContents } from '../export/zip-contents.ts';
import { emptyFolder, savedImage, sha256, smallPng, testLibrary } from '../test-library.ts';
import { TestImports } from './import-fixtures.ts';
import { makeZip } from './make-zip.ts';
import { AT, SHIPS, source, facts, zipOf, unpack } from './exported-library.ts';

/** A ZIP of one original, with its record changed. */
async function withRecord(change: (record: string, hash: string) => string | Buffer): Promise<string> {
  const library = await testLibrary();
  const bytes = await smallPng();
  const { id } = await savedImage(library, { at: AT, prompt: 'a fox', bytes });
  library.db.prepare('UPDATE images SET rating = 5, favourite = 1 WHERE id = ?').run(id);
  const contents = [...(await zipContents(await zipOf(library)))].map(([name, data]) => ({
    name,
    data: name.startsWith('records/') ? Buffer.from(change(data.toString('utf8'), sha256(bytes))) : data,
    deflate: true,
  }));
  const path = join(await emptyFolder(), 'export.zip');
  writeFileSync(path, makeZip(contents));
  return path;
}

const edited =
  (change: (record: Record<string, unknown>, image: Record<string, unknown>) => void) => (text: string) => {
    const record = JSON.parse(text) as Record<string, unknown> & { images: Record<string, unknown>[] };
    change(record, record.images[0] ?? {});
    return JSON.stringify(record);
  };

test.each<[string, (record: string, hash: string) => string | Buffer]>([
  ['is of another image', (text, hash) => text.replaceAll(hash, 'a'.repeat(64))],
  ['rates with 17', edited((_, image) => (image['rating'] = 17))],
  ['has a list for a note', edited((_, image) => (image['note'] = ['x']))],
  ['has a number for its images', edited((record) => (record['images'] = 4))],
  ['has no time', edited((_, image) => (image['created_at'] = 'yesterday'))],
  ['is no JSON', () => '{"kind":"emulsion-generation",'],
  ['is no UTF-8', (text) => Buffer.from(text.replace('a fox', 'a \u00ff'), 'latin1')],
  ['is empty', () => ''],
  [
    'is nested too deep',
    (text) =>
      text.replace('"documents": []', `"documents": ${'['.repeat(5000)}${']'.repeat(5000)}`).padEnd(text.length + 1),
  ],
  ['has 50 MB', (text) => `${text.slice(0, -2)},"more":"${randomBytes(25_000_000).toString('hex')}"}`],
  ['unpacks to 50 MB', (text) => `${text.slice(0, -2)},"more":"${'x'.repeat(50_000_000)}"}`],
])('a record that %s is ignored and counted; its image is imported', async (_what, change) => {
  const path = await withRecord(change);
  const library = await testLibrary();
  const imports = new TestImports(library);
  expect((await imports.scan(path)).result).toMatchObject({
    images: 1,
    brought: { images: 0, marks: [] },
    records: { ignored: 1, newer: 0 },
  });
  expect((await imports.import(path)).result).toEqual({ imported: 1, known: 0, refused: [] });
  expect(facts(library)).toMatchObject([{ prompt: '', note: '', marks: { rating: 0, favourite: false } }]);
});

test('absurd values of a record that can be read stay within the limits of the library', async () => {
  const path = await withRecord(
    edited((_, image) => {
      image['created_at'] = '9999-12-31T23:59:59.000Z';
      image['note'] = `${'n'.repeat(30_000)}\u0000`;
      image['tags'] = Array.from({ length: 5000 }, (_each, at) => ({ id: uuid(), path: `tag ${at}` }));
      image['collections'] = [
        { id: SHIPS, name: '  \u202e ', position: 1 },
        { id: SHIPS, name: 'x'.repeat(500), position: 1 },
        { id: SHIPS, name: 'none', position: 1 },
        { id: SHIPS, name: 'Far', position: 1e300 },
        { id: SHIPS, name: 'Far away', position: -1e300 },
      ];
    }),
  );
  const library = await testLibrary();
  const imports = new TestImports(library);
  const report = (await imports.scan(path)).result;
  expect(report?.dates?.last).toBeLessThan(Date.UTC(9000, 0));
  await imports.import(path);
  const [image] = facts(library);
  expect(image?.note).toHaveLength(20_000);
  expect(image?.tags).toHaveLength(200);
  expect(image?.createdAt).toBeLessThan(Date.UTC(9000, 0));
  expect(image?.collections).toEqual([
    { id: SHIPS, name: 'Far', position: 1e7 },
    { id: expect.any(String) as string, name: 'Far away', position: -1e7 },
  ]);
});

test('a record of a newer version is kept as it is, and said', async () => {
  const path = await withRecord(edited((record) => Object.assign(record, { version: 3, mood: 'calm' })));
  const library = await testLibrary();
  const imports = new TestImports(library);
  expect((await imports.scan(path)).result).toMatchObject({ images: 1, records: { ignored: 0, newer: 1 } });
  await imports.import(path);
  const [image] = readNewestImages(library.db, { limit: 1 }).images;
  const texts = image && readImage(library.db, image.id)?.imported?.texts;
  expect(texts).toMatchObject([{ name: expect.stringMatching(/^records\/.*\.json$/u) as string }]);
  expect(JSON.parse(texts?.[0]?.text ?? '')).toMatchObject({ version: 3, mood: 'calm' });
  expect(facts(library)).toMatchObject([{ marks: { rating: 0 } }]);
});

test('a record behind a link isn’t read', async () => {
  const folder = await unpack(await zipOf(await source()));
  const hidden = join(await emptyFolder(), 'record.json');
  const library = await testLibrary();
  const names = [...(await zipContents(await zipOf(await source()))).keys()].filter((name) =>
    name.startsWith('records/'),
  );
  expect(names).toHaveLength(3);
  const record = join(folder, 'records');
  rmSync(record, { recursive: true });
  mkdirSync(record);
  writeFileSync(hidden, '{}');
  symlinkSync(hidden, join(record, 'linked.json'));
  const report = (await new TestImports(library).scan(folder)).result;
  expect(report).toMatchObject({ images: 3, brought: { images: 0 }, records: { ignored: 0, newer: 0 } });
  expect(readFileSync(hidden, 'utf8')).toBe('{}');
});

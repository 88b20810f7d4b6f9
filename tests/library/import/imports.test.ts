import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { expect, test } from 'vitest';
import type { RunId } from '../../../electron/contract/entities/ids.ts';
import { withPngChunks } from '../coloured-images.ts';
import { inChunks, noiseImage } from '../input-images.ts';
import { textChunk } from '../metadata-images.ts';
import { emptyFolder, reportOf, savedImage, smallPng, testLibrary } from '../test-library.ts';
import { folderWith, TestImports } from './import-fixtures.ts';
import { makeZip } from './make-zip.ts';

test('the report says what would be added, what is here already, and what can’t be read', async () => {
  const library = await testLibrary();
  const [known, fresh] = [
    await smallPng(),
    withPngChunks(await smallPng(), textChunk('parameters', 'a fox\nSteps: 4')),
  ];
  await savedImage(library, { bytes: known });
  const jpeg = await noiseImage(9, 9).jpeg().toBuffer();
  const folder = await folderWith({
    'known.png': known,
    'fresh.png': fresh,
    'again.png': fresh,
    'photo.jpg': jpeg,
    'notes.txt': 'words',
    'more.txt': 'words',
    'empty.png': '',
  });
  writeFileSync(join(folder, 'packed.zip'), makeZip([{ name: 'known.png', data: known }]));
  const test = new TestImports(library);
  const run = await test.scan(folder);
  expect(run.state).toBe('done');
  expect(run.result).toEqual({
    images: 2,
    bytes: fresh.length + jpeg.length,
    free: expect.any(Number) as unknown,
    dates: { first: expect.any(Number) as number, last: expect.any(Number) as number },
    formats: [
      { format: 'png', count: 1 },
      { format: 'jpeg', count: 1 },
    ],
    prompts: [{ source: 'automatic1111', count: 1 }],
    brought: { images: 0, marks: [] },
    known: 1,
    knownBrought: 0,
    records: { ignored: 0, newer: 0 },
    repeated: 2,
    refused: [
      { problem: 'not-an-image', count: 2 },
      { problem: 'empty', count: 1 },
    ],
  });
  const first = test.imports.refused(run.id, { problem: 'not-an-image', after: 0, limit: 1 });
  expect(first.files).toEqual([{ name: 'chosen/more.txt', problem: 'not-an-image', format: 'text' }]);
  const rest = test.imports.refused(run.id, { problem: 'not-an-image', after: first.next ?? -1, limit: 9 });
  expect(rest).toEqual({ files: [{ name: 'chosen/notes.txt', problem: 'not-an-image', format: 'text' }], next: null });
  expect(test.imports.refused(run.id, { problem: null, after: 0, limit: 9 }).files).toHaveLength(3);
  // A dry run leaves nothing behind.
  expect(readdirSync(join(library.folder, 'incoming'))).toEqual([]);
  expect(test.failures).toEqual([]);
});

test('a scan that is cancelled ends, and another one can begin', async () => {
  const library = await testLibrary();
  const files = await Promise.all(
    Array.from({ length: 30 }, async (_none, index) => [`${index}.png`, await smallPng()] as const),
  );
  const folder = await folderWith(Object.fromEntries(files));
  const test = new TestImports(library);
  const id = uuid() as RunId;
  test.imports.scan(id, { kind: 'paths', paths: [folder] });
  expect(await test.runs.cancel(id)).toMatchObject({ state: 'cancelled', result: null });
  expect((await test.scan(folder)).result?.images).toBe(30);
  expect((await reportOf(() => test.imports.refused(id, { problem: null, after: 0, limit: 9 }))).code).toBe(
    'not-found',
  );
});

test('a path has to be absolute', async () => {
  const test = new TestImports(await testLibrary());
  expect((await reportOf(() => test.scan('images'))).code).toBe('parameter-invalid');
});

test('what was chosen is gone', async () => {
  const test = new TestImports(await testLibrary());
  const run = await test.scan(join(await emptyFolder(), 'nowhere'));
  expect(run.result).toMatchObject({ images: 0, dates: null, refused: [{ problem: 'gone', count: 1 }] });
});

const upload = async (test: TestImports, uploadId: string, name: string, bytes: Uint8Array): Promise<void> =>
  test.imports.uploads.add({
    uploadId,
    name,
    modifiedAt: Date.parse('2023-01-02T03:04:05Z'),
    body: inChunks(bytes),
    declared: bytes.length,
    limit: 1_000_000,
  });

test('files that the page has sent are looked at and imported under their own names, and gone afterwards', async () => {
  const library = await testLibrary();
  const test = new TestImports(library);
  const [uploadId, other] = [uuid(), uuid()];
  await upload(test, uploadId, 'holiday/notes.txt', Buffer.from('words'));
  await upload(test, uploadId, 'holiday/one.png', await smallPng());
  await upload(test, other, 'two.png', await smallPng());
  expect((await reportOf(() => upload(test, other, 'empty.png', Buffer.alloc(0)))).code).toBe('input-invalid');
  const [scanId, id] = [uuid(), uuid()] as [RunId, RunId];
  test.imports.scan(scanId, { kind: 'uploads', uploadId });
  const run = await test.ended('scan', scanId);
  expect(run.result).toMatchObject({ images: 1, dates: { first: Date.parse('2023-01-02T03:04:05Z') } });
  expect(test.imports.refused(scanId, { problem: null, after: 0, limit: 9 }).files).toEqual([
    { name: 'holiday/notes.txt', problem: 'not-an-image', format: 'text' },
  ]);
  test.imports.start(id, scanId);
  expect((await test.ended('import', id)).result?.imported).toBe(1);
  expect(readdirSync(join(library.folder, 'incoming'))).toHaveLength(1);
  await test.imports.uploads.discard(other);
  expect(readdirSync(join(library.folder, 'incoming'))).toEqual([]);
  expect((await reportOf(() => test.imports.scan(scanId, { kind: 'uploads', uploadId: other }))).code).toBe(
    'not-found',
  );
});

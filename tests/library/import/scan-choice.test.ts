import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ImportProblem } from '../../../electron/contract/entities/imports.ts';
import { IMPORT_PROBLEMS } from '../../../electron/contract/entities/imports.ts';
import { MAX_IMPORT_FILES, MAX_ZIP_ENTRIES } from '../../../electron/contract/rules/import-limits.ts';
import { importProblemText } from '../../../electron/contract/rules/import-problems.ts';
import type { Candidate } from '../../../electron/library/import/scan/candidate.ts';
import { scanChoice } from '../../../electron/library/import/scan/scan-choice.ts';
import { chosenPath } from '../../../electron/library/import/scan/walk-choice.ts';
import { pngChunk } from '../../../electron/library/pixels/colour/png-chunks.ts';
import { withPngChunks } from '../coloured-images.ts';
import { noiseImage } from '../input-images.ts';
import { exifSegment, exifWithTexts, textChunk, withSegments } from '../metadata-images.ts';
import { emptyFolder, sha256, smallPng } from '../test-library.ts';
import { folderWith } from './import-fixtures.ts';
import { makeZip, type ZipFileSpec } from './make-zip.ts';

interface Scanned {
  images: Candidate[];
  /** Name: problem. */
  refused: Record<string, ImportProblem>;
}

async function scan(chosen: readonly string[], library?: string): Promise<Scanned> {
  const own = library ?? (await emptyFolder());
  const temporary = await emptyFolder();
  let count = 0;
  const found: Scanned = { images: [], refused: {} };
  const options = {
    library: own,
    temporaryPath: () => join(temporary, String((count += 1))),
    signal: new AbortController().signal,
  };
  for await (const finding of scanChoice(chosen.map(chosenPath), options)) {
    if (finding.kind === 'image') found.images.push(finding.candidate);
    else if (finding.kind === 'refused') found.refused[finding.refused.name] = finding.refused.problem;
  }
  // What was unpacked to be looked at is gone.
  expect(readdirSync(temporary)).toEqual([]);
  return found;
}

const namesOf = ({ images }: Scanned): string[] => images.map(({ name }) => name).sort();

async function zipFile(files: readonly ZipFileSpec[], options?: { count?: number }): Promise<string> {
  const path = join(await emptyFolder(), 'images.zip');
  writeFileSync(path, makeZip(files, options));
  return path;
}

test('an AVIF’s prompt and date', async () => {
  const settings = JSON.stringify({ c: 'a fox', model: 'sdxl', seed: 7 }).replaceAll('"', '&quot;');
  const packet = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:UserComment="${settings}"/></rdf:RDF></x:xmpmeta>`;
  const image = noiseImage(24, 16)
    .withExif({ IFD2: { DateTimeOriginal: '2024:03:05 06:07:08' } })
    .withXmp(packet);
  const { images } = await scan([await folderWith({ 'one.avif': await image.avif().toBuffer() })]);
  expect(images).toMatchObject([
    { format: 'avif', source: 'draw-things', dates: { takenAt: Date.parse('2024-03-05T06:07:08') } },
  ]);
});

test('an image with everything that is known about it', async () => {
  const png = withPngChunks(await smallPng(), textChunk('parameters', 'a fox\nSteps: 4, Model: dream'));
  const exif = exifSegment(exifWithTexts({ 0x9003: Buffer.from('2024:03:05 06:07:08\0') }));
  const jpeg = withSegments(await noiseImage(8, 8).jpeg().toBuffer(), exif);
  const folder = await folderWith({ 'one.png': png, 'sub/two.jpg': jpeg });
  const changed = Date.parse('2023-01-02T03:04:05Z');
  utimesSync(join(folder, 'one.png'), changed / 1000, changed / 1000);
  const { images } = await scan([folder]);
  expect(images).toEqual([
    {
      origin: { path: expect.stringContaining('one.png') as string, zip: null },
      name: 'chosen/one.png',
      sha256: sha256(png),
      bytes: png.length,
      format: 'png',
      dates: { made: null, takenAt: null, besideAt: null, fileAt: changed },
      source: 'automatic1111',
      beside: null,
      record: null,
      marks: [],
    },
    expect.objectContaining({
      name: 'chosen/sub/two.jpg',
      dates: expect.objectContaining({ takenAt: Date.parse('2024-03-05T06:07:08') }) as unknown,
      source: null,
    }),
  ]);
});

test('files of every kind are judged by their content, and each refusal has its reason', async () => {
  const png = await smallPng();
  const jpeg = await noiseImage(30, 30).jpeg().toBuffer();
  const bomb = Buffer.from(png);
  bomb.writeUInt32BE(100_000, 16);
  bomb.writeUInt32BE(100_000, 20);
  const folder = await folderWith({
    'wrong-extension.jpg': png,
    'no-extension': jpeg,
    'drawing.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    'CON.png': png,
    'empty.png': '',
    'cut.png': png.subarray(0, png.length - 20),
    'cut.jpg': jpeg.subarray(0, 400),
    'bomb.png': bomb,
    'text.png': 'just words',
    'notes.txt': 'just words',
    'headless.png': Buffer.concat([
      png.subarray(0, 8),
      pngChunk('tEXt', Buffer.from('a\0b')),
      png.subarray(png.length - 12),
    ]),
    'photo.heic': Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'),
    'unpacked.docx': makeZip([{ name: 'word/document.xml', data: Buffer.from('<a/>') }]),
    '.DS_Store': 'x',
    '._one.png': 'x',
    'Thumbs.db': 'x',
  });
  const found = await scan([folder]);
  expect(namesOf(found)).toEqual([
    'chosen/CON.png',
    'chosen/drawing.svg',
    'chosen/no-extension',
    'chosen/wrong-extension.jpg',
  ]);
  expect(found.refused).toEqual({
    'chosen/empty.png': 'empty',
    'chosen/cut.png': 'truncated',
    'chosen/cut.jpg': 'truncated',
    'chosen/bomb.png': 'too-many-pixels',
    'chosen/text.png': 'not-an-image',
    'chosen/notes.txt': 'not-an-image',
    'chosen/headless.png': 'damaged',
    'chosen/photo.heic': 'unsupported',
    'chosen/unpacked.docx': 'not-an-image',
  });
});

test('a file that is too large isn’t read', async () => {
  const folder = await folderWith({ 'large.png': await smallPng() });
  truncateSync(join(folder, 'large.png'), 300 * 1024 * 1024);
  expect((await scan([folder])).refused).toEqual({ 'chosen/large.png': 'too-large' });
});

describe.skipIf(process.platform === 'win32')('links and special files', () => {
  test('links aren’t followed out of the folder, and circles end', async () => {
    const outside = await folderWith({ 'secret.png': await smallPng() });
    const folder = await folderWith({ 'a/one.png': await smallPng() });
    symlinkSync(outside, join(folder, 'out'));
    symlinkSync(join(outside, 'secret.png'), join(folder, 'out.png'));
    symlinkSync(folder, join(folder, 'a', 'circle'));
    symlinkSync('one.png', join(folder, 'a', 'same.png'));
    symlinkSync('self.png', join(folder, 'self.png'));
    symlinkSync('nowhere.png', join(folder, 'broken.png'));
    const found = await scan([folder]);
    expect(namesOf(found)).toEqual(['chosen/a/one.png']);
    expect(found.refused).toEqual({
      'chosen/out': 'link-outside',
      'chosen/out.png': 'link-outside',
      'chosen/self.png': 'link-broken',
      'chosen/broken.png': 'link-broken',
    });
  });

  test('a link that was chosen itself is followed', async () => {
    const folder = await folderWith({ 'one.png': await smallPng() });
    const link = join(await emptyFolder(), 'link');
    symlinkSync(folder, link);
    expect(namesOf(await scan([link]))).toEqual(['link/one.png']);
  });

  test('a pipe isn’t opened, chosen or found', async () => {
    const folder = await folderWith({});
    execFileSync('mkfifo', [join(folder, 'pipe.png')]);
    expect((await scan([folder])).refused).toEqual({ 'chosen/pipe.png': 'not-a-file' });
    expect((await scan([join(folder, 'pipe.png')])).refused).toEqual({ 'pipe.png': 'not-a-file' });
  });

  test.skipIf(process.getuid?.() === 0)('what may not be read is said', async () => {
    const folder = await folderWith({ 'one.png': await smallPng(), 'closed/two.png': await smallPng() });
    chmodSync(join(folder, 'one.png'), 0);
    chmodSync(join(folder, 'closed'), 0);
    const { refused } = await scan([folder]);
    chmodSync(join(folder, 'closed'), 0o700);
    expect(refused).toEqual({ 'chosen/one.png': 'unreadable', 'chosen/closed': 'folder-unreadable' });
  });

  test('names of 255 bytes, and pairs that differ in their composition only', async () => {
    const long = `${'ä'.repeat(125)}.png`.padStart(255 - 125, 'x');
    const folder = await folderWith({
      [long]: await smallPng(),
      ['é.png'.normalize('NFC')]: await smallPng(),
      ['é.png'.normalize('NFD')]: await smallPng(),
    });
    const found = await scan([folder]);
    expect(Buffer.byteLength(long)).toBe(255);
    // A file system may take such a pair for one name.
    expect(namesOf(found)).toHaveLength(readdirSync(folder).length);
    expect(found.refused).toEqual({});
  });
});

test('the open library isn’t imported into itself', async () => {
  const folder = await folderWith({ 'one.png': await smallPng(), 'library/originals/aa/x.png': await smallPng() });
  const library = join(folder, 'library');
  const found = await scan([folder], library);
  expect(namesOf(found)).toEqual(['chosen/one.png']);
  expect(found.refused).toEqual({ 'chosen/library': 'own-library' });
  expect((await scan([join(library, 'originals')], library)).refused).toEqual({ originals: 'own-library' });
});

test('of another library only its originals', async () => {
  const folder = await folderWith({
    'library.db': 'x',
    'originals/aa/x.png': await smallPng(),
    'thumbnails/512/aa/x.webp': await noiseImage(8, 8).webp().toBuffer(),
  });
  expect(namesOf(await scan([folder]))).toEqual(['chosen/originals/aa/x.png']);
});

test('what is gone', async () => {
  expect((await scan(['/nowhere/one.png'])).refused).toEqual({ 'one.png': 'gone' });
});

describe('a ZIP', () => {
  test('its images, stored and compressed, with their dates', async () => {
    const [one, two] = [await smallPng(), await smallPng()];
    const zip = await zipFile([
      { name: 'a/', data: Buffer.alloc(0) },
      { name: 'a/one.png', data: one },
      { name: 'a/zwei ü.png', data: two, deflate: true },
      { name: 'a/notes.txt', data: Buffer.from('words') },
      { name: '__MACOSX/a/._one.png', data: Buffer.from('x') },
    ]);
    const found = await scan([zip]);
    expect(found.images).toEqual([
      expect.objectContaining({ name: 'images.zip/a/one.png', sha256: sha256(one) }),
      expect.objectContaining({ name: 'images.zip/a/zwei ü.png', sha256: sha256(two) }),
    ]);
    expect(found.images.map(({ dates }) => dates.fileAt)).toEqual(Array(2).fill(Date.parse('2024-03-05T06:07:08')));
    expect(found.refused).toEqual({ 'images.zip/a/notes.txt': 'not-an-image' });
  });

  test('every entry that isn’t trusted has its reason, and the others are read', async () => {
    const png = await smallPng();
    const zip = await zipFile([
      { name: '../../evil.png', data: png },
      { name: '..\\evil.png', data: png },
      { name: '/etc/evil.png', data: png },
      { name: 'C:\\evil.png', data: png },
      { name: 'nul\0.png', data: png },
      { name: 'secret.png', data: png, flags: 0x801, size: png.length - 12 },
      { name: 'aes.png', data: png, method: 99, size: png.length },
      { name: 'lzma.png', data: png, method: 14 },
      { name: 'wrong-sum.png', data: png, crc: 1 },
      { name: 'longer.png', data: png, deflate: true, size: png.length - 5 },
      { name: 'shorter.png', data: png, deflate: true, size: png.length + 5 },
      { name: 'broken.png', data: png, method: 8, size: png.length * 2 },
      { name: 'empty.png', data: Buffer.alloc(0) },
      { name: 'inner.zip', data: makeZip([{ name: 'one.png', data: png }]) },
      { name: 'good.png', data: png },
    ]);
    const found = await scan([zip]);
    expect(namesOf(found)).toEqual(['images.zip/good.png']);
    expect(Object.entries(found.refused).map(([name, problem]) => [name.replace('images.zip/', ''), problem])).toEqual([
      ['../../evil.png', 'zip-unsafe-name'],
      ['../evil.png', 'zip-unsafe-name'],
      ['/etc/evil.png', 'zip-unsafe-name'],
      ['C:/evil.png', 'zip-unsafe-name'],
      ['nul\0.png', 'zip-unsafe-name'],
      ['secret.png', 'zip-encrypted'],
      ['aes.png', 'zip-encrypted'],
      ['lzma.png', 'zip-method'],
      ['wrong-sum.png', 'damaged'],
      ['longer.png', 'damaged'],
      ['shorter.png', 'damaged'],
      ['broken.png', 'damaged'],
      ['empty.png', 'empty'],
      ['inner.zip', 'zip-in-zip'],
    ]);
  });

  test('a bomb isn’t unpacked', async () => {
    const zeros = Buffer.alloc(200_000_000);
    (await smallPng()).copy(zeros);
    const png = await smallPng();
    const zip = await zipFile([
      { name: 'bomb.png', data: zeros, deflate: true },
      { name: 'zeros', data: Buffer.alloc(9_000_000), deflate: true },
      { name: 'good.png', data: png },
      ...Array.from({ length: 9 }, (_none, index) => ({ name: `again-${index}.png`, data: png, shares: 2 })),
      ...Array.from({ length: 5000 }, (_none, index) => ({
        name: `more-${index}.png`,
        data: zeros,
        shares: 0,
        deflate: true,
      })),
    ]);
    const { images, refused } = await scan([zip]);
    expect(refused['images.zip/bomb.png']).toBe('zip-bomb');
    expect(refused['images.zip/zeros']).toBe('not-an-image');
    expect(images).toHaveLength(10);
    expect(Object.values(refused).filter((problem) => problem === 'zip-bomb')).toHaveLength(5001);
  });

  test('entries that overlap are refused from where the file’s bytes are used up', async () => {
    const png = await noiseImage(200, 200).png().toBuffer();
    const zip = await zipFile([
      { name: 'one.png', data: png },
      ...Array.from({ length: 50 }, (_none, index) => ({ name: `${index}.png`, data: png, shares: 0 })),
    ]);
    const { images, refused } = await scan([zip]);
    expect(images.length).toBeLessThan(3);
    expect(new Set(Object.values(refused))).toEqual(new Set(['zip-bomb']));
  });

  test('more files than an export of Emulsion can have', async () => {
    const zip = await zipFile([{ name: 'one.png', data: await smallPng() }], { count: MAX_ZIP_ENTRIES + 1 });
    expect(await scan([zip])).toEqual({ images: [], refused: { 'images.zip': 'zip-too-many' } });
    // An image, its thumbnail and its record each, and three files about all of them.
    expect(MAX_ZIP_ENTRIES).toBeGreaterThan(3 * MAX_IMPORT_FILES + 3);
  });

  test('a directory that is damaged, and no directory at all', async () => {
    const png = await smallPng();
    const zip = await zipFile([{ name: 'one.png', data: png }], { count: 2 });
    const found = await scan([zip]);
    expect(namesOf(found)).toEqual(['images.zip/one.png']);
    expect(found.refused).toEqual({ 'images.zip': 'zip-damaged' });
    const cut = join(await emptyFolder(), 'cut.zip');
    writeFileSync(cut, makeZip([{ name: 'one.png', data: png }]).subarray(0, 80));
    expect((await scan([cut])).refused).toEqual({ 'cut.zip': 'zip-damaged' });
    const none = join(await emptyFolder(), 'none.zip');
    writeFileSync(none, makeZip([]));
    expect(await scan([none])).toEqual({ images: [], refused: {} });
  });
});

test('the scan ends when it is cancelled', async () => {
  const folder = await folderWith({ 'one.png': await smallPng() });
  const controller = new AbortController();
  const library = await emptyFolder();
  controller.abort(new Error('cancelled'));
  const scanning = scanChoice([chosenPath(folder)], { library, temporaryPath: () => '', signal: controller.signal });
  await expect(scanning.next()).rejects.toThrow('cancelled');
});

test('every reason has a sentence', () => {
  for (const problem of IMPORT_PROBLEMS) expect(importProblemText(problem)).toMatch(/^[A-Z].*\.$/u);
  expect(importProblemText('unsupported', 'heic')).toBe(
    'HEIC can’t be shown here. Save it as PNG, JPEG or WebP first.',
  );
});

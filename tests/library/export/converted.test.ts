import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import {
  DEFAULT_CONVERSION,
  type Conversion,
  type ExportOptions,
} from '../../../electron/contract/entities/exports.ts';
import { exportToFolder } from '../../../electron/library/export/export-folder.ts';
import { runExportThread } from '../../../electron/library/export/export-thread.ts';
import { exportToZip } from '../../../electron/library/export/export-zip.ts';
import { INCOMING } from '../../../electron/library/files/folders.ts';
import type { Library } from '../../../electron/library/library.ts';
import { readTexts } from '../../../electron/library/pixels/metadata/read-texts.ts';
import { colouredPng } from '../coloured-images.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { emptyFolder, savedImage, sha256, smallPng, testLibrary } from '../test-library.ts';
import { controlled, timelinesOf } from './controlled.ts';
import { zipContents } from './zip-contents.ts';

const AT = Date.UTC(2026, 5, 15, 12);
const FORMATS = ['png', 'jpeg', 'webp', 'avif'] as const;

type Options = Partial<Conversion>;

function optionsFor(folder: string, conversion: Options, names = '{prompt}'): ExportOptions {
  return { as: 'files', images: 'converted', conversion: { ...DEFAULT_CONVERSION, ...conversion }, names, folder };
}

async function libraryOf(...files: Uint8Array[]): Promise<Library> {
  const library = await testLibrary();
  for (const [index, bytes] of files.entries()) await savedImage(library, { at: AT + index, prompt: 'a fox', bytes });
  return library;
}

/** What a conversion of the images makes: its files by name. */
async function converted(library: Library, conversion: Options, names?: string) {
  const folder = await emptyFolder();
  const options = optionsFor(folder, conversion, names);
  const result = await exportToFolder(library, timelinesOf(library), options, controlled().control);
  const files = (await readdir(folder)).sort();
  // Nothing is left of what was made on the way.
  expect(await readdir(join(library.folder, INCOMING))).toEqual([]);
  return { result, files, paths: files.map((name) => join(folder, name)) };
}

async function convertedFile(bytes: Uint8Array, conversion: Options): Promise<string> {
  const { paths } = await converted(await libraryOf(bytes), conversion);
  const [path] = paths;
  if (path === undefined) throw new Error('Nothing was exported.');
  return path;
}

/** The colour at a place, as an sRGB program shows it. */
async function colourAt(path: string, left: number, top: number): Promise<number[]> {
  const pixel = sharp(await readFile(path)).extract({ left, top, width: 1, height: 1 });
  return [...(await pixel.toColourspace('srgb').raw().toBuffer())];
}

function expectNear(actual: readonly number[], wanted: readonly number[], most: number): void {
  expect(actual.length).toBe(wanted.length);
  for (const [index, value] of wanted.entries())
    expect(Math.abs((actual[index] ?? NaN) - value), `${actual.join()} for ${wanted.join()}`).toBeLessThanOrEqual(most);
}

const flat = (width: number, height: number, background: string | object): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 4, background: background as string } })
    .png()
    .toBuffer();

describe('a converted image', () => {
  test.each(FORMATS)('is shown in the colours of its profile, as sRGB: %s', async (format) => {
    // The reddest red of sRGB, in Display P3.
    const red = [234, 51, 35];
    const p3 = await colouredPng(
      { width: 16, height: 16, channels: 3, depth: 8, profile: 'p3' },
      (index) => red[index % 3] ?? 0,
    );
    const path = await convertedFile(p3, { format, quality: 95 });
    const { format: written, compression, icc, depth } = await sharp(path).metadata();
    expect(compression ?? written).toBe(format === 'avif' ? 'av1' : format);
    expect(depth).toBe('uchar');
    expect(icc).toBeDefined();
    expectNear(await colourAt(path, 8, 8), [255, 0, 0], format === 'png' ? 2 : 8);
  });

  test('has 8 bits per channel if it had 16', async () => {
    const deep = await colouredPng(
      { width: 8, height: 8, channels: 3, depth: 16, profile: 'none' },
      (index) => [0, 0x8000, 0xffff][index % 3] ?? 0,
    );
    const path = await convertedFile(deep, { format: 'png' });
    expect((await sharp(path).metadata()).depth).toBe('uchar');
    expectNear(await colourAt(path, 1, 1), [0, 128, 255], 1);
  });

  test('has the background behind what is transparent in a JPEG', async () => {
    const half = await flat(16, 16, { r: 0, g: 0, b: 255, alpha: 0.5 });
    const path = await convertedFile(half, { format: 'jpeg', quality: 100, background: '#ff0000' });
    expectNear(await colourAt(path, 8, 8), [127, 0, 128], 4);
  });

  test.each(['png', 'webp', 'avif'] as const)('keeps what is transparent: %s', async (format) => {
    const half = await flat(16, 16, { r: 0, g: 0, b: 255, alpha: 0.5 });
    const path = await convertedFile(half, { format, quality: 100 });
    expectNear(await colourAt(path, 8, 8), [0, 0, 255, 128], 4);
  });

  test('is upright', async () => {
    // Red on the left, stored lying: turned by a quarter, red is at the top.
    const left = { input: await flat(16, 16, '#f00'), left: 0, top: 0 };
    const lying = await sharp({ create: { width: 32, height: 16, channels: 3, background: '#00f' } })
      .composite([left])
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const path = await convertedFile(lying, { format: 'png' });
    const { width, height, orientation } = await sharp(path).metadata();
    expect([width, height, orientation ?? 1]).toEqual([16, 32, 1]);
    expectNear(await colourAt(path, 8, 4), [255, 0, 0], 8);
    expectNear(await colourAt(path, 8, 28), [0, 0, 255], 8);
  });

  test.each(['gif', 'webp'] as const)('is the first frame of an animated %s', async (format) => {
    const frames = await Promise.all(['#f00', '#0f0'].map((colour) => flat(16, 16, colour)));
    const animated = await sharp(frames, { join: { animated: true } })
      [format]()
      .toBuffer();
    const path = await convertedFile(animated, { format: 'png' });
    const { pages, width, height } = await sharp(path).metadata();
    expect([pages ?? 1, width, height]).toEqual([1, 16, 16]);
    expectNear((await colourAt(path, 8, 8)).slice(0, 3), [255, 0, 0], 8);
  });

  test.each([
    ['as large as it is', { size: 'own' }, [60, 30]],
    ['at most as long as asked', { size: 'edge', edge: 20 }, [20, 10]],
    ['within a width and a height', { size: 'within', width: 50, height: 16 }, [32, 16]],
    ['never enlarged', { size: 'edge', edge: 4000 }, [60, 30]],
  ] as const)('is %s, and its name says so', async (_how, conversion, [width, height]) => {
    const { files, paths } = await converted(await libraryOf(await smallPng(60, 30)), conversion, '{size}');
    expect(files).toEqual([`${width}x${height}.jpg`]);
    const size = await sharp(paths[0]).metadata();
    expect([size.width, size.height]).toEqual([width, height]);
  });

  test.each(FORMATS)('has its details only if they are wanted: %s', async (format) => {
    const library = await libraryOf(await smallPng());
    const withDetails = await converted(library, { format, details: true });
    const without = await converted(library, { format, details: false });
    const [one = '', other = ''] = [withDetails.paths[0], without.paths[0]];
    expect((await readFile(one)).includes('a fox')).toBe(true);
    expect((await readFile(other)).includes('a fox')).toBe(false);
    // Images of the library are never AVIF.
    if (format !== 'avif') expect(JSON.stringify(await readTexts(one, format))).toContain('a fox');
    expect(await sharp(one).raw().toBuffer()).toEqual(await sharp(other).raw().toBuffer());
  });
});

test('images that can’t be converted are named, and the others are exported', async () => {
  const whole = await smallPng(64, 64);
  const library = await libraryOf(whole.subarray(0, whole.length / 2), whole);
  const { result, files } = await converted(library, { format: 'webp' });
  expect(result).toMatchObject({ images: 1, failed: 1, problems: [{ name: 'a fox', problem: 'undecodable' }] });
  expect(files).toEqual(['a fox.webp']);
});

test('a ZIP’s table says what its converted files are', async () => {
  const library = await libraryOf(await smallPng(60, 30));
  const options = { ...optionsFor(await emptyFolder(), { size: 'edge', edge: 20 }), as: 'zip' as const };
  const { path } = await exportToZip(library, timelinesOf(library), options, controlled().control);
  const contents = await zipContents(path);
  const image = contents.get('images/a fox.jpg');
  if (!image) throw new Error('The image isn’t in the ZIP.');
  expect(await sharp(image).metadata()).toMatchObject({ format: 'jpeg', width: 20, height: 10 });
  const [head = '', line = ''] = contents.get('images.csv')?.toString('utf8').split('\r\n') ?? [];
  const row = Object.fromEntries(head.split(',').map((name, index) => [name, line.split(',')[index]]));
  expect(row).toMatchObject({ width: '20', height: '10', bytes: String(image.length), sha256: sha256(image) });
});

test('a thread converts through the application’s decoding; cancelled meanwhile, it leaves nothing', async () => {
  const library = await libraryOf(await smallPng(600, 400), await smallPng(600, 400));
  const target = await emptyFolder();
  await mkdir(join(target, 'whole'));
  await mkdir(join(target, 'cancelled'));
  const task = (name: string) => ({
    kind: 'export' as const,
    folder: library.folder,
    timelines: timelinesOf(library),
    options: optionsFor(join(target, name), { format: 'avif' }),
  });
  expect((await runExportThread(task('whole'), controlled().control, sharedDecoding)).images).toBe(2);
  expect(await readdir(join(target, 'whole'))).toEqual(['a fox (2).avif', 'a fox.avif']);
  const { control, abort } = controlled();
  const reason = new Error('cancelled');
  const cancelling: typeof sharedDecoding = {
    ...sharedDecoding,
    run: (operation, args, options) => {
      const running = sharedDecoding.run(operation, args, options);
      abort.abort(reason);
      return running;
    },
  };
  await expect(runExportThread(task('cancelled'), control, cancelling)).rejects.toBe(reason);
  expect(await readdir(join(target, 'cancelled'))).toEqual([]);
  expect(await readdir(join(library.folder, INCOMING))).toEqual([]);
});

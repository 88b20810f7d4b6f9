import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SHEET, type ExportOptions, type Sheet } from '../../../../electron/contract/entities/exports.ts';
import type { Image } from '../../../../electron/contract/entities/images.ts';
import { exportToSheet } from '../../../../electron/library/export/export-sheet.ts';
import { runExportThread } from '../../../../electron/library/export/export-thread.ts';
import { INCOMING, originalPath } from '../../../../electron/library/files/folders.ts';
import type { Library } from '../../../../electron/library/library.ts';
import { emptyFolder, savedImage, smallPng, testLibrary, withBytes } from '../../test-library.ts';
import { controlled, timelinesOf } from '../controlled.ts';
import { pdfStreams, readPdf } from './read-pdf.ts';

const AT = Date.UTC(2026, 5, 15, 12);

function optionsFor(folder: string, sheet: Partial<Sheet>): ExportOptions {
  return { as: 'sheet', images: 'originals', names: '{counter} {size}', folder, sheet: { ...DEFAULT_SHEET, ...sheet } };
}

interface Made {
  prompt?: string;
  bytes?: Uint8Array;
}

async function libraryOf(...made: Made[]): Promise<{ library: Library; images: Image[] }> {
  const library = await testLibrary();
  const images: Image[] = [];
  for (const [index, { prompt = 'a fox', bytes = await smallPng() }] of made.entries())
    images.push(await savedImage(library, { at: AT + index, prompt, bytes }));
  return { library, images };
}

async function sheetOf(library: Library, sheet: Partial<Sheet> = {}) {
  const folder = await emptyFolder();
  const result = await exportToSheet(library, timelinesOf(library), optionsFor(folder, sheet), controlled().control);
  // Nothing is left of what was made on the way.
  expect(await readdir(join(library.folder, INCOMING))).toEqual([]);
  return { folder, result, files: await readdir(folder) };
}

const times = (count: number): Made[] => Array.from({ length: count }, (_, index) => ({ prompt: `fox ${index + 1}` }));
const flat = (width: number, height: number, background: string | object): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 4, background: background as string } })
    .png()
    .toBuffer();

async function colourAt(jpeg: Buffer, left: number, top: number): Promise<number[]> {
  const pixel = sharp(jpeg).extract({ left, top, width: 1, height: 1 });
  return [...(await pixel.toColourspace('srgb').raw().toBuffer())];
}

function expectNear(actual: readonly number[], wanted: readonly number[]): void {
  for (const [index, value] of wanted.entries()) expect(Math.abs((actual[index] ?? NaN) - value)).toBeLessThan(8);
}

describe('a contact sheet', () => {
  test('shows all images in their order, as many to a page as asked, with their names, a title and page numbers', async () => {
    const { library } = await libraryOf(...times(11));
    const { result, files, folder } = await sheetOf(library, { columns: 2, rows: 2, title: 'Füchse: “im Schnee”' });
    expect(files).toEqual(['Füchse- “im Schnee”.pdf']);
    expect(result).toMatchObject({ path: join(folder, files[0] ?? ''), images: 11, failed: 0 });
    expect(result.sheet).toEqual({ pages: 3, undrawn: 0 });
    expect(result.bytes).toBe((await readFile(result.path)).length);
    const { title, pages } = await readPdf(result.path);
    expect(title).toBe('Füchse: “im Schnee”');
    expect(pages.map(({ pictures }) => pictures)).toEqual([4, 4, 3]);
    for (const [index, { texts, width, height }] of pages.entries()) {
      expect([Math.round(width), Math.round(height)]).toEqual([595, 842]);
      const names = [1, 2, 3, 4].map((place) => `${String(4 * index + place).padStart(4, '0')} 8x6`);
      expect(texts).toEqual(['Füchse: “im Schnee”', String(index + 1), ...names.slice(0, index === 2 ? 3 : 4)]);
    }
  });

  test('has the paper, and the captions, that were chosen', async () => {
    const { library } = await libraryOf({ prompt: `A heron at dusk, ${'with many words '.repeat(20)}` });
    const paper = { paper: 'letter', orientation: 'landscape' } as const;
    const read = async (sheet: Partial<Sheet>) => {
      const { result, files } = await sheetOf(library, { ...paper, ...sheet });
      expect(files).toEqual([expect.stringMatching(/^Contact sheet \d{4}-\d\d-\d\d\.pdf$/u)]);
      return (await readPdf(result.path)).pages[0];
    };
    const bare = await read({ caption: 'none' });
    expect(bare).toMatchObject({ width: 792, height: 612, pictures: 1, texts: ['1'] });
    const { texts = [] } = (await read({ caption: 'prompt' })) ?? {};
    expect(texts.slice(0, 2)).toEqual(['1', '0001 8x6']);
    expect(texts[2]).toMatch(/^A heron at dusk, /u);
    expect(texts).toHaveLength(4);
    expect(texts[3]).toMatch(/…$/u);
  });

  test('shows images upright, in sRGB, white where they are transparent, and no larger than they are seen', async () => {
    const left = { input: await flat(600, 800, '#f00'), left: 0, top: 0 };
    const lying = await sharp({ create: { width: 1200, height: 800, channels: 3, background: '#00f' } })
      .composite([left])
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100 })
      .toBuffer();
    const { library } = await libraryOf(
      { bytes: lying },
      { bytes: await flat(3000, 1000, { r: 0, g: 0, b: 255, alpha: 0.5 }) },
    );
    const { result } = await sheetOf(library, { columns: 2, rows: 1 });
    const [upright, clear] = (await pdfStreams(result.path)).jpegs;
    if (!upright || !clear) throw new Error('Images are missing.');
    expect(await sharp(upright).metadata()).toMatchObject({ width: 533, height: 800, space: 'srgb' });
    expectNear(await colourAt(upright, 260, 100), [255, 0, 0]);
    expectNear(await colourAt(upright, 260, 700), [0, 0, 255]);
    expect(await sharp(clear).metadata()).toMatchObject({ width: 800, height: 267 });
    expectNear(await colourAt(clear, 400, 130), [127, 127, 255]);
  });

  test('has an empty frame with the name of what can’t be shown, and counts it', async () => {
    const { library, images } = await libraryOf(...times(4));
    const [missing, damaged, broken] = images.map((image) =>
      originalPath(library.folder, withBytes(library, image).sha256, image.format),
    ) as [string, string, string];
    await rm(missing);
    const bytes = await readFile(damaged);
    bytes.writeUInt8(bytes.readUInt8(60) ^ 1, 60);
    await writeFile(damaged, bytes);
    const { library: other } = await libraryOf({ bytes: (await smallPng(400, 400)).subarray(0, 9000) });
    await writeFile(broken, bytes.subarray(0, 40));
    const { result } = await sheetOf(library, { title: '' });
    expect(result).toMatchObject({ images: 1, failed: 3, sheet: { pages: 1, undrawn: 0 } });
    expect(result.problems.map(({ problem }) => problem)).toEqual(['missing', 'damaged', 'damaged']);
    const [page] = (await readPdf(result.path)).pages;
    expect(page?.pictures).toBe(1);
    expect(page?.texts.slice(1)).toEqual([
      ...['its file is missing', '0001 8x6'],
      ...['its file is damaged', '0002 8x6', 'its file is damaged', '0003 8x6'],
      '0004 8x6',
    ]);
    const { result: nothing, files } = await sheetOf(other, { caption: 'none' });
    expect(nothing).toMatchObject({ images: 0, failed: 1, problems: [{ problem: 'undecodable' }] });
    expect(files).toEqual([]);
  });

  test('never replaces another one, and a cancelled one leaves nothing', async () => {
    const { library } = await libraryOf(...times(5));
    const folder = await emptyFolder();
    const make = (control = controlled().control) =>
      exportToSheet(library, timelinesOf(library), optionsFor(folder, { title: 'Foxes' }), control);
    await make();
    expect(basename((await make()).path)).toBe('Foxes (2).pdf');
    const { control, abort } = controlled(({ done }) => done === 3 && abort.abort(new Error('cancelled')));
    await expect(make(control)).rejects.toThrow('cancelled');
    expect((await readdir(folder)).sort()).toEqual(['Foxes (2).pdf', 'Foxes.pdf']);
    expect(await readdir(join(library.folder, INCOMING))).toEqual([]);
  });

  test('is made in the export’s thread', async () => {
    const { library } = await libraryOf(...times(3));
    const folder = await emptyFolder();
    const task = { kind: 'export', folder: library.folder, timelines: timelinesOf(library) } as const;
    const options = optionsFor(folder, { columns: 1, rows: 1 });
    const result = await runExportThread({ ...task, options }, controlled().control, library.decoding);
    expect(result).toMatchObject({ images: 3, sheet: { pages: 3 } });
    expect((await readPdf(result.path)).pages.map(({ pictures }) => pictures)).toEqual([1, 1, 1]);
  });
});

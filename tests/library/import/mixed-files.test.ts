import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readNewestImages } from '../../../electron/library/images/newest-images.ts';
import { pngChunk } from '../../../electron/library/pixels/colour/png-chunks.ts';
import { withPngChunks } from '../coloured-images.ts';
import { noiseImage } from '../input-images.ts';
import { exifBlock, withSegments } from '../metadata-images.ts';
import { emptyFolder, smallPng, testLibrary } from '../test-library.ts';
import { TestImports } from './import-fixtures.ts';
import { makeZip } from './make-zip.ts';

/** For more: `EMULSION_FILES=1000 npm run test:unit -- tests/library/import/mixed-files.test.ts`. */
const FILES = Number(process.env['EMULSION_FILES'] ?? 160);
const NAMES_OF_DEVICES = ['CON', 'aux', 'NUL', 'com1', 'LPT9'];
const isWindows = process.platform === 'win32';
/** Of the system's file system: names that differ in their composition only are one. */
const isComposing = process.platform === 'darwin';

const exif = (orientation: number): [number, Buffer] => [0xe1, exifBlock({ orientation })];
const text = (keyword: string, value: string | Buffer): Buffer =>
  pngChunk('tEXt', Buffer.concat([Buffer.from(`${keyword}\0`, 'latin1'), Buffer.from(value)]));

/** What becomes of the files of a kind: images come in, others are refused; a link into the chosen folder is neither. */
interface Expected {
  images?: number;
  refused?: number;
}
const IMAGE: Expected = { images: 1 };
const REFUSED: Expected = { refused: 1 };

/** Writes the files of a kind. */
type Kind = (folder: string, number: number) => Promise<Expected>;

const write = (folder: string, name: string, bytes: string | Uint8Array): void =>
  writeFileSync(join(folder, name), bytes);

const good: Kind[] = [
  async (folder, number) => {
    write(folder, `${number}.png`, await smallPng());
    return IMAGE;
  },
  async (folder, number) => {
    write(folder, `${number}.jpg`, withSegments(await noiseImage(12, 8).jpeg().toBuffer(), exif((number % 8) + 1)));
    return IMAGE;
  },
  async (folder, number) => {
    write(folder, `${number} wrong.jpg`, await noiseImage(12, 8).webp().toBuffer());
    return IMAGE;
  },
  async (folder, number) => {
    write(folder, `${String(number)}${'n'.repeat(251 - String(number).length)}.png`, await smallPng());
    return IMAGE;
  },
  async (folder, number) => {
    write(folder, `${number} caf\u00e9.png`, await smallPng());
    if (isComposing) return IMAGE;
    write(folder, `${number} cafe\u0301.png`, await smallPng());
    return { images: 2 };
  },
  async (folder, number) => {
    const below = join(folder, `${number}`);
    mkdirSync(below);
    write(below, isWindows ? 'plain.png' : `${NAMES_OF_DEVICES[number % 5] ?? ''}.png`, await smallPng());
    return IMAGE;
  },
  async (folder, number) => {
    const invalid = Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xf0, 0x28, 0x8c, 0x28]);
    write(folder, `${number} text.png`, withPngChunks(await smallPng(), text('parameters', invalid)));
    return IMAGE;
  },
  async (folder, number) => {
    const deep = `${'{"inputs":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    write(folder, `${number} deep.png`, withPngChunks(await smallPng(), text('prompt', deep)));
    return IMAGE;
  },
];

const bad: Kind[] = [
  (folder, number) => {
    write(folder, `${number} empty.png`, '');
    return Promise.resolve(REFUSED);
  },
  (folder, number) => {
    write(folder, `${number} words.png`, `just words ${number}`);
    return Promise.resolve(REFUSED);
  },
  async (folder, number) => {
    const png = await smallPng();
    write(folder, `${number} cut.png`, png.subarray(0, 20 + (number % (png.length - 32))));
    return REFUSED;
  },
  async (folder, number) => {
    const png = Buffer.from(await smallPng());
    png.writeUInt32BE(90_000 + number, 16);
    png.writeUInt32BE(90_000, 20);
    write(folder, `${number} bomb.png`, png);
    return REFUSED;
  },
  async (folder, number) => {
    const png = Buffer.from(await smallPng());
    png.fill(0xaa, png.indexOf('IDAT') + 6, png.indexOf('IDAT') + 40);
    write(folder, `${number} damaged.png`, png);
    return REFUSED;
  },
  (folder, number) => {
    if (isWindows) return Promise.resolve({});
    const inside = number % 16 < 8;
    symlinkSync(inside ? folder : '/dev/zero', join(folder, `${number} link`));
    return Promise.resolve(inside ? {} : REFUSED);
  },
  (folder, number) => {
    const data = Buffer.from('x');
    const names = ['../../up.png', '/etc/absolute.png', 'C:\\windows.png', 'a/../../b.png'];
    write(folder, `${number}.zip`, makeZip([{ name: names[number % 4] ?? '', data }]));
    return Promise.resolve(REFUSED);
  },
  (folder, number) => {
    write(folder, `${number} cut.zip`, makeZip([{ name: 'a.png', data: Buffer.alloc(90) }]).subarray(0, 60));
    return Promise.resolve(REFUSED);
  },
];

test(
  `${FILES} mixed files: every image comes in, and every other file is named with its reason`,
  { timeout: 60_000 + FILES * 200 },
  async () => {
    const folder = join(await emptyFolder(), 'chosen');
    mkdirSync(folder);
    let [images, refused] = [0, 0];
    const kinds = [...good, ...bad];
    for (let number = 0; number < FILES; number += 1) {
      const expected = (await kinds[number % kinds.length]?.(folder, number)) ?? {};
      images += expected.images ?? 0;
      refused += expected.refused ?? 0;
    }
    // Metadata that is far too large, and the same bytes once more.
    const big = withPngChunks(await smallPng(), text('parameters', 'a'.repeat(50_000_000)));
    write(folder, 'big.png', big);
    write(folder, 'big again.png', big);
    images += 1;

    const library = await testLibrary();
    const imports = new TestImports(library);
    const scan = await imports.scan(folder);
    const run = await imports.import(folder);

    expect(imports.failures).toEqual([]);
    expect(run).toMatchObject({ state: 'done', error: null, result: { imported: images } });
    expect(scan.result?.repeated).toBe(1);
    const sum = (counts: readonly { count: number }[] | undefined): number =>
      counts?.reduce((total, { count }) => total + count, 0) ?? 0;
    // Some damage is seen only once an image is decoded.
    const late = sum(run.result?.refused);
    expect(sum(scan.result?.refused) + late).toBe(refused);
    expect(readNewestImages(library.db, { limit: 1 }).all).toBe(images);
    const again = await imports.scan(folder);
    expect(again.result).toMatchObject({ images: late, known: images });
  },
);

import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { pngChunk } from '../../../electron/library/pixels/colour/png-chunks.ts';
import { codePointsChunk, withPngChunks } from '../coloured-images.ts';
import { addFile, noiseImage } from '../input-images.ts';
import { reportOf, testLibrary } from '../test-library.ts';

const bytes = (text: string): Promise<Buffer> => Promise.resolve(Buffer.from(text.padEnd(200, '\0'), 'latin1'));

/** A TIFF directory with one tag, and a maker. */
function tiff(tag: number, make: string): Promise<Buffer> {
  const file = Buffer.alloc(120);
  file.write('II*\0\x08\0\0\0\x02\0', 0, 'latin1');
  file.writeUInt16LE(0x010f, 10);
  file.writeUInt16LE(2, 12);
  file.writeUInt32LE(make.length, 14);
  file.writeUInt32LE(60, 18);
  file.writeUInt16LE(tag, 22);
  file.write(make, 60, 'latin1');
  return Promise.resolve(file);
}

async function jpegOf(change: (jpeg: Buffer) => void): Promise<Buffer> {
  const jpeg = Buffer.from(await noiseImage(16, 16).jpeg().toBuffer());
  change(jpeg);
  return jpeg;
}

const frameAt = (jpeg: Buffer): number => jpeg.indexOf(Buffer.from([0xff, 0xc0]));

test.each<[string, () => Promise<Buffer>]>([
  ['a camera raw file (CR2). Develop it', () => bytes('II*\0\x10\0\0\0CR\x02\0')],
  ['a camera raw file (CR3). Develop it', () => bytes('\0\0\0\x18ftypcrx \0\0\0\x01crx isom')],
  ['a camera raw file (DNG). Develop it', () => tiff(0xc612, 'Google')],
  ['a camera raw file (NEF). Develop it', () => tiff(0x014a, 'NIKON CORPORATION')],
  ['a camera raw file (RAF). Develop it', () => bytes('FUJIFILMCCD-RAW 0201')],
  ['a TIFF. PNG, JPEG, WebP and GIF are supported.', () => tiff(0x0100, 'NIKON CORPORATION')],
  ['a HEIC', () => bytes('\0\0\0\x18ftypheic\0\0\0\0mif1heic')],
  ['an AVIF', () => bytes('\0\0\0\x18ftypmif1\0\0\0\0mif1avif')],
  ['a video. Save one of its frames', () => bytes('\0\0\0\x18ftypisom\0\0\0\0isom')],
  ['a JPEG XL', () => bytes('\xff\x0a\x00')],
  ['a Photoshop file', () => bytes('8BPS\0\x01')],
  [
    'a compressed SVG (SVGZ). SVG can’t be sent',
    () => Promise.resolve(gzipSync('<?xml version="1.0"?><svg xmlns="x"/>')),
  ],
  ['an archive. Unpack it first.', () => Promise.resolve(gzipSync('text'))],
  ['a Krita file', () => bytes('PK\x03\x04mimetypeapplication/x-krita')],
  ['a 12-bit JPEG', () => jpegOf((jpeg) => void jpeg.writeUInt8(12, frameAt(jpeg) + 4))],
  ['a lossless JPEG', () => jpegOf((jpeg) => void jpeg.writeUInt8(0xc3, frameAt(jpeg) + 1))],
  [
    'a PNG in Apple’s variant for iOS (CgBI). Save it as an ordinary PNG first.',
    async () => {
      const png = await noiseImage(16, 16).png().toBuffer();
      return Buffer.concat([png.subarray(0, 8), pngChunk('CgBI', Buffer.alloc(4)), png.subarray(8)]);
    },
  ],
  ['an HDR PNG', async () => withPngChunks(await noiseImage(16, 16).png().toBuffer(), codePointsChunk(9, 16, 0, 1))],
])('“This is %s…”', async (sentence, make) => {
  const library = await testLibrary();
  const { message } = await reportOf(async () => addFile(library, await make()));
  expect(message).toContain(`This is ${sentence}`);
  expect(message).toMatch(/Nothing was added\.$/u);
});

test('a GIF with bytes behind its end is accepted, as browsers do; one without an end is not', async () => {
  const library = await testLibrary();
  const gif = Buffer.from(await noiseImage(16, 16).gif().toBuffer());
  for (const tail of ['\n', '\0\0\0', 'a comment with 0x3b; in it'])
    expect(await addFile(library, Buffer.concat([gif, Buffer.from(tail)]))).toMatchObject({ format: 'gif', frames: 1 });
  expect((await reportOf(() => addFile(library, gif.subarray(0, -1)))).message).toMatch(/damaged or incomplete/u);
});

test('an animated PNG has frames, and its first one is used', async () => {
  const { prepareInput } = await import('../../../electron/library/inputs/prepare-input.ts');
  const library = await testLibrary();
  const control = Buffer.from([0, 0, 0, 3, 0, 0, 0, 0]);
  const animated = withPngChunks(await noiseImage(16, 12).png().toBuffer(), pngChunk('acTL', control));
  const source = await addFile(library, animated);
  expect(source.frames).toBe(3);
  const still = await prepareInput(library, { sha256: source.sha256, format: 'png' });
  expect(still).toMatchObject({ frames: 1, width: 16, height: 12 });
  expect(still.changes).toContain('Used the first of 3 frames.');
});

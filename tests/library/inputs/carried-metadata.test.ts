import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { CarriedKind, InputImage } from '../../../electron/contract/entities/inputs.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import { prepareInput } from '../../../electron/library/inputs/prepare-input.ts';
import type { Library } from '../../../electron/library/library.ts';
import { pngChunk } from '../../../electron/library/pixels/colour/png-chunks.ts';
import { testProfile, iccChunk, withPngChunks } from '../coloured-images.ts';
import { addFile, noiseImage, storedPixels } from '../input-images.ts';
import {
  compressedTextChunk,
  exifBlock,
  exifSegment,
  internationalTextChunk,
  textChunk,
  withSegments,
  xmpSegment,
} from '../metadata-images.ts';
import { testLibrary } from '../test-library.ts';

const png = (): Promise<Buffer> => noiseImage(24, 16).png().toBuffer();
const jpeg = (): Promise<Buffer> => noiseImage(24, 16).jpeg().toBuffer();
const A1111 = 'a bottle\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a, CFG scale: 7';
const GPS_XMP = '<x:xmpmeta><rdf:Description exif:GPSLatitude="48,8N"/></x:xmpmeta>';

const webpWith = async (exif: Buffer): Promise<Buffer> => {
  const bare = await noiseImage(24, 16).webp({ lossless: true }).withMetadata({ orientation: 3 }).toBuffer();
  // The EXIF chunk that sharp wrote is replaced.
  const at = bare.indexOf('EXIF');
  const chunk = Buffer.alloc(8 + exif.length + (exif.length % 2));
  chunk.write('EXIF', 0, 'latin1');
  chunk.writeUInt32LE(exif.length, 4);
  exif.copy(chunk, 8);
  const file = Buffer.concat([bare.subarray(0, at), chunk]);
  file.writeUInt32LE(file.length - 8, 4);
  return file;
};

const CARRYING: [string, CarriedKind[], () => Promise<Buffer>][] = [
  ['a JPEG’s GPS', ['location'], async () => withSegments(await jpeg(), exifSegment(exifBlock({ gps: true })))],
  ['a JPEG’s XMP', ['location'], async () => withSegments(await jpeg(), xmpSegment(GPS_XMP))],
  [
    'a JPEG’s IPTC city',
    ['location'],
    async () =>
      withSegments(await jpeg(), [
        0xed,
        Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x09\x1c\x02\x5a\0\x04Bonn', 'latin1'),
      ]),
  ],
  [
    'a user comment of Automatic1111, and GPS',
    ['location', 'prompt', 'other'],
    async () => withSegments(await jpeg(), exifSegment(exifBlock({ gps: true, comment: A1111 }))),
  ],
  ['a JPEG’s comment', ['other'], async () => withSegments(await jpeg(), [0xfe, Buffer.from('made at home')])],
  ['a PNG’s parameters', ['prompt'], async () => withPngChunks(await png(), textChunk('parameters', A1111))],
  [
    'ComfyUI’s workflow',
    ['prompt'],
    async () => withPngChunks(await png(), compressedTextChunk('workflow', '{"nodes":[]}')),
  ],
  [
    'NovelAI’s comment',
    ['prompt'],
    async () =>
      withPngChunks(await png(), internationalTextChunk('Comment', '{"prompt": "a bottle", "steps": 28}', true)),
  ],
  [
    'XMP in a PNG',
    ['location'],
    async () => withPngChunks(await png(), internationalTextChunk('XML:com.adobe.xmp', GPS_XMP)),
  ],
  ['EXIF in a PNG', ['location'], async () => withPngChunks(await png(), pngChunk('eXIf', exifBlock({ gps: true })))],
  ['a plain PNG text', ['other'], async () => withPngChunks(await png(), textChunk('Author', 'A person'))],
  ['a WebP’s EXIF', ['location'], () => webpWith(exifBlock({ gps: true, orientation: 6 }))],
  ['a plain PNG', [], png],
  ['a plain JPEG', [], jpeg],
  ['a PNG with a profile', [], async () => withPngChunks(await png(), iccChunk(testProfile('p3') ?? Buffer.alloc(0)))],
  ['a JPEG with a profile', [], () => noiseImage(24, 16).withIccProfile('p3').jpeg().toBuffer()],
];

describe('metadata that would leave with a file', () => {
  test.each(CARRYING)('%s: %j', async (_name, kinds, make) => {
    const library = await testLibrary();
    expect((await addFile(library, await make())).details?.carries).toEqual(kinds);
  });

  test.each(CARRYING.filter(([, kinds]) => kinds.length > 0))(
    '%s is removed, and nothing else',
    async (_name, kinds, make) => {
      const library = await testLibrary();
      const source = await addFile(library, await make());
      const made = await prepareInput(library, { sha256: source.sha256, strip: true });
      if (source.orientation > 1) return;
      expect(made.details?.carries).toEqual([]);
      expect(made.changes).toEqual([expect.stringMatching(/^Removed .+\.$/u)]);
      if (kinds.includes('location')) expect(made.changes[0]).toContain('a location');
      expect(made.format).toBe(source.format);
      expect((await storedPixels(library, made)).data.equals((await storedPixels(library, source)).data)).toBe(true);
    },
  );
});

function bytesOf({ folder }: Library, { sha256, format }: InputImage): Buffer {
  return readFileSync(originalPath(folder, sha256, format));
}

test('stripping keeps the profile and the compressed pixels, byte for byte', async () => {
  const library = await testLibrary();
  const bare = await noiseImage(40, 30).withIccProfile('p3').jpeg({ progressive: true }).toBuffer();
  const tail = Buffer.from('a video behind the image with GPS coordinates');
  const full = Buffer.concat([withSegments(bare, exifSegment(exifBlock({ gps: true })), xmpSegment(GPS_XMP)), tail]);
  const source = await addFile(library, full);
  const made = await prepareInput(library, { sha256: source.sha256, strip: true });
  expect(bytesOf(library, made).equals(bare)).toBe(true);
});

test('stripping alone keeps the orientation', async () => {
  const { stripMetadata } = await import('../../../electron/library/pixels/metadata/strip-metadata.ts');
  const library = await testLibrary();
  const files = {
    jpeg: withSegments(await jpeg(), exifSegment(exifBlock({ gps: true, orientation: 6 }))),
    png: withPngChunks(await png(), pngChunk('eXIf', exifBlock({ gps: true, orientation: 6 }))),
    webp: await webpWith(exifBlock({ gps: true, orientation: 6 })),
  };
  for (const [format, bytes] of Object.entries(files)) {
    const source = await addFile(library, bytes);
    const target = `${library.folder}/incoming/stripped.${format}`;
    expect(await stripMetadata(originalPath(library.folder, source.sha256, source.format), source.format, target)).toBe(
      true,
    );
    const header = await sharp(target).metadata();
    expect(header.orientation, format).toBe(6);
    expect(readFileSync(target).includes(exifBlock({ gps: true, orientation: 6 }))).toBe(false);
    const stripped = await addFile(library, readFileSync(target));
    expect(stripped.details?.carries, format).toEqual([]);
    expect(stripped.width).toBe(source.width);
  }
});

test('a file that is written again names what it lost', async () => {
  const library = await testLibrary();
  const source = await addFile(library, withSegments(await jpeg(), exifSegment(exifBlock({ gps: true }))));
  const made = await prepareInput(library, { sha256: source.sha256, longestEdge: 16 });
  expect(made.changes).toContain('Removed a location.');
});

test('two uses of one file list their own changes', async () => {
  const library = await testLibrary();
  const bare = await png();
  const one = await addFile(library, withPngChunks(bare, textChunk('parameters', A1111)));
  const other = await addFile(library, withPngChunks(bare, pngChunk('eXIf', exifBlock({ gps: true }))));
  const first = await prepareInput(library, { sha256: one.sha256, strip: true });
  const second = await prepareInput(library, { sha256: other.sha256, strip: true });
  expect(first.sha256).toBe(second.sha256);
  expect(first.changes).toEqual(['Removed a prompt from another app.']);
  expect(second.changes).toEqual(['Removed a location.']);
});

test('a WebP without loss stays without', async () => {
  const library = await testLibrary();
  const source = await addFile(library, await noiseImage(64, 48).webp({ lossless: true }).toBuffer());
  const made = await prepareInput(library, { sha256: source.sha256, square: 'pad' });
  const { data, width } = await storedPixels(library, made);
  const before = await storedPixels(library, source);
  const row = data.subarray(8 * width * 4, 8 * width * 4 + before.width * 4);
  expect(row.equals(before.data.subarray(0, before.width * 4))).toBe(true);
  expect(made.changes.join(' ')).not.toContain('loss');
  const small = await prepareInput(library, { sha256: source.sha256, square: 'pad', below: 4000 });
  expect(small.changes).toContain('Compressed with loss: without, the file is too large.');
});

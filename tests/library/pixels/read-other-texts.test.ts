import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FileFormat } from '../../../electron/contract/catalogue/file-formats.ts';
import { readTexts, type ImageTexts } from '../../../electron/library/pixels/metadata/read-texts.ts';
import fc from '../../fast-check.ts';
import { withPngChunks } from '../coloured-images.ts';
import { noiseImage } from '../input-images.ts';
import { textChunk, withSegments } from '../metadata-images.ts';
import { emptyFolder } from '../test-library.ts';

async function textsOf(bytes: Buffer, format: FileFormat): Promise<ImageTexts> {
  const path = join(await emptyFolder(), 'image');
  await writeFile(path, bytes);
  return readTexts(path, format);
}

const packet = (text: string): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Headline="${text}"/></rdf:RDF></x:xmpmeta>`;
const HEADLINE = { name: 'photoshop:Headline', text: 'a fox' };

/** Datasets of IPTC's information interchange model. */
const iim = (...fields: readonly [record: number, field: number, value: Buffer | string][]): Buffer =>
  Buffer.concat(
    fields.flatMap(([record, field, value]) => {
      const bytes = Buffer.from(value as string);
      const head = Buffer.from([0x1c, record, field, 0, 0]);
      head.writeUInt16BE(bytes.length, 3);
      return [head, bytes];
    }),
  );
function resource(id: number, data: Buffer, name = ''): Buffer {
  const label = Buffer.from([name.length, ...Buffer.from(name), ...(name.length % 2 === 0 ? [0] : [])]);
  const head = Buffer.from([0x38, 0x42, 0x49, 0x4d, id >> 8, id & 255]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([head, label, length, data, Buffer.alloc(data.length % 2)]);
}

/** A little-endian TIFF of one directory that holds these values as bytes and nothing to see. */
function tiffOf(values: Readonly<Record<number, Buffer>>): Buffer {
  const fields = Object.entries(values);
  const directory = Buffer.alloc(2 + fields.length * 12 + 4);
  directory.writeUInt16LE(fields.length);
  const parts: Buffer[] = [Buffer.from('II*\0\x08\0\0\0', 'latin1'), directory];
  fields.forEach(([tag, value], index) => {
    const at = 2 + index * 12;
    directory.writeUInt16LE(Number(tag), at);
    directory.writeUInt16LE(7, at + 2);
    directory.writeUInt32LE(value.length, at + 4);
    if (value.length <= 4) value.copy(directory, at + 8);
    else
      directory.writeUInt32LE(
        parts.reduce((sum, part) => sum + part.length, 0),
        at + 8,
      );
    if (value.length > 4) parts.push(value);
  });
  return Buffer.concat(parts);
}

const avif = (): Promise<Buffer> =>
  noiseImage(24, 16)
    .withExif({ IFD0: { ImageDescription: 'a description' }, IFD2: { DateTimeOriginal: '2024:03:05 06:07:08' } })
    .withXmp(packet('a fox'))
    .avif()
    .toBuffer();

test('an AVIF’s EXIF and XMP', async () => {
  const { texts, cut } = await textsOf(await avif(), 'avif');
  expect(texts).toEqual(
    expect.arrayContaining([
      { name: 'ImageDescription', text: 'a description' },
      { name: 'DateTimeOriginal', text: '2024:03:05 06:07:08' },
      HEADLINE,
    ]),
  );
  expect(cut).toBe(false);
});

test('a TIFF’s fields, XMP and IPTC', async () => {
  const written = await noiseImage(24, 16).withXmp(packet('a fox')).tiff().toBuffer();
  expect((await textsOf(written, 'tiff')).texts).toContainEqual(HEADLINE);
  const made = tiffOf({
    270: Buffer.from('a description\0'),
    305: Buffer.from('Us\0'),
    700: Buffer.from(packet('a fox')),
    33432: Buffer.from('© us\0'),
    33723: iim([2, 5, 'a title']),
    34377: resource(0x0404, iim([2, 5, 'the same again'])),
  });
  expect(await textsOf(made, 'tiff')).toEqual({
    texts: [
      { name: 'ImageDescription', text: 'a description' },
      { name: 'Software', text: 'Us' },
      HEADLINE,
      { name: 'Copyright', text: '© us' },
      { name: 'iptc:ObjectName', text: 'a title' },
    ],
    cut: false,
  });
});

test('a GIF’s comments, in all their parts, and its XMP', async () => {
  const file = await noiseImage(24, 16).gif().toBuffer();
  const block = (start: string, ...parts: readonly string[]): Buffer =>
    Buffer.concat([
      Buffer.from(start, 'latin1'),
      ...parts.map((part) => Buffer.from(String.fromCharCode(part.length) + part, 'latin1')),
      Buffer.alloc(1),
    ]);
  const trailer = Buffer.from([1, ...Array.from({ length: 256 }, (_none, at) => 255 - at), 0]);
  const xmp = Buffer.concat([Buffer.from(`!\xff\x0bXMP DataXMP${packet('a fox')}`, 'latin1'), trailer]);
  const whole = Buffer.concat([
    file.subarray(0, -1),
    block('!\xfe', 'made ', 'by hand'),
    xmp,
    block('!\xff\x0bNETSCAPE2.0', '\x01\0\0'),
    block('!\xfe', 'again'),
    file.subarray(-1),
  ]);
  expect(await textsOf(whole, 'gif')).toEqual({
    texts: [{ name: 'Comment', text: 'made by hand' }, HEADLINE, { name: 'Comment', text: 'again' }],
    cut: false,
  });
});

test('IPTC among Photoshop’s resources in a JPEG, and in a PNG as ImageMagick and ExifTool write it', async () => {
  const fields = iim([2, 0, '\0\x04'], [2, 120, 'a caption'], [2, 25, 'fox'], [2, 25, 'night'], [3, 10, 'no text']);
  const resources = Buffer.concat([resource(0x03ed, Buffer.alloc(15), 'a name'), resource(0x0404, fields)]);
  const expected = [
    { name: 'iptc:Caption', text: 'a caption' },
    { name: 'iptc:Keywords', text: 'fox' },
    { name: 'iptc:Keywords', text: 'night' },
  ];
  const jpeg = await noiseImage(24, 16).jpeg().toBuffer();
  const segment: [number, Buffer] = [0xed, Buffer.concat([Buffer.from('Photoshop 3.0\0'), resources])];
  expect((await textsOf(withSegments(jpeg, segment), 'jpeg')).texts).toEqual(expected);
  for (const name of ['iptc', 'IPTC profile']) {
    const profile = `\n${name}\n      ${resources.length}\n${resources.toString('hex')}\n`;
    const png = withPngChunks(await noiseImage(24, 16).png().toBuffer(), textChunk('Raw profile type iptc', profile));
    expect((await textsOf(png, 'png')).texts).toEqual(expected);
  }
});

test.each([
  ['UTF-8 that says so', iim([1, 90, '\x1b%G'], [2, 120, 'Löwe 狐']), 'Löwe 狐'],
  ['UTF-8 that doesn’t', iim([2, 120, 'Löwe']), 'Löwe'],
  ['a code page', iim([2, 120, Buffer.from('L\xf6we', 'latin1')]), 'Löwe'],
])('IPTC in %s', async (_name, fields, text) => {
  expect((await textsOf(tiffOf({ 33723: fields }), 'tiff')).texts).toEqual([{ name: 'iptc:Caption', text }]);
});

test('a block that is too large is said to be left out', async () => {
  const large = tiffOf({ 270: Buffer.from('a description\0'), 700: Buffer.alloc(8_000_001, 0x20) });
  expect(await textsOf(large, 'tiff')).toEqual({
    texts: [{ name: 'ImageDescription', text: 'a description' }],
    cut: true,
  });
});

test('any damaged file gets an answer', async () => {
  const gif = await noiseImage(24, 16).gif().toBuffer();
  const files: { format: FileFormat; bytes: Buffer }[] = [
    { format: 'avif', bytes: await avif() },
    {
      format: 'tiff',
      bytes: tiffOf({ 270: Buffer.from('a description'), 33723: iim([2, 5, 'a title']), 34665: Buffer.alloc(4) }),
    },
    {
      format: 'tiff',
      bytes: Buffer.concat([Buffer.from('MM\0+\0\x08\0\0\0\0\0\0\0\0\0\x10', 'latin1'), Buffer.alloc(200, 1)]),
    },
    { format: 'gif', bytes: Buffer.concat([gif.subarray(0, -1), Buffer.from('!\xfe\x05a fox\0;', 'latin1')]) },
  ];
  const folder = await emptyFolder();
  let count = 0;
  const damaged = fc.record({
    file: fc.constantFrom(...files),
    cut: fc.double({ min: 0.1, max: 1, noNaN: true }),
    flips: fc.array(
      fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), to: fc.constantFrom(0, 1, 8, 127, 255) }),
      {
        maxLength: 12,
      },
    ),
  });
  await fc.assert(
    fc.asyncProperty(damaged, async ({ file, cut, flips }) => {
      const bytes = Buffer.from(file.bytes.subarray(0, Math.ceil(file.bytes.length * cut)));
      for (const { at, to } of flips) bytes[Math.floor(at * bytes.length)] = to;
      count += 1;
      const path = join(folder, String(count));
      await writeFile(path, bytes);
      expect(Array.isArray((await readTexts(path, file.format)).texts)).toBe(true);
    }),
    { numRuns: 400 },
  );
});

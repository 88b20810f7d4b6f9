import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import fc from '../../fast-check.ts';
import { expect, test } from 'vitest';
import type { OutputFormat } from '../../../electron/contract/catalogue/parameters.ts';
import { pngChunk } from '../../../electron/library/pixels/colour/png-chunks.ts';
import { readExifFields } from '../../../electron/library/pixels/metadata/exif-fields.ts';
import { readTexts, type ImageTexts } from '../../../electron/library/pixels/metadata/read-texts.ts';
import { readXmp } from '../../../electron/library/pixels/metadata/read-xmp.ts';
import { withPngChunks } from '../coloured-images.ts';
import { noiseImage } from '../input-images.ts';
import {
  compressedTextChunk,
  exifBlock,
  exifSegment,
  exifWithTexts,
  extendedXmpSegments,
  internationalTextChunk,
  textChunk,
  withSegments,
  xmpSegment,
} from '../metadata-images.ts';
import { emptyFolder } from '../test-library.ts';

async function textsOf(bytes: Buffer, format: OutputFormat): Promise<ImageTexts> {
  const path = join(await emptyFolder(), 'image');
  await writeFile(path, bytes);
  return readTexts(path, format);
}

const png = (): Promise<Buffer> => noiseImage(8, 8).png().toBuffer();
const jpeg = (): Promise<Buffer> => noiseImage(8, 8).jpeg().toBuffer();

test('a PNG’s texts by their keywords, of all three kinds', async () => {
  const file = withPngChunks(
    await png(),
    textChunk('parameters', 'a fox'),
    compressedTextChunk('workflow', '{"nodes":[]}'),
    internationalTextChunk('Description', 'ein Löwe', true),
    internationalTextChunk('Title', '狐'),
  );
  expect(await textsOf(file, 'png')).toEqual({
    texts: [
      { name: 'parameters', text: 'a fox' },
      { name: 'workflow', text: '{"nodes":[]}' },
      { name: 'Description', text: 'ein Löwe' },
      { name: 'Title', text: '狐' },
    ],
    cut: false,
  });
});

test('a text chunk is UTF-8 where its bytes are, and Latin-1 otherwise', async () => {
  const utf8 = pngChunk('tEXt', Buffer.from('one\0Löwe', 'utf8'));
  const latin = pngChunk('tEXt', Buffer.from('two\0Löwe', 'latin1'));
  const { texts } = await textsOf(withPngChunks(await png(), utf8, latin), 'png');
  expect(texts.map(({ text }) => text)).toEqual(['Löwe', 'Löwe']);
});

test.each([
  ['ASCII', Buffer.from('ASCII\0\0\0a fox', 'latin1')],
  ['big-endian Unicode in a little-endian block', Buffer.concat([Buffer.from('UNICODE\0', 'latin1'), utf16(true)])],
  ['little-endian Unicode', Buffer.concat([Buffer.from('UNICODE\0', 'latin1'), utf16(false)])],
  ['an undefined code', Buffer.from('\0\0\0\0\0\0\0\0a fox', 'latin1')],
  ['no code', Buffer.from('a fox', 'latin1')],
])('a user comment with %s', (_name, comment) => {
  expect(readExifFields(exifWithTexts({ 0x9286: comment }))).toEqual([{ name: 'UserComment', text: 'a fox' }]);
});

function utf16(isBig: boolean): Buffer {
  const text = Buffer.from('a fox', 'utf16le');
  return isBig ? text.swap16() : text;
}

test('a JPEG’s EXIF, comment and XMP', async () => {
  const exif = exifWithTexts({ 0x010e: Buffer.from('a picture\0'), 0x0131: Buffer.from('Program\0') });
  const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description d:subject="one"/></rdf:RDF></x:xmpmeta>';
  const file = withSegments(await jpeg(), exifSegment(exif), [0xfe, Buffer.from('by hand\0')], xmpSegment(xmp));
  expect((await textsOf(file, 'jpeg')).texts).toEqual([
    { name: 'ImageDescription', text: 'a picture' },
    { name: 'Software', text: 'Program' },
    { name: 'Comment', text: 'by hand' },
    { name: 'd:subject', text: 'one' },
  ]);
});

test('XMP that doesn’t fit into one segment is put together', async () => {
  const long = 'fox '.repeat(40_000);
  const packet = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:description xmlns:dc="http://purl.org/dc/elements/1.1/">${long}</dc:description></x:xmpmeta>`;
  const segments = extendedXmpSegments(packet);
  expect(segments.length).toBeGreaterThan(2);
  expect((await textsOf(withSegments(await jpeg(), ...segments), 'jpeg')).texts).toEqual([
    { name: 'dc:description', text: long },
  ]);
  // A piece is missing: nothing is read of it.
  expect((await textsOf(withSegments(await jpeg(), ...segments.slice(1)), 'jpeg')).texts).toEqual([]);
});

test('EXIF that another program wrote into a PNG’s text', async () => {
  const hex = exifWithTexts({ 0x9286: Buffer.from('ASCII\0\0\0a fox') }).toString('hex');
  const text = `\nexif\n    ${hex.length / 2}\n${hex.replace(/.{72}/gu, '$&\n')}\n`;
  const file = withPngChunks(await png(), compressedTextChunk('Raw profile type exif', text));
  expect((await textsOf(file, 'png')).texts).toEqual([{ name: 'UserComment', text: 'a fox' }]);
});

test('XMP by the usual prefixes, lists item by item', () => {
  const packet = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:q="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
    <rdf:Description rdf:about="" xmp:Rating="4"><q:subject><rdf:Bag><rdf:li>red</rdf:li><rdf:li>fox &amp; hare</rdf:li></rdf:Bag></q:subject>
    <q:title><rdf:Alt><rdf:li xml:lang="x-default">Night</rdf:li></rdf:Alt></q:title><q:empty/></rdf:Description></rdf:RDF></x:xmpmeta>`;
  expect(readXmp(packet)).toEqual([
    { name: 'xmp:Rating', text: '4' },
    { name: 'dc:subject', text: 'red' },
    { name: 'dc:subject', text: 'fox & hare' },
    { name: 'dc:title', text: 'Night' },
  ]);
});

test('50 MB of metadata are left out, and said', async () => {
  const large = withPngChunks(await png(), textChunk('workflow', 'x'.repeat(50_000_000)), textChunk('prompt', 'kept'));
  expect(await textsOf(large, 'png')).toEqual({ texts: [{ name: 'prompt', text: 'kept' }], cut: true });
});

test('compressed texts aren’t decompressed beyond the limit', async () => {
  const bomb = pngChunk('zTXt', Buffer.concat([Buffer.from('bomb\0\0'), deflateSync(Buffer.alloc(200_000_000))]));
  const before = process.memoryUsage().arrayBuffers;
  const { texts, cut } = await textsOf(withPngChunks(await png(), ...Array.from({ length: 50 }, () => bomb)), 'png');
  expect({ texts, cut }).toEqual({ texts: [], cut: true });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
});

test('names of built-in properties are ordinary names', async () => {
  const file = withPngChunks(await png(), textChunk('__proto__', 'one'), textChunk('constructor', 'two'));
  expect((await textsOf(file, 'png')).texts).toEqual([
    { name: '__proto__', text: 'one' },
    { name: 'constructor', text: 'two' },
  ]);
  expect(readXmp('<a:b a:__proto__="one"><__proto__>two</__proto__></a:b>')).toHaveLength(2);
});

test('no bytes of any block end the reading with an error', async () => {
  const [bare, photo] = [await png(), await jpeg()];
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
  await fc.assert(
    fc.asyncProperty(bytes, async (content) => {
      const chunks = ['tEXt', 'zTXt', 'iTXt', 'eXIf'].map((type) => pngChunk(type, content));
      await textsOf(withPngChunks(bare, ...chunks), 'png');
      const exif = Buffer.concat([Buffer.from('II*\0\x08\0\0\0', 'latin1'), content]);
      const extended = Buffer.concat([Buffer.from('http://ns.adobe.com/xmp/extension/\0'), content]);
      const segments: [number, Buffer][] = [
        exifSegment(exif),
        [0xe1, extended],
        xmpSegment(content.toString('latin1')),
      ];
      await textsOf(withSegments(photo, ...segments), 'jpeg');
      readExifFields(content);
      readXmp(`<x:xmpmeta>${content.toString('utf8')}`);
    }),
    { numRuns: 100 },
  );
});

test('a file whose structure is broken has no texts', async () => {
  const file = withPngChunks(await png(), textChunk('parameters', 'a fox'));
  expect((await textsOf(file.subarray(0, file.length - 20), 'png')).texts).toEqual([]);
  expect((await textsOf(exifBlock({ comment: 'a fox' }), 'jpeg')).texts).toEqual([]);
});

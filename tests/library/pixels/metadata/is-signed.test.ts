import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FileFormat } from '../../../../electron/contract/catalogue/file-formats.ts';
import { pngChunk } from '../../../../electron/library/pixels/colour/png-chunks.ts';
import { isSigned } from '../../../../electron/library/pixels/metadata/is-signed.ts';
import { withPngChunks } from '../../coloured-images.ts';
import fc from '../../../fast-check.ts';
import { noiseImage } from '../../input-images.ts';
import { exifBlock, exifSegment, textChunk, withSegments } from '../../metadata-images.ts';
import { emptyFolder } from '../../test-library.ts';

const png = (): Promise<Buffer> => noiseImage(24, 16).png().toBuffer();
const jpeg = (): Promise<Buffer> => noiseImage(24, 16).jpeg().toBuffer();
const webp = (): Promise<Buffer> => noiseImage(24, 16).webp().toBuffer();

/** A box of the JPEG universal metadata format with a description box of a kind. */
function jumbf(kind: string): Buffer {
  const description = Buffer.concat([
    Buffer.from(`\0\0\0\x1ejumd${kind}`, 'latin1'),
    Buffer.from('00110010800000aa00389b71', 'hex'),
    Buffer.from(`\x03${kind}\0`, 'latin1'),
  ]);
  const box = Buffer.concat([Buffer.alloc(4), Buffer.from('jumb', 'latin1'), description]);
  box.writeUInt32BE(box.length, 0);
  return box;
}
const jumbfSegment = (kind: string): [number, Buffer] => [
  0xeb,
  Buffer.concat([Buffer.from('JP\0\x01\0\0\0\x01', 'latin1'), jumbf(kind)]),
];

const withChunk = (file: Buffer, type: string): Buffer => {
  const chunk = Buffer.concat([Buffer.from(`${type}\x04\0\0\0`, 'latin1'), Buffer.from('data')]);
  const whole = Buffer.concat([file, chunk]);
  whole.writeUInt32LE(whole.length - 8, 4);
  return whole;
};

const gif = (): Promise<Buffer> => noiseImage(24, 16).gif().toBuffer();
const avif = (): Promise<Buffer> => noiseImage(24, 16).avif().toBuffer();
const tiff = (): Promise<Buffer> => noiseImage(24, 16).tiff().toBuffer();

function withGifBlock(file: Buffer, name: string, place: 'first' | 'last'): Buffer {
  const parts = [jumbf('c2pa').subarray(0, 20), jumbf('c2pa').subarray(20)].flatMap((part) => [
    Buffer.from([part.length]),
    part,
  ]);
  const block = Buffer.concat([Buffer.from(`!\xff\x0b${name}`, 'latin1'), ...parts, Buffer.alloc(1)]);
  const flags = file[10] ?? 0;
  const at = place === 'last' ? file.length - 1 : 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  return Buffer.concat([file.subarray(0, at), block, file.subarray(at)]);
}

/** A box behind the file's first one, as the specification asks; its purpose stands behind a version and flags. */
function withBox(file: Buffer, id: string): Buffer {
  const content = Buffer.concat([Buffer.from(id, 'hex'), Buffer.from('\0\0\0\0manifest\0', 'latin1'), jumbf('c2pa')]);
  const head = Buffer.from('\0\0\0\0uuid', 'latin1');
  head.writeUInt32BE(head.length + content.length, 0);
  const end = file.readUInt32BE(0);
  return Buffer.concat([file.subarray(0, end), head, content, file.subarray(end)]);
}

/** A directory of its own behind the others of a little-endian TIFF. */
function withField(file: Buffer, tag: number): Buffer {
  const whole = Buffer.concat([file, Buffer.alloc(file.length % 2), Buffer.alloc(18), jumbf('c2pa')]);
  const own = whole.length - jumbf('c2pa').length - 18;
  const first = whole.readUInt32LE(4);
  whole.writeUInt32LE(own, first + 2 + whole.readUInt16LE(first) * 12);
  whole.writeUInt16LE(1, own);
  whole.writeUInt16LE(tag, own + 2);
  whole.writeUInt16LE(7, own + 4);
  whole.writeUInt32LE(jumbf('c2pa').length, own + 6);
  whole.writeUInt32LE(own + 18, own + 10);
  return whole;
}

function bigTiff(tag: number): Buffer {
  const file = Buffer.alloc(16 + 8 + 20 + 8);
  file.write('II+\0\x08', 0, 'latin1');
  file.writeBigUInt64LE(16n, 8);
  file.writeBigUInt64LE(1n, 16);
  file.writeUInt16LE(tag, 24);
  return file;
}

const BOX_ID = 'd8fec3d61b0e483c92975828877ec481';
const OTHER_BOX_ID = 'be7acfcb97a942e89c71999491e3afac';
const GIF_NAME = 'C2PA_GIF\x01\0\0';

const SIGNED: [string, FileFormat, () => Promise<Buffer>][] = [
  ['a GIF', 'gif', async () => withGifBlock(await gif(), GIF_NAME, 'first')],
  ['an AVIF', 'avif', async () => withBox(await avif(), BOX_ID)],
  ['a HEIC', 'heic', async () => withBox(await avif(), BOX_ID)],
  ['a TIFF', 'tiff', async () => withField(await tiff(), 0xcd41)],
  ['a BigTIFF', 'tiff', () => Promise.resolve(bigTiff(0xcd41))],
  ['a PNG', 'png', async () => withPngChunks(await png(), pngChunk('caBX', jumbf('c2pa')))],
  [
    'a PNG with the chunk behind its pixels',
    'png',
    async () => beforeEnd(await png(), pngChunk('caBX', jumbf('c2pa'))),
  ],
  ['a JPEG', 'jpeg', async () => withSegments(await jpeg(), exifSegment(exifBlock({})), jumbfSegment('c2pa'))],
  ['a WebP', 'webp', async () => withChunk(await webp(), 'C2PA')],
];
const UNSIGNED: typeof SIGNED = [
  ['a PNG', 'png', png],
  ['a PNG with a text about it', 'png', async () => withPngChunks(await png(), textChunk('caBX', 'caBX c2pa'))],
  ['a JPEG', 'jpeg', jpeg],
  ['a JPEG with other boxes', 'jpeg', async () => withSegments(await jpeg(), jumbfSegment('jumb'))],
  ['a JPEG with an APP11 of its own', 'jpeg', async () => withSegments(await jpeg(), [0xeb, Buffer.from('c2pa jumb')])],
  ['a WebP', 'webp', webp],
  ['a WebP with another chunk', 'webp', async () => withChunk(await webp(), 'c2pa')],
  ['a GIF', 'gif', gif],
  ['a GIF with another block', 'gif', async () => withGifBlock(await gif(), 'C2PA_GIF\x02\0\0', 'first')],
  ['a GIF with the block behind its image', 'gif', async () => withGifBlock(await gif(), GIF_NAME, 'last')],
  ['an AVIF', 'avif', avif],
  ['an AVIF with another box', 'avif', async () => withBox(await avif(), OTHER_BOX_ID)],
  ['a TIFF', 'tiff', tiff],
  ['a TIFF with another field', 'tiff', async () => withField(await tiff(), 0xcd42)],
  ['a BigTIFF', 'tiff', () => Promise.resolve(bigTiff(0xcd42))],
  ['an empty file', 'png', () => Promise.resolve(Buffer.alloc(0))],
];

function beforeEnd(file: Buffer, chunk: Buffer): Buffer {
  return Buffer.concat([file.subarray(0, -12), chunk, file.subarray(-12)]);
}

async function fileOf(bytes: Uint8Array): Promise<string> {
  const path = join(await emptyFolder(), 'image');
  await writeFile(path, bytes);
  return path;
}

describe('content credentials', () => {
  test.each(SIGNED)('are found in %s', async (_name, format, make) => {
    expect(await isSigned(await fileOf(await make()), format)).toBe(true);
  });

  test.each(UNSIGNED)('aren’t seen in %s that has none', async (_name, format, make) => {
    expect(await isSigned(await fileOf(await make()), format)).toBe(false);
  });

  test('aren’t looked for in other formats', async () => {
    expect(await isSigned(await fileOf(Buffer.from('<svg/>')), 'svg')).toBe(false);
  });

  test('any damaged file gets an answer', async () => {
    const files = await Promise.all(SIGNED.map(async ([, format, make]) => ({ format, bytes: await make() })));
    const folder = await emptyFolder();
    let count = 0;
    const damaged = fc.record({
      file: fc.constantFrom(...files),
      cut: fc.double({ min: 0, max: 1, noNaN: true }),
      flips: fc.array(fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), to: fc.nat(255) }), {
        maxLength: 8,
      }),
    });
    await fc.assert(
      fc.asyncProperty(damaged, async ({ file, cut, flips }) => {
        const bytes = Buffer.from(file.bytes.subarray(0, Math.round(file.bytes.length * cut)));
        if (bytes.length > 0) for (const { at, to } of flips) bytes[Math.floor(at * bytes.length)] = to;
        count += 1;
        const path = join(folder, String(count));
        await writeFile(path, bytes);
        expect(typeof (await isSigned(path, file.format))).toBe('boolean');
      }),
      { numRuns: 300 },
    );
  });
});

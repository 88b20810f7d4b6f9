import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
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

const SIGNED: [string, 'png' | 'jpeg' | 'webp', () => Promise<Buffer>][] = [
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

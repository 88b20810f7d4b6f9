import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { pngChunk } from '../../../../electron/library/pixels/colour/png-chunks.ts';
import fc from '../../../fast-check.ts';
import { withPngChunks } from '../../coloured-images.ts';
import { internationalTextChunk, withSegments } from '../../metadata-images.ts';
import { packetsOf, partsOf } from './file-parts.ts';

import { copyOf, FILES, FOREIGN, isXmp, mustCopy, plain, textsOf } from './xmp-files.ts';
describe('any chunks', () => {
  const ancillary = fc.record({
    type: fc.constantFrom('tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME', 'prVt', 'iCCx', 'gAMx'),
    data: fc.uint8Array({ maxLength: 60 }),
    xmp: fc.boolean(),
    compressed: fc.boolean(),
  });

  test('of a PNG stay as they are, in their order', async () => {
    const png = await plain.clone().png().toBuffer();
    await fc.assert(
      fc.asyncProperty(
        fc.array(ancillary, { maxLength: 12 }),
        fc.array(ancillary, { maxLength: 4 }),
        async (before, after) => {
          const chunk = ({ type, data, xmp, compressed }: (typeof before)[number]): Buffer =>
            xmp ? internationalTextChunk('XML:com.adobe.xmp', FOREIGN, compressed) : pngChunk(type, data);
          const whole = withPngChunks(png, ...before.map(chunk));
          const file = Buffer.concat([whole.subarray(0, -12), ...after.map(chunk), whole.subarray(-12)]);
          const copy = await mustCopy(file, 'png');
          const others = (bytes: Buffer): string[] =>
            partsOf(bytes, 'png')
              .filter((part) => !isXmp(part))
              .map((part) => part.bytes);
          expect(others(copy)).toEqual(others(file));
          expect(packetsOf(copy, 'png')).toHaveLength(1);
        },
      ),
    );
  });

  test('of a WebP stay as they are, in their order', async () => {
    const bare = await plain.clone().webp().toBuffer();
    const chunk = (type: string, data: Uint8Array): Buffer => {
      const bytes = Buffer.alloc(8 + data.length + (data.length % 2));
      bytes.write(type, 'latin1');
      bytes.writeUInt32LE(data.length, 4);
      bytes.set(data, 8);
      return bytes;
    };
    const any = fc.record({
      type: fc.constantFrom('EXIF', 'XMP ', 'abcd', 'C2PB'),
      data: fc.uint8Array({ maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(any, { maxLength: 6 }), fc.boolean(), async (chunks, isPadded) => {
        const all = Buffer.concat([bare, ...chunks.map(({ type, data }) => chunk(type, data))]);
        const last = chunks.at(-1);
        const file = last && last.data.length % 2 === 1 && !isPadded ? all.subarray(0, -1) : all;
        file.writeUInt32LE(file.length - 8, 4);
        const copy = await mustCopy(file, 'webp');
        const others = (bytes: Buffer): string[] =>
          partsOf(bytes, 'webp')
            .filter((part) => !isXmp(part) && part.name !== 'RIFF' && part.name !== 'VP8X')
            .map((part) => (part.bytes.length % 4 === 0 ? part.bytes : `${part.bytes}00`));
        expect(others(copy)).toEqual(others(file));
        expect(copy.readUInt32LE(4)).toBe(copy.length - 8);
        expect(packetsOf(copy, 'webp')).toHaveLength(1);
      }),
    );
  });

  test('of a JPEG stay as they are, in their order', async () => {
    const jpeg = await plain.clone().jpeg().toBuffer();
    const any = fc.record({
      marker: fc.integer({ min: 0xe0, max: 0xef }),
      data: fc.uint8Array({ maxLength: 60 }),
      xmp: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(any, { maxLength: 8 }), async (segments) => {
        const file = withSegments(
          jpeg,
          ...segments.map(({ marker, data, xmp }): [number, Buffer] =>
            xmp ? [0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${FOREIGN}`)] : [marker, Buffer.from(data)],
          ),
        );
        const copy = await mustCopy(file, 'jpeg');
        const others = (bytes: Buffer): string[] =>
          partsOf(bytes, 'jpeg')
            .filter((part) => !isXmp(part))
            .map((part) => part.bytes);
        expect(others(copy)).toEqual(others(file));
        expect(packetsOf(copy, 'jpeg')).toHaveLength(1);
      }),
    );
  });

  test('text of any kind comes back as written, apart from what XML can’t write', async () => {
    const png = await plain.clone().png().toBuffer();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (prompt) => {
        const text = `“${prompt}”`;
        const copy = await mustCopy(png, 'png', {
          properties: [{ name: 'emulsion:parameters', value: text }],
          removed: [],
        });
        const written = text.replace(/[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]/gu, '\uFFFD');
        expect(textsOf(packetsOf(copy, 'png')[0] ?? '')['emulsion:parameters']).toEqual([written]);
      }),
    );
  });

  test('damaged files are copied or refused', async () => {
    const files = await Promise.all(FILES.map(async ([, format, make]) => ({ format, bytes: await make() })));
    const flip = fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), to: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(flip, { minLength: 1, maxLength: 6 }),
        async ({ format, bytes }, flips) => {
          const damaged = Buffer.from(bytes);
          for (const { at, to } of flips) damaged[Math.floor(at * damaged.length)] = to;
          await copyOf(damaged, format);
        },
      ),
      { numRuns: 200 },
    );
  });
});

test('a bomb in a packet isn’t opened', async () => {
  const bomb = Buffer.concat([
    Buffer.from('XML:com.adobe.xmp\0\x01\0\0\0', 'latin1'),
    deflateSync(Buffer.alloc(50_000_000)),
  ]);
  const file = withPngChunks(await plain.clone().png().toBuffer(), pngChunk('iTXt', bomb));
  expect(packetsOf(await mustCopy(file, 'png'), 'png')).toHaveLength(1);
});

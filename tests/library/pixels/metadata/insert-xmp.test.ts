import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { planWithXmp, type XmpUpdate } from '../../../../electron/library/pixels/metadata/insert-xmp.ts';
import { pngChunk } from '../../../../electron/library/pixels/colour/png-chunks.ts';
import { webpChunk } from '../../../../electron/library/pixels/metadata/pieces.ts';
import { withPngChunks } from '../../coloured-images.ts';
import {
  exifBlock,
  exifSegment,
  internationalTextChunk,
  textChunk,
  withSegments,
  xmpSegment,
} from '../../metadata-images.ts';
import { emptyFolder } from '../../test-library.ts';
import { packetsOf, partsOf } from './file-parts.ts';

import {
  copyOf,
  FILES,
  FOREIGN,
  isXmp,
  mustCopy,
  packetOf,
  plain,
  samePixels,
  textsOf,
  UPDATE,
  type Format,
} from './xmp-files.ts';
describe('a copy with XMP', () => {
  test.each(FILES)('of %s has every other part unchanged, in order', async (_name, format, make) => {
    const file = await make();
    const copy = await mustCopy(file, format);
    // The headers of a WebP state its length and what it has.
    const headers = ['RIFF', 'VP8X'];
    const others = (bytes: Buffer): string[][] =>
      partsOf(bytes, format)
        .filter((part) => !isXmp(part) && !headers.includes(part.name))
        .map(({ name, bytes: content }) => [name, content]);
    expect(others(copy)).toEqual(others(file));
    const packets = packetsOf(copy, format);
    expect(packets).toHaveLength(1);
    expect(textsOf(packets[0] ?? '')).toMatchObject({
      'Iptc4xmpExt:AIPromptInformation': ['a <red> fox & “glass”\r\n狐'],
      'dc:subject': ['client', 'acme'],
      'dc:description': ['a note'],
      'xmp:Rating': ['4'],
    });
    await samePixels(file, copy);
    expect((await sharp(copy).metadata()).xmp?.toString()).toContain('a &lt;red&gt; fox');
  });

  test.each(FILES)('of a copy of %s is the same again', async (_name, format, make) => {
    const copy = await mustCopy(await make(), format);
    expect(await mustCopy(copy, format)).toEqual(copy);
  });

  test.each([
    [
      'a PNG',
      'png',
      async () =>
        withPngChunks(await plain.clone().png().toBuffer(), internationalTextChunk('XML:com.adobe.xmp', FOREIGN)),
    ],
    [
      'a PNG with a compressed packet',
      'png',
      async () =>
        withPngChunks(await plain.clone().png().toBuffer(), internationalTextChunk('XML:com.adobe.xmp', FOREIGN, true)),
    ],
    [
      'a JPEG',
      'jpeg',
      async () =>
        withSegments(await plain.clone().jpeg().toBuffer(), [
          0xe1,
          Buffer.from(`http://ns.adobe.com/xap/1.0/\0${FOREIGN}`),
        ]),
    ],
    ['a WebP', 'webp', () => plain.clone().webp().withXmp(FOREIGN).toBuffer()],
  ] as [string, Format, () => Promise<Buffer>][])(
    'of %s keeps what another program wrote',
    async (_name, format, make) => {
      const packets = packetsOf(await mustCopy(await make(), format), format);
      expect(packets).toHaveLength(1);
      const texts = textsOf(packets[0] ?? '');
      expect(texts).toMatchObject({
        'xmp:Rating': ['4'],
        'a:BaseURL': ['https://example.test/?a=1&b=2'],
        'c:action': ['cr\u00e9ated 狐'],
        'c:mood': ['calm < loud'],
        'a:Nickname': ['x'],
      });
      expect(texts).not.toHaveProperty('a:Rating');
      expect(texts).not.toHaveProperty('a:Label');
    },
  );

  test('leaves out a packet that isn’t well-formed', async () => {
    const broken = FOREIGN.slice(0, 400);
    const file = withSegments(await plain.clone().jpeg().toBuffer(), xmpSegment(broken));
    const packets = packetsOf(await mustCopy(file, 'jpeg'), 'jpeg');
    expect(packets).toHaveLength(1);
    expect(textsOf(packets[0] ?? '')).not.toHaveProperty('a:BaseURL');
  });

  const long = (bytes: number): string => packetOf(`<d:a xmlns:d="http://d.test/">${'x'.repeat(bytes)}</d:a>`);
  const brokenDeflate = pngChunk('iTXt', Buffer.from('XML:com.adobe.xmp\0\x01\0\0\0no deflate', 'latin1'));
  const jpegWith = async (...packets: string[]): Promise<Buffer> =>
    withSegments(await plain.clone().jpeg().toBuffer(), ...packets.map(xmpSegment));
  const pngWith = async (chunk: Buffer): Promise<Buffer> => withPngChunks(await plain.clone().png().toBuffer(), chunk);
  const webpWith = async (packet: string): Promise<Buffer> => {
    const file = await plain.clone().webp().toBuffer();
    const whole = Buffer.concat([file, webpChunk('XMP ', Buffer.from(packet))]);
    whole.writeUInt32LE(whole.length - 8, 4);
    return whole;
  };

  test.each<[string, Format, boolean, () => Promise<Buffer>]>([
    ['a JPEG’s, cut off', 'jpeg', true, () => jpegWith(FOREIGN.slice(0, 400))],
    ['one of a JPEG’s two', 'jpeg', true, () => jpegWith(FOREIGN, FOREIGN.slice(0, 400))],
    ['more than is read, in a JPEG', 'jpeg', true, () => jpegWith(...Array<string>(130).fill(long(65_000)))],
    [
      'a PNG’s, cut off',
      'png',
      true,
      () => pngWith(internationalTextChunk('XML:com.adobe.xmp', FOREIGN.slice(0, 400))),
    ],
    ['a PNG’s that can’t be decompressed', 'png', true, () => pngWith(brokenDeflate)],
    ['a PNG’s of 8 MB', 'png', true, () => pngWith(internationalTextChunk('XML:com.adobe.xmp', long(8_000_000)))],
    ['a WebP’s, cut off', 'webp', true, () => webpWith(FOREIGN.slice(0, 400))],
    ['a WebP’s of 8 MB', 'webp', true, () => webpWith(long(8_000_000))],
    ['a JPEG’s', 'jpeg', false, () => jpegWith(FOREIGN)],
    ['a PNG’s', 'png', false, () => pngWith(internationalTextChunk('XML:com.adobe.xmp', FOREIGN, true))],
    ['a WebP’s', 'webp', false, () => webpWith(FOREIGN)],
    ['an empty packet', 'webp', false, () => webpWith('  ')],
    ['none', 'jpeg', false, () => plain.clone().jpeg().toBuffer()],
  ])('says whether it leaves out another program’s packet: %s', async (_name, format, dropsXmp, make) => {
    const path = join(await emptyFolder(), 'image');
    await writeFile(path, await make());
    expect(await planWithXmp(path, format, UPDATE)).toMatchObject({ dropsXmp });
  });

  test('of a PNG has one packet where the file had two', async () => {
    const file = withPngChunks(
      await plain.clone().png().toBuffer(),
      internationalTextChunk('XML:com.adobe.xmp', packetOf('<d:one xmlns:d="http://d.test/">1</d:one>')),
      textChunk('Title', 'between'),
      internationalTextChunk('XML:com.adobe.xmp', packetOf('<d:two xmlns:d="http://d.test/">2</d:two>')),
    );
    const [packet, ...more] = packetsOf(await mustCopy(file, 'png'), 'png');
    expect(more).toEqual([]);
    expect(textsOf(packet ?? '')).toMatchObject({ 'd:one': ['1'], 'd:two': ['2'] });
  });

  test('of a JPEG continues a long packet in extensions, and merges them again', async () => {
    const long = `${'狐 '.repeat(60_000)}end`;
    const update: XmpUpdate = {
      properties: [...UPDATE.properties, { name: 'emulsion:parameters', value: long }],
      removed: [],
    };
    const file = withSegments(await plain.clone().jpeg().toBuffer(), exifSegment(exifBlock({})));
    const copy = await mustCopy(file, 'jpeg', update);
    await samePixels(file, copy);
    const [packet = '', ...extensions] = packetsOf(copy, 'jpeg');
    expect(extensions.length).toBeGreaterThan(2);
    const segments = partsOf(copy, 'jpeg')
      .filter(isXmp)
      .slice(1)
      .map(({ bytes }) => Buffer.from(bytes, 'hex'));
    const data = Buffer.concat(segments.map((segment) => segment.subarray(4 + 35 + 40)));
    const digest = createHash('md5').update(data).digest('hex').toUpperCase();
    expect(textsOf(packet)['xmpNote:HasExtendedXMP']).toEqual([digest]);
    for (const segment of segments) {
      expect(segment.toString('latin1', 39, 71)).toBe(digest);
      expect(segment.readUInt32BE(71)).toBe(data.length);
    }
    expect(textsOf(data.toString('utf8'))).toEqual({ 'emulsion:parameters': [long] });
    expect(textsOf(packet)).toMatchObject({ 'xmp:Rating': ['4'] });
    // What was in the extension stays when another program's properties are merged.
    const again = await mustCopy(copy, 'jpeg');
    expect(packetsOf(again, 'jpeg').join('')).toContain('狐 end');
    expect(await mustCopy(again, 'jpeg', update)).toEqual(copy);
  });

  test('is refused for other formats and broken files', async () => {
    const png = await plain.clone().png().toBuffer();
    const webp = await plain.clone().webp().toBuffer();
    const jpeg = await plain.clone().jpeg().toBuffer();
    expect(await copyOf(png.subarray(0, -12), 'png')).toBeNull();
    expect(await copyOf(png, 'jpeg')).toBeNull();
    expect(await copyOf(webp.subarray(0, -4), 'webp')).toBeNull();
    expect(await copyOf(jpeg.subarray(0, 30), 'jpeg')).toBeNull();
    expect(await planWithXmp('/nowhere.gif', 'gif', UPDATE)).toBeNull();
  });
});

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect } from 'vitest';
import { pngChunk } from '../../../../electron/library/pixels/colour/png-chunks.ts';
import { planWithXmp, type XmpUpdate } from '../../../../electron/library/pixels/metadata/insert-xmp.ts';
import { readPieces } from '../../../../electron/library/pixels/metadata/pieces.ts';
import { tokenizeXml } from '../../../../electron/library/svg/tokenize-xml.ts';
import { withPngChunks } from '../../coloured-images.ts';
import { noiseImage } from '../../input-images.ts';
import { exifBlock, exifSegment, textChunk, withSegments } from '../../metadata-images.ts';
import { emptyFolder } from '../../test-library.ts';

export type Format = 'png' | 'jpeg' | 'webp';

export const UPDATE: XmpUpdate = {
  properties: [
    { name: 'Iptc4xmpExt:AIPromptInformation', value: 'a <red> fox & “glass”\r\n狐' },
    { name: 'dc:subject', value: ['client', 'acme'] },
    { name: 'dc:description', value: { language: 'a note' } },
    { name: 'xmp:Rating', value: '4' },
  ],
  removed: ['xmp:Label' as const],
};

export const packetOf = (properties: string, namespaces = ''): string =>
  `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="uuid:1"${namespaces}>${properties}</rdf:Description></rdf:RDF></x:xmpmeta>
  <?xpacket end="w"?>`;
export const FOREIGN = packetOf(
  `<a:Rating>1</a:Rating><a:Label>Red</a:Label><a:BaseURL>https://example.test/?a=1&amp;b=2</a:BaseURL>
  <c:History><rdf:Seq><rdf:li rdf:parseType="Resource"><c:action>cr\u00e9ated 狐</c:action></rdf:li></rdf:Seq></c:History>`,
  ' xmlns:a="http://ns.adobe.com/xap/1.0/" xmlns:c="http://ns.example.test/1.0/" c:mood="calm &lt; loud" a:Nickname="x"',
);

/** A copy of a file with XMP; null where that can't be. */
export async function copyOf(file: Buffer, format: Format, update: XmpUpdate = UPDATE): Promise<Buffer | null> {
  const path = join(await emptyFolder(), 'image');
  await writeFile(path, file);
  const plan = await planWithXmp(path, format, update);
  if (!plan) return null;
  const parts: Buffer[] = [];
  for await (const part of readPieces(path, plan.pieces)) parts.push(part);
  expect(await readFile(path)).toEqual(file);
  return Buffer.concat(parts);
}

export async function mustCopy(file: Buffer, format: Format, update?: XmpUpdate): Promise<Buffer> {
  const copy = await copyOf(file, format, update);
  if (!copy) throw new Error('The file was refused.');
  return copy;
}

/** The texts of a well-formed packet's properties by their names as written, attributes included. */
export function textsOf(packet: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  const names: string[] = [];
  let text = '';
  tokenizeXml(packet, {
    startTag({ qualifiedName }) {
      text = '';
      names.push(qualifiedName);
      return undefined;
    },
    text(part) {
      text += part;
      return undefined;
    },
    endTag() {
      const name = names.findLast((known) => !known.startsWith('rdf:')) ?? '';
      if (text !== '' && names.at(-1) !== 'rdf:Description') (found[name] ??= []).push(text);
      text = '';
      names.pop();
    },
  });
  return found;
}

export const isXmp = ({ xmp }: { xmp: string | null }): boolean => xmp !== null;

export async function samePixels(one: Buffer, other: Buffer): Promise<void> {
  const read = (file: Buffer): Promise<string> =>
    sharp(file, { animated: true })
      .raw()
      .toBuffer()
      .then((pixels) => createHash('sha256').update(pixels).digest('hex'));
  expect(await read(other)).toBe(await read(one));
}

export const plain = noiseImage(24, 16);
export const FILES: [string, Format, () => Promise<Buffer>][] = [
  ['a PNG', 'png', () => plain.clone().png().toBuffer()],
  [
    'a PNG with text, EXIF and bytes behind its end',
    'png',
    async () => {
      const file = withPngChunks(
        await plain.clone().png().toBuffer(),
        textChunk('parameters', 'a'),
        pngChunk('eXIf', exifBlock({})),
      );
      return Buffer.concat([file, Buffer.from('more')]);
    },
  ],
  ['a JPEG', 'jpeg', () => plain.clone().jpeg().toBuffer()],
  [
    'a progressive JPEG with EXIF',
    'jpeg',
    async () =>
      withSegments(
        await plain.clone().jpeg({ progressive: true }).toBuffer(),
        exifSegment(exifBlock({ orientation: 6 })),
      ),
  ],
  [
    'a JPEG with bytes behind its end',
    'jpeg',
    async () => Buffer.concat([await plain.clone().jpeg().toBuffer(), Buffer.from('more')]),
  ],
  ['a lossy WebP', 'webp', () => plain.clone().webp().toBuffer()],
  ['a lossless WebP', 'webp', () => plain.clone().webp({ lossless: true }).toBuffer()],
  ['a transparent lossless WebP', 'webp', () => plain.clone().ensureAlpha(0.5).webp({ lossless: true }).toBuffer()],
  ['a transparent WebP', 'webp', () => plain.clone().ensureAlpha(0.5).webp().toBuffer()],
  [
    'a WebP with a profile and EXIF',
    'webp',
    () => plain.clone().withIccProfile('p3').withMetadata({ orientation: 3 }).webp().toBuffer(),
  ],
];

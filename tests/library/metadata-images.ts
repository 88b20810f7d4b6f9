import { deflateSync } from 'node:zlib';
import { pngChunk } from '../../electron/library/pixels/colour/png-chunks.ts';

/** An EXIF block, little-endian, with an orientation and, as asked, a place and a user comment. */
export function exifBlock({ orientation = 1, gps = false, comment = '' }): Buffer {
  const text = Buffer.from(`ASCII\0\0\0${comment}`, 'latin1');
  const entries: [number, number, number, number][] = [[0x0112, 3, 1, orientation]];
  // Offsets: the directory starts at 8, one of at most three entries ends at 50; GPS follows at 60, EXIF at 100.
  if (comment !== '') entries.push([0x8769, 4, 1, 100]);
  if (gps) entries.push([0x8825, 4, 1, 60]);
  const block = Buffer.alloc(130 + text.length);
  block.write('II*\0', 0, 'latin1');
  block.writeUInt32LE(8, 4);
  directory(block, 8, entries);
  directory(block, 60, [[0x0002, 5, 3, 0]]);
  directory(block, 100, [[0x9286, 7, text.length, 130]]);
  text.copy(block, 130);
  return block;
}

function directory(block: Buffer, at: number, entries: readonly [number, number, number, number][]): void {
  block.writeUInt16LE(entries.length, at);
  entries.forEach(([tag, type, count, value], index) => {
    const entry = at + 2 + index * 12;
    block.writeUInt16LE(tag, entry);
    block.writeUInt16LE(type, entry + 2);
    block.writeUInt32LE(count, entry + 4);
    if (type === 3) block.writeUInt16LE(value, entry + 8);
    else block.writeUInt32LE(value, entry + 8);
  });
}

/** A JPEG with segments behind its first two bytes. */
export function withSegments(jpeg: Buffer, ...segments: [marker: number, content: Buffer][]): Buffer {
  const parts = segments.map(([marker, content]) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(content.length + 2, 2);
    return Buffer.concat([head, content]);
  });
  return Buffer.concat([jpeg.subarray(0, 2), ...parts, jpeg.subarray(2)]);
}

export const exifSegment = (exif: Buffer): [number, Buffer] => [
  0xe1,
  Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exif]),
];
export const xmpSegment = (xmp: string): [number, Buffer] => [
  0xe1,
  Buffer.from(`http://ns.adobe.com/xap/1.0/\0${xmp}`, 'latin1'),
];

export const textChunk = (keyword: string, text: string): Buffer =>
  pngChunk('tEXt', Buffer.from(`${keyword}\0${text}`, 'latin1'));
export const compressedTextChunk = (keyword: string, text: string): Buffer =>
  pngChunk('zTXt', Buffer.concat([Buffer.from(`${keyword}\0\0`, 'latin1'), deflateSync(Buffer.from(text))]));
export const internationalTextChunk = (keyword: string, text: string, compressed = false): Buffer =>
  pngChunk(
    'iTXt',
    Buffer.concat([
      Buffer.from(`${keyword}\0${compressed ? '\x01' : '\0'}\0\0\0`, 'latin1'),
      compressed ? deflateSync(Buffer.from(text)) : Buffer.from(text),
    ]),
  );

const FIRST_OF_EXIF_IFD = 0x9000;

/** An EXIF block, little-endian, with values of these tags as bytes; those from 0x9000 on stand in the EXIF directory, Microsoft's excepted. */
export function exifWithTexts(values: Readonly<Record<number, Buffer>>): Buffer {
  const entries = Object.entries(values).map(([tag, value]) => ({ tag: Number(tag), value }));
  const inExif = entries.filter(({ tag }) => tag >= FIRST_OF_EXIF_IFD && tag < 0x9c00);
  const inFirst = entries.filter((entry) => !inExif.includes(entry));
  const sizeOf = (count: number): number => 2 + 12 * count + 4;
  const exifAt = 8 + sizeOf(inFirst.length + 1);
  let at = exifAt + sizeOf(inExif.length);
  const head = Buffer.alloc(at);
  head.write('II*\0', 0, 'latin1');
  head.writeUInt32LE(8, 4);
  const placed = (list: typeof entries): [number, number, number, number][] =>
    list.map(({ tag, value }) => {
      const inline = value.length <= 4 ? Buffer.concat([value, Buffer.alloc(4)]).readUInt32LE(0) : null;
      const entry: [number, number, number, number] = [tag, 7, value.length, inline ?? at];
      if (inline === null) at += value.length;
      return entry;
    });
  directory(head, 8, [...placed(inFirst), [0x8769, 4, 1, exifAt]]);
  directory(head, exifAt, placed(inExif));
  const outside = [...inFirst, ...inExif].filter(({ value }) => value.length > 4);
  return Buffer.concat([head, ...outside.map(({ value }) => value)]);
}

/** A packet in a JPEG's segments of extended XMP, 60,000 bytes each. */
export function extendedXmpSegments(packet: string): [number, Buffer][] {
  const bytes = Buffer.from(packet, 'utf8');
  const segments: [number, Buffer][] = [];
  for (let at = 0; at < bytes.length; at += 60_000) {
    const head = Buffer.from(`http://ns.adobe.com/xmp/extension/\0${'A'.repeat(32)}\0\0\0\0\0\0\0\0`, 'latin1');
    head.writeUInt32BE(bytes.length, head.length - 8);
    head.writeUInt32BE(at, head.length - 4);
    segments.push([0xe1, Buffer.concat([head, bytes.subarray(at, at + 60_000)])]);
  }
  return segments;
}

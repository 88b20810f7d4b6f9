import { EXIF_IFD, GPS_IFD, openExif } from './exif-block.ts';

/** What an EXIF block says. */
export interface ExifFacts {
  /** 1 to 8. */
  orientation: number;
  hasLocation: boolean;
  /** Its texts, one a line. */
  text: string;
  /** Whether it has more than the orientation and what a decoder uses. */
  hasMore: boolean;
}

const ORIENTATION = 0x0112;
/** Resolution, colour space, size and version: not about a person. */
const PLAIN = new Set([
  ORIENTATION,
  0x011a,
  0x011b,
  0x0128,
  0x0213,
  0xa001,
  0xa002,
  0xa003,
  0x9000,
  0xa000,
  0x9101,
  EXIF_IFD,
  GPS_IFD,
]);
const MAX_TEXT = 20_000;

/** Reads an EXIF block. `exif` starts with `II` or `MM`. */
export function readExif(exif: Buffer): ExifFacts {
  const facts: ExifFacts = { orientation: 1, hasLocation: false, text: '', hasMore: false };
  const block = openExif(exif);
  if (!block) return facts;
  const { first, linked, u16, bytes } = block;
  const all = [...first, ...linked(EXIF_IFD)];
  const turned = all.find(({ tag }) => tag === ORIENTATION);
  if (turned) facts.orientation = Math.min(Math.max(u16(turned.at), 1), 8);
  facts.hasLocation = linked(GPS_IFD).some(({ tag }) => tag === 2 || tag === 4);
  facts.hasMore = all.some(({ tag }) => !PLAIN.has(tag));
  const texts = all.filter(({ type, count }) => (type === 2 || type === 7 || type === 1) && count > 4);
  facts.text = texts
    .map(({ at, count }) => textAt(bytes, at, count))
    .join('\n')
    .slice(0, MAX_TEXT);
  return facts;
}

/** ASCII, or UTF-16 of either order: with its zeros left out both read the same. */
function textAt(block: Buffer, at: number, count: number): string {
  return block.toString('utf8', at, Math.min(at + count, at + MAX_TEXT)).replaceAll('\0', '');
}

/** An EXIF block that says nothing but the orientation. */
export function exifWithOrientation(orientation: number): Buffer {
  const block = Buffer.alloc(26);
  block.write('MM\0*', 0, 'latin1');
  block.writeUInt32BE(8, 4);
  block.writeUInt16BE(1, 8);
  block.writeUInt16BE(ORIENTATION, 10);
  block.writeUInt16BE(3, 12);
  block.writeUInt32BE(1, 14);
  block.writeUInt16BE(orientation, 18);
  return block;
}

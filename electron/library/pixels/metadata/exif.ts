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
const EXIF_IFD = 0x8769;
const GPS_IFD = 0x8825;
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
const MAX_ENTRIES = 500;
const MAX_TEXT = 20_000;

interface Entry {
  tag: number;
  type: number;
  count: number;
  /** Offset of the value within the block. */
  at: number;
}

/** Reads an EXIF block (CIPA DC-008, 4.5–4.6): a TIFF header and its directories. `exif` starts with `II` or `MM`. */
export function readExif(exif: Buffer): ExifFacts {
  const facts: ExifFacts = { orientation: 1, hasLocation: false, text: '', hasMore: false };
  // Some writers put JPEG's prefix before it.
  const block = exif.toString('latin1', 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif;
  const order = block.toString('latin1', 0, 2);
  if (block.length < 8 || (order !== 'II' && order !== 'MM')) return facts;
  const little = order === 'II';
  const u32 = (at: number): number =>
    at + 4 > block.length ? 0 : little ? block.readUInt32LE(at) : block.readUInt32BE(at);
  const u16 = (at: number): number =>
    at + 2 > block.length ? 0 : little ? block.readUInt16LE(at) : block.readUInt16BE(at);
  const entriesAt = (at: number): Entry[] => {
    const count = Math.min(at > 0 ? u16(at) : 0, MAX_ENTRIES);
    return Array.from({ length: count }, (_none, index) => {
      const entry = at + 2 + index * 12;
      const [type, length] = [u16(entry + 2), u32(entry + 4)];
      const bytes = length * (type === 3 ? 2 : type === 4 || type === 9 ? 4 : type === 5 || type === 10 ? 8 : 1);
      return { tag: u16(entry), type, count: length, at: bytes <= 4 ? entry + 8 : u32(entry + 8) };
    });
  };
  const first = entriesAt(u32(4));
  const linked = (tag: number): Entry[] =>
    first.filter((entry) => entry.tag === tag).flatMap(({ at }) => entriesAt(u32(at)));
  const all = [...first, ...linked(EXIF_IFD)];
  const turned = all.find(({ tag }) => tag === ORIENTATION);
  if (turned) facts.orientation = Math.min(Math.max(u16(turned.at), 1), 8);
  facts.hasLocation = linked(GPS_IFD).some(({ tag }) => tag === 2 || tag === 4);
  facts.hasMore = all.some(({ tag }) => !PLAIN.has(tag));
  const texts = all.filter(({ type, count }) => (type === 2 || type === 7 || type === 1) && count > 4);
  facts.text = texts
    .map(({ at, count }) => textAt(block, at, count))
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

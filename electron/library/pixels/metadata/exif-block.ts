/** An entry of an EXIF directory. */
interface ExifEntry {
  tag: number;
  type: number;
  count: number;
  /** Offset of the value within the block. */
  at: number;
}

/** An EXIF block with its directories (CIPA DC-008, 4.5–4.6; TIFF 6.0). */
export interface ExifBlock {
  bytes: Buffer;
  order: 'little' | 'big';
  /** The entries of the first directory. */
  first: readonly ExifEntry[];
  /** The entries of directories that an entry of the first one points to. */
  linked(tag: number): ExifEntry[];
  /** An unsigned number of 16 bits; 0 beyond the end. */
  u16(at: number): number;
}

export const EXIF_IFD = 0x8769;
export const GPS_IFD = 0x8825;
const MAX_ENTRIES = 500;

/** Opens an EXIF block, which starts with `II` or `MM`, or with JPEG's prefix before that; null if it is none. */
export function openExif(exif: Buffer): ExifBlock | null {
  // Some writers put JPEG's prefix before it.
  const bytes = exif.toString('latin1', 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif;
  const mark = bytes.toString('latin1', 0, 2);
  if (bytes.length < 8 || (mark !== 'II' && mark !== 'MM')) return null;
  const order = mark === 'II' ? 'little' : 'big';
  const u32 = (at: number): number =>
    at + 4 > bytes.length ? 0 : order === 'little' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  const u16 = (at: number): number =>
    at + 2 > bytes.length ? 0 : order === 'little' ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  const entriesAt = (at: number): ExifEntry[] => {
    const count = Math.min(at > 0 ? u16(at) : 0, MAX_ENTRIES);
    return Array.from({ length: count }, (_none, index) => {
      const entry = at + 2 + index * 12;
      const [type, length] = [u16(entry + 2), u32(entry + 4)];
      const size = length * (type === 3 ? 2 : type === 4 || type === 9 ? 4 : type === 5 || type === 10 ? 8 : 1);
      return { tag: u16(entry), type, count: length, at: size <= 4 ? entry + 8 : u32(entry + 8) };
    });
  };
  const first = entriesAt(u32(4));
  const linked = (tag: number): ExifEntry[] =>
    first.filter((entry) => entry.tag === tag).flatMap(({ at }) => entriesAt(u32(at)));
  return { bytes, order, first, linked, u16 };
}

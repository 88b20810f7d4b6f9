import { decodeText, decodeUtf16 } from './decode-text.ts';
import { EXIF_IFD, openExif } from './exif-block.ts';
import type { NamedText } from './png-text.ts';

/** Fields that are read, by their names in the standard (CIPA DC-008, 4.6). The last ones are Microsoft's, in UTF-16. */
const FIELDS = new Map<number, string>([
  [0x010e, 'ImageDescription'],
  [0x010f, 'Make'],
  [0x0110, 'Model'],
  [0x0131, 'Software'],
  [0x0132, 'DateTime'],
  [0x013b, 'Artist'],
  [0x8298, 'Copyright'],
  [0x9003, 'DateTimeOriginal'],
  [0x9004, 'DateTimeDigitized'],
  [0x9010, 'OffsetTime'],
  [0x9011, 'OffsetTimeOriginal'],
  [0x9286, 'UserComment'],
  [0x9c9b, 'XPTitle'],
  [0x9c9c, 'XPComment'],
]);
const USER_COMMENT = 0x9286;
const FIRST_UTF16 = 0x9c9b;

/** The texts of an EXIF block; [] if it is none. An entry that leads out of the block gives what is in it. */
export function readExifFields(exif: Buffer): NamedText[] {
  const block = openExif(exif);
  if (!block) return [];
  const found = new Map<string, string>();
  for (const { tag, at, count } of [...block.first, ...block.linked(EXIF_IFD)]) {
    for (const { name, text } of exifFieldText(tag, block.bytes.subarray(at, at + count), block.order))
      if (!found.has(name) && text !== '') found.set(name, text);
  }
  return [...found].map(([name, text]) => ({ name, text }));
}

/** Whether a field is one of the texts that are read. */
export const isExifText = (tag: number): boolean => FIELDS.has(tag);

/** The text of one field by its name; [] for fields that aren't read. */
export function exifFieldText(tag: number, value: Buffer, order: 'little' | 'big'): NamedText[] {
  const name = FIELDS.get(tag);
  if (name === undefined) return [];
  if (tag === USER_COMMENT) return [{ name, text: withoutEnd(userComment(value, order)) }];
  return [{ name, text: withoutEnd(tag >= FIRST_UTF16 ? decodeUtf16(value, 'little') : decodeText(value)) }];
}

/** A comment begins with eight bytes that name its encoding (4.6.5, table 9); some writers leave them out. */
function userComment(value: Buffer, order: 'little' | 'big'): string {
  const code = value.toString('latin1', 0, 8);
  const text = value.subarray(8);
  if (code === 'UNICODE\0') return decodeUtf16(text, order);
  if (code === 'JIS\0\0\0\0\0') return new TextDecoder('iso-2022-jp').decode(text);
  return decodeText(code === 'ASCII\0\0\0' || code === '\0\0\0\0\0\0\0\0' ? text : value);
}

const withoutEnd = (text: string): string => text.replaceAll('\0', '').trim();

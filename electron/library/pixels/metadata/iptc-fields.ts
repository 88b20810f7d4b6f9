import type { NamedText } from './png-text.ts';

/** Datasets of IPTC's application record that hold texts (IIM 4.2, chapter 6). */
const FIELDS = new Map<number, string>([
  [5, 'ObjectName'],
  [15, 'Category'],
  [20, 'SupplementalCategory'],
  [25, 'Keywords'],
  [40, 'SpecialInstructions'],
  [55, 'DateCreated'],
  [60, 'TimeCreated'],
  [65, 'OriginatingProgram'],
  [80, 'Byline'],
  [85, 'BylineTitle'],
  [90, 'City'],
  [92, 'Sublocation'],
  [95, 'ProvinceState'],
  [101, 'CountryName'],
  [103, 'OriginalTransmissionReference'],
  [105, 'Headline'],
  [110, 'Credit'],
  [115, 'Source'],
  [116, 'CopyrightNotice'],
  [118, 'Contact'],
  [120, 'Caption'],
  [122, 'CaptionWriter'],
]);
const MARK = 0x1c;
const APPLICATION = 2;
const MAX_FIELDS = 2000;
/** 1:90 with this value: texts are in UTF-8 (ISO 2022). Without it most writers use the code page of their system. */
const UTF8 = Buffer.from([MARK, 1, 90, 0, 3, 0x1b, 0x25, 0x47]);

/** The texts of IPTC's information interchange model, with `iptc:` before their names. What is cut off isn't read. */
export function readIim(content: Buffer): NamedText[] {
  const encoding = content.includes(UTF8) ? 'utf-8' : null;
  const found: NamedText[] = [];
  for (let at = 0; at + 5 <= content.length && content[at] === MARK && found.length < MAX_FIELDS;) {
    const length = content.readUInt16BE(at + 3);
    const end = at + 5 + length;
    // Longer values state their length in another way; texts have none.
    if (length > 0x7fff || end > content.length) break;
    const name = content[at + 1] === APPLICATION ? FIELDS.get(content[at + 2] ?? 0) : undefined;
    const text = name === undefined ? '' : decode(content.subarray(at + 5, end), encoding);
    if (text !== '') found.push({ name: `iptc:${name ?? ''}`, text });
    at = end;
  }
  return found;
}

function decode(bytes: Buffer, encoding: 'utf-8' | null): string {
  const text = bytes.toString('utf8');
  const isUtf8 = encoding !== null || !text.includes('\uFFFD');
  return (isUtf8 ? text : new TextDecoder('windows-1252').decode(bytes)).replaceAll('\0', '').trim();
}

const JPEG_NAME = 'Photoshop 3.0\0';
const RESOURCE = '8BIM';
const IIM_RESOURCE = 0x0404;
const MAX_RESOURCES = 1000;

/** IPTC's texts among Photoshop's image resources, which a JPEG's segment begins with a name. */
export function readPhotoshop(content: Buffer): NamedText[] {
  let at = content.toString('latin1', 0, JPEG_NAME.length) === JPEG_NAME ? JPEG_NAME.length : 0;
  for (let count = 0; count < MAX_RESOURCES && content.toString('latin1', at, at + 4) === RESOURCE; count += 1) {
    if (at + 12 > content.length) break;
    // A name with its length before it, and the data, are both of even length.
    const nameEnd = at + 6 + even(1 + (content[at + 6] ?? 0));
    if (nameEnd + 4 > content.length) break;
    const length = content.readUInt32BE(nameEnd);
    const data = content.subarray(nameEnd + 4, nameEnd + 4 + length);
    if (content.readUInt16BE(at + 4) === IIM_RESOURCE) return readIim(data);
    at = nameEnd + 4 + even(length);
  }
  return [];
}

const even = (length: number): number => length + (length % 2);

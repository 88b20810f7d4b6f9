import { inflateSync } from 'node:zlib';

/** A chunk or segment of an image file, or the data between two of them, as a reader of its own sees it. */
export interface FilePart {
  name: string;
  /** All of it, with length and checksum. */
  bytes: string;
  /** The text of an XMP packet in it. */
  xmp: string | null;
}

/** Takes a file apart byte by byte; shares no code with what writes files. The parts together are the file. */
export function partsOf(file: Buffer, format: 'png' | 'jpeg' | 'webp'): FilePart[] {
  return { png: pngParts, jpeg: jpegParts, webp: webpParts }[format](file);
}

/** All packets of a file. An extension of a JPEG's packet follows it. */
export function packetsOf(file: Buffer, format: 'png' | 'jpeg' | 'webp'): string[] {
  return partsOf(file, format).flatMap(({ xmp }) => (xmp === null ? [] : [xmp]));
}

const hex = (bytes: Buffer): string => bytes.toString('hex');

function pngParts(file: Buffer): FilePart[] {
  const parts: FilePart[] = [{ name: 'signature', bytes: hex(file.subarray(0, 8)), xmp: null }];
  let at = 8;
  while (at < file.length && parts.at(-1)?.name !== 'IEND') {
    const end = at + file.readUInt32BE(at) + 12;
    const name = file.toString('latin1', at + 4, at + 8);
    const data = file.subarray(at + 8, end - 4);
    parts.push({ name, bytes: hex(file.subarray(at, end)), xmp: name === 'iTXt' ? pngXmp(data) : null });
    at = end;
  }
  return at < file.length ? [...parts, { name: 'rest', bytes: hex(file.subarray(at)), xmp: null }] : parts;
}

function pngXmp(data: Buffer): string | null {
  const fields = data.toString('latin1').split('\0');
  if (fields[0] !== 'XML:com.adobe.xmp') return null;
  const compressed = data[18] === 1;
  let at = 20;
  for (let zeros = 0; zeros < 2; at += 1) if (data[at] === 0) zeros += 1;
  return (compressed ? inflateSync(data.subarray(at)) : data.subarray(at)).toString('utf8');
}

const XMP = 'http://ns.adobe.com/xap/1.0/\0';
const EXTENSION = 'http://ns.adobe.com/xmp/extension/\0';

function jpegParts(file: Buffer): FilePart[] {
  const parts: FilePart[] = [{ name: 'FFD8', bytes: hex(file.subarray(0, 2)), xmp: null }];
  let at = 2;
  while (file[at + 1] !== 0xda) {
    const end = at + 2 + file.readUInt16BE(at + 2);
    const content = file.toString('latin1', at + 4, end);
    const skip = content.startsWith(XMP) ? XMP.length : content.startsWith(EXTENSION) ? EXTENSION.length + 40 : null;
    parts.push({
      name: file.toString('hex', at, at + 2),
      bytes: hex(file.subarray(at, end)),
      xmp: skip === null ? null : file.toString('utf8', at + 4 + skip, end),
    });
    at = end;
  }
  return [...parts, { name: 'scan', bytes: hex(file.subarray(at)), xmp: null }];
}

function webpParts(file: Buffer): FilePart[] {
  const parts: FilePart[] = [{ name: 'RIFF', bytes: hex(file.subarray(0, 12)), xmp: null }];
  const container = 8 + file.readUInt32LE(4);
  let at = 12;
  while (at < container) {
    const name = file.toString('latin1', at, at + 4);
    const length = file.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    const xmp = name === 'XMP ' ? file.toString('utf8', at + 8, at + 8 + length) : null;
    parts.push({ name, bytes: hex(file.subarray(at, Math.min(end, container))), xmp });
    at = end;
  }
  return container < file.length
    ? [...parts, { name: 'rest', bytes: hex(file.subarray(container)), xmp: null }]
    : parts;
}

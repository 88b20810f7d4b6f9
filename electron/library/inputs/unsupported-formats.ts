import { open, type FileHandle } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { readPngColour } from '../pixels/colour/png-colour.ts';

/** What a file is, and what a person can do to send it, each as a part of a sentence. */
export interface UnsupportedFormat {
  name: string;
  advice: string;
}

const SAVE_AS = 'PNG, JPEG, WebP and GIF are supported. Save it as one of these first.';
const DEVELOP = 'Develop it in a photo app and save it as JPEG or PNG.';
const HEAD_BYTES = 64 * 1024;

/** What a file of none of the supported formats is, by its content; null if that can't be told. */
export async function nameUnsupported(path: string): Promise<UnsupportedFormat | null> {
  const head = await readHead(path);
  const text = head.toString('latin1', 0, 512);
  return nameRaw(head, text) ?? nameBoxed(text) ?? nameCompressed(head) ?? nameArchive(text) ?? nameBySignature(text);
}

/** Variants of PNG and JPEG that no decoder here or in a browser reads; null for ordinary files. */
export async function nameVariant(path: string, format: 'png' | 'jpeg'): Promise<UnsupportedFormat | null> {
  return format === 'png' ? namePngVariant(path) : nameJpegVariant(path);
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Camera raw files. Most are TIFF inside: a maker's own mark, or the tags of the first directory tell them (TIFF 6.0; DNG 1.7). */
function nameRaw(head: Buffer, text: string): UnsupportedFormat | null {
  const raw = (kind: string): UnsupportedFormat => ({ name: `a camera raw file (${kind})`, advice: DEVELOP });
  if (/^II\*\0.{4}CR/su.test(text)) return raw('CR2');
  if (text.startsWith('II\x1a\0\0\0HEAPCCDR')) return raw('CRW');
  if (/^(?:IIRO|IIRS|MMOR)/u.test(text)) return raw('ORF');
  if (text.startsWith('IIU\0')) return raw('RW2');
  if (text.startsWith('FUJIFILMCCD-RAW')) return raw('RAF');
  if (text.startsWith('FOVb')) return raw('X3F');
  if (/^.{4}ftypcrx /su.test(text)) return raw('CR3');
  if (!/^(?:II\*\0|MM\0\*)/u.test(text)) return null;
  const { tags, make } = readTiffHead(head);
  if (tags.has(0xc612)) return raw('DNG');
  // A raw file's first directory describes a thumbnail; further ones, named by tag 0x14a, hold the sensor's data.
  const kinds: readonly (readonly [RegExp, string])[] = [
    [/^NIKON/iu, 'NEF'],
    [/^SONY/iu, 'ARW'],
    [/^(?:PENTAX|RICOH)/iu, 'PEF'],
    [/^SAMSUNG/iu, 'SRW'],
    [/^Hasselblad/iu, '3FR'],
  ];
  const kind = kinds.find(([pattern]) => pattern.test(make))?.[1];
  return kind && tags.has(0x014a) ? raw(kind) : { name: 'a TIFF', advice: SAVE_AS };
}

function readTiffHead(head: Buffer): { tags: Set<number>; make: string } {
  const little = head[0] === 0x49;
  const u16 = (at: number): number =>
    at + 2 > head.length ? 0 : little ? head.readUInt16LE(at) : head.readUInt16BE(at);
  const u32 = (at: number): number =>
    at + 4 > head.length ? 0 : little ? head.readUInt32LE(at) : head.readUInt32BE(at);
  const tags = new Set<number>();
  let make = '';
  const first = u32(4);
  for (let index = 0; index < Math.min(u16(first), 200); index += 1) {
    const entry = first + 2 + index * 12;
    tags.add(u16(entry));
    if (u16(entry) === 0x010f) make = head.toString('latin1', u32(entry + 8), u32(entry + 8) + 20);
  }
  return { tags, make };
}

/** ISO base media files, by their brands (ISO 14496-12, 4.3). */
function nameBoxed(text: string): UnsupportedFormat | null {
  const [, brands = ''] = /^.{4}ftyp(.{4,60})/su.exec(text) ?? [];
  if (brands === '') return null;
  if (/avi[fs]/u.test(brands)) return { name: 'an AVIF', advice: SAVE_AS };
  if (/^(?:hei|hev|mif1|msf1)/u.test(brands)) return { name: 'a HEIC', advice: SAVE_AS };
  if (/^M4[AB] /u.test(brands)) return { name: 'an audio file', advice: SAVE_AS };
  return { name: 'a video', advice: 'Save one of its frames as PNG or JPEG.' };
}

function nameCompressed(head: Buffer): UnsupportedFormat | null {
  if (head[0] !== 0x1f || head[1] !== 0x8b) return null;
  const advice = 'SVG can’t be sent as an image. Save it as PNG first.';
  return startsAsSvg(head) ? { name: 'a compressed SVG (SVGZ)', advice } : { name: 'an archive', advice: UNPACK };
}

const UNPACK = 'Unpack it first.';

function startsAsSvg(head: Buffer): boolean {
  try {
    // Cut off at the head's end, it decompresses as far as it goes.
    const start = gunzipSync(head, { maxOutputLength: 4_000_000, finishFlush: 2 });
    return /<svg[\s>]|<!DOCTYPE svg/u.test(start.toString('latin1', 0, 4096));
  } catch {
    return false;
  }
}

function nameArchive(text: string): UnsupportedFormat | null {
  if (!text.startsWith('PK\x03\x04')) return null;
  if (text.includes('application/x-krita')) return { name: 'a Krita file', advice: SAVE_AS };
  if (text.includes('image/openraster')) return { name: 'an OpenRaster file', advice: SAVE_AS };
  return { name: 'an archive', advice: UNPACK };
}

/** Other common formats, by their first bytes. */
const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/^(?:II\+\0|MM\0\+)/u, 'a TIFF'],
  [/^BM/u, 'a BMP'],
  [/^\0\0[\x01\x02]\0/u, 'an icon'],
  [/^icns/u, 'an icon'],
  [/^%PDF-/u, 'a PDF'],
  [/^(?:%!PS|\xc5\xd0\xd3\xc6)/u, 'a PostScript file'],
  [/^8BPS/u, 'a Photoshop file'],
  [/^gimp xcf/u, 'a GIMP file'],
  [/^(?:\xff\x0a|\0\0\0\x0cJXL )/u, 'a JPEG XL'],
  [/^(?:\0\0\0\x0cjP {2}|\xff\x4f\xff\x51)/u, 'a JPEG 2000'],
  [/^\x8aMNG/u, 'an MNG'],
  [/^qoif/u, 'a QOI'],
  [/^P[1-7][\s#]/u, 'a PNM'],
  [/^\x76\x2f\x31\x01/u, 'an OpenEXR'],
  [/^#\?(?:RADIANCE|RGBE)/u, 'a Radiance HDR'],
  [/^DDS /u, 'a DDS'],
  [/^SIMPLE {2}=/u, 'a FITS'],
  [/^.{128}DICM/su, 'a DICOM'],
  [/^RIFF.{4}AVI /su, 'a video'],
  [/^\x1a\x45\xdf\xa3/u, 'a video'],
  [/^(?:Rar!|7z\xbc\xaf)/u, 'an archive'],
  [/^\s*(?:<!doctype html|<html)/iu, 'a web page'],
];

function nameBySignature(text: string): UnsupportedFormat | null {
  const name = SIGNATURES.find(([pattern]) => pattern.test(text))?.[1];
  return name === undefined ? null : { name, advice: SAVE_AS };
}

async function namePngVariant(path: string): Promise<UnsupportedFormat | null> {
  const head = await readHead(path);
  if (head.toString('latin1', 12, 16) === 'CgBI')
    return { name: 'a PNG in Apple’s variant for iOS (CgBI)', advice: 'Save it as an ordinary PNG first.' };
  const { hdr } = await readPngColour(path);
  return hdr ? { name: 'an HDR PNG', advice: 'Save it with standard dynamic range first.' } : null;
}

/** A JPEG's kind, by its frame header (ITU-T T.81, B.2.2). */
async function nameJpegVariant(path: string): Promise<UnsupportedFormat | null> {
  const file = await open(path, 'r');
  try {
    const frame = await findFrame(file);
    if (!frame) return null;
    const advice = 'Save it as an ordinary JPEG with 8 bits per channel, or as PNG.';
    if (frame.precision > 8) return { name: `a ${frame.precision}-bit JPEG`, advice };
    if (frame.marker === 0xc3 || frame.marker === 0xf7) return { name: 'a lossless JPEG', advice };
    return null;
  } finally {
    await file.close();
  }
}

async function findFrame(file: FileHandle): Promise<{ marker: number; precision: number } | null> {
  const head = Buffer.alloc(5);
  for (let at = 2, count = 0; count < 500; count += 1) {
    const { bytesRead } = await file.read(head, 0, 5, at);
    const marker = head[1] ?? 0;
    if (bytesRead < 5 || head[0] !== 0xff || marker === 0xda) return null;
    const isFrame = marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker));
    if (isFrame) return { marker, precision: head[4] ?? 8 };
    at += marker === 0xff ? 1 : 2 + head.readUInt16BE(2);
  }
  return null;
}

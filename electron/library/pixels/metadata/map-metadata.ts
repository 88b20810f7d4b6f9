import type { FileHandle } from 'node:fs/promises';
import type { OutputFormat } from '../../../contract/catalogue/parameters.ts';
import { walkPngChunks } from '../colour/png-chunks.ts';
import { readAt, type MetadataBlock, type MetadataMap } from './metadata-block.ts';
import { readRiffEnd, walkRiffChunks } from './riff-chunks.ts';

/** Finds the metadata of a PNG, JPEG or WebP file; null for other formats and for files whose structure is broken. */
export function mapMetadata(file: FileHandle, format: OutputFormat): Promise<MetadataMap | null> {
  if (format === 'png') return mapPng(file);
  if (format === 'jpeg') return mapJpeg(file);
  return format === 'webp' ? mapWebp(file) : Promise.resolve(null);
}

/** Ancillary chunks that change what is shown (PNG Third Edition, 11.3), animations included. All others are metadata. */
const SHOWN_CHUNKS = new Set(
  'tRNS cICP iCCP sRGB gAMA cHRM sBIT mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT'.split(' '),
);

async function mapPng(file: FileHandle): Promise<MetadataMap | null> {
  const blocks: MetadataBlock[] = [];
  for await (const { type, at, length } of walkPngChunks(file)) {
    if (type === 'IEND') return { blocks, end: at + length + 4 };
    const isCritical = type.charAt(0) < 'a';
    if (isCritical || SHOWN_CHUNKS.has(type)) continue;
    const kind = type === 'eXIf' ? 'exif' : /^(?:tEXt|zTXt|iTXt)$/u.test(type) ? 'text' : 'other';
    blocks.push({ kind, type, start: at - 8, end: at + length + 4, content: at, contentEnd: at + length });
  }
  return null;
}

const SCAN_BYTES = 256 * 1024;

/** Segments until the end of the image (ITU-T T.81, annex B). Of the application segments, JFIF, ICC and Adobe are shown. */
async function mapJpeg(file: FileHandle): Promise<MetadataMap | null> {
  const blocks: MetadataBlock[] = [];
  let at = 2;
  for (let count = 0; count < 100_000; count += 1) {
    const head = await readAt(file, at, 40);
    const marker = head[1];
    if (head[0] !== 0xff || marker === undefined) return null;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) return { blocks, end: at + 2 };
    if (head.length < 4) return null;
    const end = at + 2 + head.readUInt16BE(2);
    const block = jpegBlock(marker, head.subarray(4), at, end);
    if (block) blocks.push(block);
    at = marker === 0xda ? await nextMarker(file, end) : end;
    if (at < 0) return null;
  }
  return null;
}

function jpegBlock(marker: number, content: Buffer, start: number, end: number): MetadataBlock | null {
  const starts = (text: string): boolean => content.toString('latin1').startsWith(text);
  const block = (kind: MetadataBlock['kind'], skip = 0): MetadataBlock => ({
    kind,
    start,
    end,
    content: start + 4 + skip,
    contentEnd: end,
  });
  if (marker === 0xfe) return block('text');
  if (marker < 0xe1 || marker > 0xef || marker === 0xee) return null;
  if (marker === 0xe2) return starts('ICC_PROFILE\0') ? null : block('other');
  if (marker === 0xe1 && starts('Exif\0')) return block('exif', 6);
  if (marker === 0xe1 && starts('http')) return block('xmp', 29);
  return block(marker === 0xed ? 'iptc' : 'other');
}

/** The next marker behind compressed data, which writes 0xFF as FF 00 and may contain restart markers; -1 if there is none. */
async function nextMarker(file: FileHandle, from: number): Promise<number> {
  for (let at = from; ;) {
    const part = await readAt(file, at, SCAN_BYTES);
    if (part.length < 2) return -1;
    for (
      let place = part.indexOf(0xff);
      place !== -1 && place + 1 < part.length;
      place = part.indexOf(0xff, place + 1)
    ) {
      const next = part[place + 1] ?? 0;
      if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at + place;
    }
    at += part.length - 1;
  }
}

const SHOWN_WEBP = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);

/** Chunks of the RIFF container (RFC 9649, 2.3). */
async function mapWebp(file: FileHandle): Promise<MetadataMap | null> {
  const end = await readRiffEnd(file);
  if (end === null || end > (await file.stat()).size) return null;
  const blocks: MetadataBlock[] = [];
  let reached = 12;
  for await (const { type, start, at, length, end: next } of walkRiffChunks(file, end)) {
    if (at + length > end) return null;
    reached = next;
    if (SHOWN_WEBP.has(type)) continue;
    const kind = type === 'EXIF' ? 'exif' : type === 'XMP ' ? 'xmp' : 'other';
    blocks.push({ kind, type, start, end: Math.min(next, end), content: at, contentEnd: at + length });
  }
  // Fewer than 8 bytes may be left, which are no chunk.
  return reached + 8 > end ? { blocks, end } : null;
}

import { open, type FileHandle } from 'node:fs/promises';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import { svgSize } from '../svg/svg-root.ts';

/** Width and height in pixels. */
export interface ImageSize {
  width: number;
  height: number;
}

const HEAD_BYTES = 64 * 1024;
/** More segments than these before a JPEG's frame header are in no file. */
const MAX_SEGMENTS = 500;

/**
 * The size that an image's header states, read in a few bytes and without a decoder, so that saving an image depends on nothing else.
 * Null if the header is damaged; 0 × 0 for formats whose header isn't read here. EXIF orientation isn't applied: decoding the image tells its size as displayed.
 */
export async function readStatedSize(path: string, format: FileFormat): Promise<ImageSize | null> {
  const file = await open(path, 'r');
  try {
    if (format === 'jpeg') return checked(await jpegSize(file));
    const head = await readAt(file, 0, HEAD_BYTES);
    const read = HEADERS[format];
    return read ? checked(read(head)) : { width: 0, height: 0 };
  } finally {
    await file.close();
  }
}

const checked = (size: ImageSize | null): ImageSize | null => (size && size.width > 0 && size.height > 0 ? size : null);

const HEADERS: Readonly<Partial<Record<FileFormat, (head: Buffer) => ImageSize | null>>> = {
  // PNG, 11.2.1: the first chunk. Apple's variant has another before it.
  png(head) {
    const at = head.indexOf('IHDR', 0, 'latin1');
    if (at < 0 || at > 64 || head.length < at + 12) return null;
    return { width: head.readUInt32BE(at + 4), height: head.readUInt32BE(at + 8) };
  },
  gif: (head) => (head.length < 13 ? null : { width: head.readUInt16LE(6), height: head.readUInt16LE(8) }),
  webp: webpSize,
  avif: avifSize,
  // The height is negative where rows go from top to bottom.
  bmp: (head) => (head.length < 26 ? null : { width: head.readInt32LE(18), height: Math.abs(head.readInt32LE(22)) }),
  svg: (head) => svgSize(head.toString('utf8')),
};

/** RFC 9649: an extended, lossless or lossy file. */
function webpSize(head: Buffer): ImageSize | null {
  if (head.length < 30) return null;
  const kind = head.toString('latin1', 12, 16);
  if (kind === 'VP8X') return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 };
  if (kind === 'VP8L') {
    const bits = head.readUInt32LE(21);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (kind !== 'VP8 ') return null;
  return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
}

/** The largest of an AVIF's `ispe` properties (ISO 23008-12, 6.5.3): others belong to its alpha plane or thumbnail. */
function avifSize(head: Buffer): ImageSize | null {
  let largest: ImageSize | null = null;
  for (
    let at = head.indexOf('ispe', 0, 'latin1');
    at >= 0 && at + 16 <= head.length;
    at = head.indexOf('ispe', at + 4, 'latin1')
  ) {
    const size = { width: head.readUInt32BE(at + 8), height: head.readUInt32BE(at + 12) };
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}

/** Follows a JPEG's segments to its frame header (ITU T.81, B.2.2). */
async function jpegSize(file: FileHandle): Promise<ImageSize | null> {
  let at = 2;
  for (let segment = 0; segment < MAX_SEGMENTS; segment += 1) {
    const head = await readAt(file, at, 9);
    if (head.length < 9 || head[0] !== 0xff) return null;
    const marker = head[1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: head.readUInt16BE(7), height: head.readUInt16BE(5) };
    // A fill byte; a marker without a length; any other segment.
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2;
    else at += 2 + head.readUInt16BE(2);
  }
  return null;
}

async function readAt(file: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, position);
  return buffer.subarray(0, bytesRead);
}

import { createWriteStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { OutputFormat } from '../../../contract/catalogue/parameters.ts';
import { pngChunk, PNG_HEADER_END } from '../colour/png-chunks.ts';
import { exifWithOrientation } from './exif.ts';
import { orientationIn } from './read-orientation.ts';
import { mapMetadata } from './map-metadata.ts';
import { readAt, type MetadataMap } from './metadata-block.ts';
import { jpegSegment, readPieces, webpChunk, type Piece } from './pieces.ts';

/**
 * Writes a file without its metadata and without what follows the image. Pixels, colour profile and orientation stay, byte for byte.
 * @returns false, with nothing written, if the format isn't PNG, JPEG or WebP, or the file's structure is broken
 */
export async function stripMetadata(path: string, format: OutputFormat, to: string): Promise<boolean> {
  const file = await open(path, 'r');
  let pieces: Piece[] | null;
  try {
    const map = await mapMetadata(file, format);
    pieces = map && (await planPieces(file, format, map));
  } finally {
    await file.close();
  }
  if (!pieces) return false;
  await pipeline(readPieces(path, pieces), createWriteStream(to, { flags: 'wx' }));
  return true;
}

async function planPieces(file: FileHandle, format: OutputFormat, map: MetadataMap): Promise<Piece[]> {
  const kept: { from: number; to: number }[] = [];
  let from = 0;
  for (const { start, end } of map.blocks) {
    kept.push({ from, to: start });
    from = end;
  }
  kept.push({ from, to: map.end });
  const orientation = await orientationIn(file, map);
  const exif = orientation > 1 ? exifWithOrientation(orientation) : null;
  if (format === 'webp') return webpPieces(file, kept, exif);
  const at = format === 'png' ? PNG_HEADER_END : 2;
  return exif ? insertAt(kept, at, format === 'png' ? pngChunk('eXIf', exif) : jpegExif(exif)) : kept;
}

/** An APP1 segment (CIPA DC-008, 4.7.2). */
function jpegExif(exif: Buffer): Buffer {
  return jpegSegment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exif]));
}

function insertAt(kept: readonly { from: number; to: number }[], at: number, piece: Buffer): Piece[] {
  return kept.flatMap((range): Piece[] =>
    range.from < at && range.to >= at ? [{ from: range.from, to: at }, piece, { from: at, to: range.to }] : [range],
  );
}

const HAS_EXIF = 0x08;
const HAS_XMP = 0x04;

/** Corrects the container's length and the flags of its extended header (RFC 9649, 2.7). */
async function webpPieces(
  file: FileHandle,
  kept: readonly { from: number; to: number }[],
  exif: Buffer | null,
): Promise<Piece[]> {
  const head = Buffer.from(await readAt(file, 0, 30));
  const isExtended = head.toString('latin1', 12, 16) === 'VP8X';
  const chunk = exif && isExtended ? webpChunk('EXIF', exif) : Buffer.alloc(0);
  const body = kept.reduce((sum, { from, to }) => sum + to - from, 0);
  head.writeUInt32LE(body + chunk.length - 8, 4);
  const headEnd = isExtended ? 21 : 12;
  if (isExtended) head[20] = ((head[20] ?? 0) & ~(HAS_EXIF | HAS_XMP)) | (chunk.length > 0 ? HAS_EXIF : 0);
  const rest = kept.map(({ from, to }) => ({ from: Math.max(from, headEnd), to }));
  return [head.subarray(0, headEnd), ...rest, chunk];
}

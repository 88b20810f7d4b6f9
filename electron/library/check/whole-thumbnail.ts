import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Sha256 } from '../../contract/entities/ids.ts';
import { PREVIEW_EDGE, THUMBNAIL_EDGE, thumbnailPath } from '../files/folders.ts';

/** Bytes of a WebP's header: `RIFF`, the length of what follows, `WEBP`. */
const HEAD_BYTES = 12;

/** Whether both thumbnails of an original are there to their last byte, by their headers. */
export function hasWholeThumbnails(folder: string, sha256: Sha256): boolean {
  return ([PREVIEW_EDGE, THUMBNAIL_EDGE] as const).every((edge) => isWholeWebp(thumbnailPath(folder, sha256, edge)));
}

function isWholeWebp(path: string): boolean {
  try {
    const file = openSync(path, 'r');
    try {
      const head = Buffer.alloc(HEAD_BYTES);
      if (readSync(file, head, 0, HEAD_BYTES, 0) < HEAD_BYTES) return false;
      const isWebp = head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8) === 'WEBP';
      return isWebp && fstatSync(file).size >= head.readUInt32LE(4) + 8;
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

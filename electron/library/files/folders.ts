import { join } from 'node:path';
import type { GenerationId, ImageId, Sha256, Timestamp } from '../../contract/entities/ids.ts';
import type { OutputFormat } from '../../contract/catalogue/parameters.ts';

/** Paths inside a library. They are part of its open format: changing one needs a migration. */
export const DATABASE = 'library.db';
export const LOCK = 'library.lock';
export const INCOMING = 'incoming';
export const QUARANTINE = 'quarantine';
export const FOLDERS = ['originals', 'thumbnails', 'records', INCOMING, QUARANTINE] as const;

/** Longest edges of the two thumbnail sizes, in pixels. */
export const PREVIEW_EDGE = 512;
export const THUMBNAIL_EDGE = 256;
type ThumbnailEdge = typeof PREVIEW_EDGE | typeof THUMBNAIL_EDGE;

/** `originals/ab/cdef….png`: the bytes as received, named by their SHA-256. */
export function originalPath(folder: string, sha256: Sha256, format: OutputFormat): string {
  return join(folder, 'originals', sha256.slice(0, 2), `${sha256.slice(2)}.${format === 'jpeg' ? 'jpg' : format}`);
}

/** `thumbnails/512/ab/cdef….webp`: derived from the original. */
export function thumbnailPath(folder: string, sha256: Sha256, edge: ThumbnailEdge): string {
  return join(folder, 'thumbnails', String(edge), sha256.slice(0, 2), `${sha256.slice(2)}.webp`);
}

/**
 * `thumbnails/heat/ab/<image>.webp`: derived too. Sharded by the id's last two digits, which vary more than the first (UUIDv7).
 */
export function heatMapPath(folder: string, imageId: ImageId): string {
  return join(folder, 'thumbnails', 'heat', imageId.slice(-2), `${imageId}.webp`);
}

/** `records/2026/11/<generation>.json`, by the UTC month in which the request was created. */
export function sidecarPath(folder: string, generationId: GenerationId, createdAt: Timestamp): string {
  const [year = '', month = ''] = new Date(createdAt).toISOString().split('-');
  return join(folder, 'records', year, month, `${generationId}.json`);
}

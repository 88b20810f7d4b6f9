import { join } from 'node:path';
import type { GenerationId, ImageId, Sha256, Timestamp } from '../../contract/entities/ids.ts';
import type { OutputFormat } from '../../contract/catalogue/parameters.ts';

/** Where things are inside a library. Everything here is part of the library's open format: a change needs a migration. */
export const DATABASE = 'library.db';
export const LOCK = 'library.lock';
export const INCOMING = 'incoming';
export const QUARANTINE = 'quarantine';
export const FOLDERS = ['originals', 'thumbnails', 'records', INCOMING, QUARANTINE] as const;

/** Longest edges of the two thumbnails in pixels. */
export const PREVIEW_EDGE = 512;
export const THUMBNAIL_EDGE = 256;
type ThumbnailEdge = typeof PREVIEW_EDGE | typeof THUMBNAIL_EDGE;

/** `originals/ab/cdef….png`: bytes as they came, named by their SHA-256. */
export function originalPath(folder: string, sha256: Sha256, format: OutputFormat): string {
  return join(folder, 'originals', sha256.slice(0, 2), `${sha256.slice(2)}.${format === 'jpeg' ? 'jpg' : format}`);
}

/** `thumbnails/512/ab/cdef….webp`: can be made again from the original at any time. */
export function thumbnailPath(folder: string, sha256: Sha256, edge: ThumbnailEdge): string {
  return join(folder, 'thumbnails', String(edge), sha256.slice(0, 2), `${sha256.slice(2)}.webp`);
}

/** `thumbnails/heat/ab/<image>.webp`: can be made again too. The end of an id differs more than its beginning. */
export function heatMapPath(folder: string, imageId: ImageId): string {
  return join(folder, 'thumbnails', 'heat', imageId.slice(-2), `${imageId}.webp`);
}

/** `records/2026/11/<generation>.json`, by the month in UTC in which the person clicked. */
export function sidecarPath(folder: string, generationId: GenerationId, createdAt: Timestamp): string {
  const [year = '', month = ''] = new Date(createdAt).toISOString().split('-');
  return join(folder, 'records', year, month, `${generationId}.json`);
}

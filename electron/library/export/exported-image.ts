import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import type { ImageId, Sha256 } from '../../contract/entities/ids.ts';
import type { ImageRecord } from '../../contract/entities/image-records.ts';
import { prepare, type Readable } from '../db/database.ts';
import { originalPath } from '../files/folders.ts';
import { readImage } from '../image-record.ts';

/** The file that shows an image: its masked result, if it has one. */
export interface Source {
  path: string;
  sha256: Sha256;
  format: FileFormat;
}

export function sourceOf(folder: string, { strict, sha256, format }: ImageRecord): Source {
  const file = strict?.state === 'done' ? ({ sha256: strict.sha256, format: 'png' } as const) : { sha256, format };
  return { ...file, path: originalPath(folder, file.sha256, file.format) };
}

/** An image with everything known about it by its place in the timeline; null if it was deleted. */
export function readByTimeline(db: Readable, timeline: number): ImageRecord | null {
  const row = prepare<[number], { id: ImageId }>(db, 'SELECT id FROM images WHERE timeline = ?').get(timeline);
  return row ? readImage(db, row.id) : null;
}

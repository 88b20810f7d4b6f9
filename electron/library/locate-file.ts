import { statSync } from 'node:fs';
import type { GenerationId, ImageId } from '../contract/entities.ts';
import type { OutputFormat } from '../contract/parameters.ts';
import { prepare } from './database.ts';
import { originalPath, PREVIEW_EDGE, THUMBNAIL_EDGE, thumbnailPath } from './folders.ts';
import { MEDIA_TYPES } from './format.ts';
import type { Library } from './handle.ts';
import type { PartialRow, PictureRow } from './picture-rows.ts';

/** What a picture's address asks for. */
export type FileOf =
  | { kind: 'original' | 'preview' | 'thumbnail'; imageId: ImageId }
  | { kind: 'partial'; generationId: GenerationId; index: number };

interface LocatedFile {
  path: string;
  mediaType: string;
  /** False while an original stands in for a thumbnail that is still to be made: then it must not be remembered under its address. */
  final: boolean;
}

/** The file behind a picture's address, if it is on the disk; otherwise null. See {@link locateFiles}. */
export function locateFile(library: Library, wanted: FileOf): LocatedFile | null {
  return locateFiles(library, wanted).find(({ path }) => statSync(path, { throwIfNoEntry: false })) ?? null;
}

/**
 * The files that can stand behind a picture's address, best first: an original stands in for a thumbnail that is not there (not yet
 * developed, too large, or lost). The disk is not asked, so that whoever opens the first that can be opened asks it once.
 */
export function locateFiles(library: Library, wanted: FileOf): LocatedFile[] {
  return wanted.kind === 'partial'
    ? locatePartial(library, wanted.generationId, wanted.index)
    : locatePicture(library, wanted);
}

function locatePicture(
  { db, folder }: Library,
  { kind, imageId }: Exclude<FileOf, { kind: 'partial' }>,
): LocatedFile[] {
  const sql = `SELECT i.sha256, o.format, i.developed_at FROM images i JOIN originals o ON o.sha256 = i.sha256 WHERE i.id = ?`;
  type Row = Pick<PictureRow, 'sha256' | 'format'> & { developed_at: number | null };
  const row = prepare<[string], Row>(db, sql).get(imageId);
  if (!row) return [];
  const original = originalPath(folder, row.sha256, row.format);
  if (kind === 'original') return [fileAt(original, row.format, true)];
  const edge = kind === 'preview' ? PREVIEW_EDGE : THUMBNAIL_EDGE;
  const thumbnail = fileAt(thumbnailPath(folder, row.sha256, edge), 'webp', true);
  return [thumbnail, fileAt(original, row.format, row.developed_at !== null)];
}

function locatePartial({ db, folder }: Library, generationId: GenerationId, index: number): LocatedFile[] {
  const sql = `SELECT o.sha256, o.format FROM partials p JOIN originals o ON o.sha256 = p.sha256
    WHERE p.generation_id = ? AND p.ordinal = ?`;
  const row = prepare<[string, number], Pick<PartialRow, 'sha256' | 'format'>>(db, sql).get(generationId, index);
  return row ? [fileAt(originalPath(folder, row.sha256, row.format), row.format, true)] : [];
}

function fileAt(path: string, format: OutputFormat, final: boolean): LocatedFile {
  return { path, mediaType: MEDIA_TYPES[format], final };
}

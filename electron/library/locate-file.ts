import { statSync } from 'node:fs';
import type { GenerationId, ImageId, Sha256 } from '../contract/entities.ts';
import type { OutputFormat } from '../contract/parameters.ts';
import { prepare } from './database.ts';
import { originalPath, PREVIEW_EDGE, THUMBNAIL_EDGE, thumbnailPath } from './folders.ts';
import { MEDIA_TYPES } from './format.ts';
import type { Library } from './handle.ts';
import { formatOfInput } from './input-files.ts';
import type { PartialRow, PictureRow } from './picture-rows.ts';

/** What a picture's address asks for. */
export type FileOf =
  | { kind: 'original' | 'preview' | 'thumbnail'; imageId: ImageId }
  | { kind: 'partial'; generationId: GenerationId; index: number }
  | { kind: 'input' | 'input-thumbnail'; sha256: Sha256 };

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
  switch (wanted.kind) {
    case 'partial':
      return locatePartial(library, wanted.generationId, wanted.index);
    case 'input':
    case 'input-thumbnail':
      return locateInput(library, wanted.kind, wanted.sha256);
    default:
      return locatePicture(library, wanted.kind, wanted.imageId);
  }
}

function locatePicture(
  { db, folder }: Library,
  kind: 'original' | 'preview' | 'thumbnail',
  imageId: ImageId,
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

/** Only of hashes that went out once, or are about to: an original that is neither has its own address. */
function locateInput({ db, folder }: Library, kind: 'input' | 'input-thumbnail', sha256: Sha256): LocatedFile[] {
  const format = formatOfInput(db, sha256);
  if (format === null) return [];
  const original = originalPath(folder, sha256, format);
  if (kind === 'input') return [fileAt(original, format, true)];
  return [
    fileAt(thumbnailPath(folder, sha256, THUMBNAIL_EDGE), 'webp', true),
    // A thumbnail that was lost may be made again.
    fileAt(original, format, false),
  ];
}

function fileAt(path: string, format: OutputFormat, final: boolean): LocatedFile {
  return { path, mediaType: MEDIA_TYPES[format], final };
}

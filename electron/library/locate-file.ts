import { statSync } from 'node:fs';
import type { GenerationId, ImageId, Sha256 } from '../contract/entities/ids.ts';
import type { OutputFormat } from '../contract/catalogue/parameters.ts';
import { prepare } from './db/database.ts';
import { originalPath, PREVIEW_EDGE, THUMBNAIL_EDGE, thumbnailPath } from './files/folders.ts';
import { MEDIA_TYPES } from './files/format.ts';
import type { Library } from './files/library-handle.ts';
import { readInputFormat } from './inputs/input-files.ts';
import type { PartialRow, ImageRow } from './images/image-rows.ts';
import { STRICT_JOIN } from './images/strict-results.ts';

/** What an image's address asks for. */
export type ImageFileRef =
  | { kind: 'original'; imageId: ImageId }
  /** `made`: the beginning of the strict result's hash, for an address that always shows the same. */
  | { kind: 'preview' | 'thumbnail'; imageId: ImageId; strictHash?: string | undefined }
  | { kind: 'partial'; generationId: GenerationId; index: number }
  | { kind: 'input' | 'input-thumbnail'; sha256: Sha256 };

interface LocatedFile {
  path: string;
  mediaType: string;
  /** False while an original stands in for a thumbnail that is still to be made: then it must not be remembered under its address. */
  cacheable: boolean;
}

/** The file behind an image's address, if it is on the disk; otherwise null. See {@link locateFiles}. */
export function locateFile(library: Library, wanted: ImageFileRef): LocatedFile | null {
  return locateFiles(library, wanted).find(({ path }) => statSync(path, { throwIfNoEntry: false })) ?? null;
}

/**
 * The files that can stand behind an image's address, best first: an original stands in for a thumbnail that is not there (not yet
 * developed, too large, or lost). The disk is not asked, so that whoever opens the first that can be opened asks it once.
 */
export function locateFiles(library: Library, wanted: ImageFileRef): LocatedFile[] {
  switch (wanted.kind) {
    case 'partial':
      return locatePartial(library, wanted.generationId, wanted.index);
    case 'input':
    case 'input-thumbnail':
      return locateInput(library, wanted.kind, wanted.sha256);
    case 'original':
      return locateOriginal(library, wanted.imageId);
    default:
      return locateThumbnail(library, wanted);
  }
}

interface FileRow extends Pick<ImageRow, 'sha256' | 'format' | 'strict_state' | 'strict_sha256'> {
  developed_at: number | null;
}

function readFileRow({ db }: Library, imageId: ImageId): FileRow | null {
  const sql = `SELECT i.sha256, o.format, i.developed_at, s.state AS strict_state, s.sha256 AS strict_sha256
    FROM images i JOIN originals o ON o.sha256 = i.sha256 ${STRICT_JOIN} WHERE i.id = ?`;
  return prepare<[string], FileRow>(db, sql).get(imageId) ?? null;
}

function locateOriginal(library: Library, imageId: ImageId): LocatedFile[] {
  const row = readFileRow(library, imageId);
  return row ? [fileAt(originalPath(library.folder, row.sha256, row.format), row.format, true)] : [];
}

/** What a strict mask made of an image is what the person asked for, so its small copies stand for the image. */
function locateThumbnail(
  library: Library,
  { kind, imageId, strictHash }: Extract<ImageFileRef, { kind: 'preview' | 'thumbnail' }>,
): LocatedFile[] {
  const row = readFileRow(library, imageId);
  if (!row) return [];
  const { folder } = library;
  const edge = kind === 'preview' ? PREVIEW_EDGE : THUMBNAIL_EDGE;
  // While a strict mask is or was wished for, the same address shows another image sooner or later.
  const lasting = row.strict_state === null;
  const own = [
    fileAt(thumbnailPath(folder, row.sha256, edge), 'webp', lasting),
    fileAt(originalPath(folder, row.sha256, row.format), row.format, lasting && row.developed_at !== null),
  ];
  if (row.strict_sha256 === null) return own;
  const named = strictHash !== undefined && row.strict_sha256.startsWith(strictHash);
  return [
    fileAt(thumbnailPath(folder, row.strict_sha256, edge), 'webp', named),
    fileAt(originalPath(folder, row.strict_sha256, 'png'), 'png', false),
    ...own,
  ];
}

function locatePartial({ db, folder }: Library, generationId: GenerationId, index: number): LocatedFile[] {
  const sql = `SELECT o.sha256, o.format FROM partials p JOIN originals o ON o.sha256 = p.sha256
    WHERE p.generation_id = ? AND p.ordinal = ?`;
  const row = prepare<[string, number], Pick<PartialRow, 'sha256' | 'format'>>(db, sql).get(generationId, index);
  return row ? [fileAt(originalPath(folder, row.sha256, row.format), row.format, true)] : [];
}

/** Only of hashes that went out once, or are about to: an original that is neither has its own address. */
function locateInput({ db, folder }: Library, kind: 'input' | 'input-thumbnail', sha256: Sha256): LocatedFile[] {
  const format = readInputFormat(db, sha256);
  if (format === null) return [];
  const original = originalPath(folder, sha256, format);
  if (kind === 'input') return [fileAt(original, format, true)];
  return [
    fileAt(thumbnailPath(folder, sha256, THUMBNAIL_EDGE), 'webp', true),
    // A thumbnail that was lost may be made again.
    fileAt(original, format, false),
  ];
}

function fileAt(path: string, format: OutputFormat, cacheable: boolean): LocatedFile {
  return { path, mediaType: MEDIA_TYPES[format], cacheable };
}

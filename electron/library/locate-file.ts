import { statSync } from 'node:fs';
import type { GenerationId, ImageId, Sha256 } from '../contract/entities/ids.ts';
import { fileFormatFacts, type FileFormat } from '../contract/catalogue/file-formats.ts';
import { prepare } from './db/database.ts';
import { originalPath, PREVIEW_EDGE, THUMBNAIL_EDGE, thumbnailPath } from './files/folders.ts';
import type { Library } from './files/library-handle.ts';
import { readInputFormat } from './inputs/input-files.ts';
import { flawOf, type PartialRow, type ImageRow } from './images/image-rows.ts';
import { STRICT_JOIN } from './images/strict-results.ts';

/** What an image URL refers to. */
export type ImageFileRef =
  | { kind: 'original'; imageId: ImageId }
  /** `strictHash`: first digits of the strict result's hash, for a URL whose content never changes. */
  | { kind: 'preview' | 'thumbnail'; imageId: ImageId; strictHash?: string | undefined }
  | { kind: 'partial'; generationId: GenerationId; index: number }
  | { kind: 'input' | 'input-thumbnail'; sha256: Sha256 };

interface LocatedFile {
  path: string;
  mediaType: string;
  /** False while the original stands in for a thumbnail that doesn't exist yet: the URL must not be cached then. */
  cacheable: boolean;
}

/** The existing file behind an image URL, or null. See {@link locateFiles}. */
export function locateFile(library: Library, wanted: ImageFileRef): LocatedFile | null {
  return locateFiles(library, wanted).find(({ path }) => statSync(path, { throwIfNoEntry: false })) ?? null;
}

/**
 * Candidate files behind an image URL, best first: the original stands in for a thumbnail that doesn't exist (not yet created,
 * too large, or lost). The disk isn't touched, so the caller opens the first one that exists.
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

interface FileRow extends Pick<
  ImageRow,
  'sha256' | 'format' | 'flaw' | 'flaw_cause' | 'strict_state' | 'strict_sha256'
> {
  developed_at: number | null;
}

function readFileRow({ db }: Library, imageId: ImageId): FileRow | null {
  const sql = `SELECT i.sha256, o.format, i.flaw, i.flaw_cause, i.developed_at, s.state AS strict_state, s.sha256 AS strict_sha256
    FROM images i JOIN originals o ON o.sha256 = i.sha256 ${STRICT_JOIN} WHERE i.id = ?`;
  return prepare<[string], FileRow>(db, sql).get(imageId) ?? null;
}

function locateOriginal(library: Library, imageId: ImageId): LocatedFile[] {
  const row = readFileRow(library, imageId);
  return row ? [fileAt(originalPath(library.folder, row.sha256, row.format), row.format, true)] : [];
}

/** Not where the page can't display it, or where it may keep the page as busy as it kept the decoder. */
function standsInForThumbnail(row: FileRow): boolean {
  const flaw = flawOf(row);
  return fileFormatFacts(row.format).shown === 'browser' && flaw !== 'decoder-failed' && flaw !== 'too-large';
}

/** Thumbnails show the strict mask's result if there is one. */
function locateThumbnail(
  library: Library,
  { kind, imageId, strictHash }: Extract<ImageFileRef, { kind: 'preview' | 'thumbnail' }>,
): LocatedFile[] {
  const row = readFileRow(library, imageId);
  if (!row) return [];
  const { folder } = library;
  const edge = kind === 'preview' ? PREVIEW_EDGE : THUMBNAIL_EDGE;
  // While a strict mask is due, the URL's content will change.
  const lasting = row.strict_state === null;
  const original = fileAt(
    originalPath(folder, row.sha256, row.format),
    row.format,
    lasting && row.developed_at !== null,
  );
  const own = [
    fileAt(thumbnailPath(folder, row.sha256, edge), 'webp', lasting),
    ...(standsInForThumbnail(row) ? [original] : []),
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

/** Only files that are or were inputs; other originals have URLs of their own. */
function locateInput({ db, folder }: Library, kind: 'input' | 'input-thumbnail', sha256: Sha256): LocatedFile[] {
  const format = readInputFormat(db, sha256);
  if (format === null) return [];
  const original = originalPath(folder, sha256, format);
  if (kind === 'input') return [fileAt(original, format, true)];
  return [
    fileAt(thumbnailPath(folder, sha256, THUMBNAIL_EDGE), 'webp', true),
    // A lost thumbnail may be recreated.
    fileAt(original, format, false),
  ];
}

function fileAt(path: string, format: FileFormat, cacheable: boolean): LocatedFile {
  return { path, mediaType: fileFormatFacts(format).mediaType, cacheable };
}

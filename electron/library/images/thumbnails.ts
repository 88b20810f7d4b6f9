import type { ImageId } from '../../contract/entities/ids.ts';
import type { Image } from '../../contract/entities/images.ts';
import { fileFormatFacts } from '../../contract/catalogue/file-formats.ts';
import { canRetryThumbnail, isDamage, type ImageFlaw } from '../../contract/entities/image-flaws.ts';
import { prepare, transact, type Readable, type Writable } from '../db/database.ts';
import { DecoderError } from '../decoding/operation.ts';
import type { ThumbnailSet } from '../pixels/decode.ts';
import type { Size } from '../pixels/change-messages.ts';
import { isSigned } from '../pixels/metadata/is-signed.ts';
import { isDecodable, MAX_THUMBNAIL_PIXELS } from '../pixels/limits.ts';
import { RENDER_THUMBNAILS } from '../pixels/operations.ts';
import { writeDerived } from '../files/derived-files.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { originalPath, PREVIEW_EDGE, THUMBNAIL_EDGE, thumbnailPath } from '../files/folders.ts';
import { requireFile } from '../files/require-file.ts';
import { isWholeBitmap } from '../files/whole-image.ts';
import { markSidecarOutdated, sidecarOf } from '../files/sidecar-marks.ts';
import type { Library } from '../files/library-handle.ts';
import { storeSigned } from './signed-images.ts';
import {
  flawColumns,
  flawOf,
  readImageRow,
  requireImageRow,
  rowToImage,
  type FlawColumns,
  type ImageRow,
} from './image-rows.ts';

/** Starts after which decoding an image counts as what ended the application each time. */
const MAX_STARTS = 3;
/** Decoding processes that an image may end. */
const MAX_FAILURES = 2;

type Decoded = { thumbnails: ThumbnailSet; size: Size | null } | { flaw: ImageFlaw };

/**
 * Decodes an image and writes its thumbnails (512 and 256 pixels, WebP), thumbhash, difference hash and whether it is signed: files first, then the row. An image that
 * can't have thumbnails is marked with the reason and kept; if it is damaged, its sidecar becomes outdated. An image that ends
 * its decoding process is tried once more, at the next start.
 * @throws StudioError `not-found`, `file-missing`, `disk-full`, `disk-unwritable`; DecoderError
 */
export async function createThumbnails(library: Library, imageId: ImageId): Promise<Image> {
  const { folder } = library;
  const row = requireImageRow(library.db, imageId);
  const path = requireFile(originalPath(folder, row.sha256, row.format));
  const flaw = row.format === 'bmp' && !(await isWholeBitmap(path)) ? 'truncated' : knownFlaw(row);
  const decoded = flaw ? { flaw } : await decodeCounted(library, row, path);
  let signed: boolean;
  try {
    if ('thumbnails' in decoded) await writeThumbnails(folder, row, decoded.thumbnails);
    signed = await isSigned(path, row.format);
  } catch (thrown) {
    throw toDiskError(thrown, { folder });
  }
  return storeThumbnails(library, row, { ...decoded, signed });
}

/**
 * Forgets how often decoding these images failed: their thumbnails are due again, at the next start if not before. Each flaw stays until then. An
 * image that has a thumbnail is left alone.
 */
export function resetThumbnails(db: Writable, imageIds: readonly ImageId[]): void {
  const sql = `UPDATE images SET developed_at = NULL, decode_starts = 0, decode_failures = 0
    WHERE id = ? AND (flaw IS NOT NULL OR flaw_cause IS NOT NULL)`;
  transact(db, () => {
    for (const id of imageIds) prepare<[string]>(db, sql).run(id);
  });
}

/**
 * Makes thumbnails until they exist or the reason why not is stored, so at most {@link MAX_FAILURES} times.
 * @throws like {@link createThumbnails}, except for failures of the image itself
 */
export async function settleThumbnails(library: Library, imageId: ImageId): Promise<Image> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await createThumbnails(library, imageId);
    } catch (thrown) {
      const again = thrown instanceof DecoderError && thrown.isFileAtFault && failures < MAX_FAILURES;
      if (!again) throw thrown;
    }
  }
}

/** What keeps an image from being decoded at all. */
function knownFlaw(row: ImageRow): ImageFlaw | null {
  const { isImage } = fileFormatFacts(row.format);
  if (!isImage) return 'not-an-image';
  if (!isDecodable(row.format)) return 'no-preview';
  if (row.format !== 'svg' && row.width * row.height > MAX_THUMBNAIL_PIXELS) return 'too-large';
  return row.decode_starts >= MAX_STARTS ? 'decoder-failed' : null;
}

/**
 * Decodes an image, counting in its row that it was begun: if it ends the application, the next start knows. Only an end of the
 * decoding process by the image itself counts as a failure.
 */
async function decodeCounted({ db, decoding }: Library, { id, format }: ImageRow, path: string): Promise<Decoded> {
  countStart(db, id, 1);
  try {
    const result = await decoding.run(RENDER_THUMBNAILS, { path, format });
    if ('flaw' in result) return result;
    return result.thumbnails ? { thumbnails: result.thumbnails, size: result.size } : { flaw: 'too-costly' };
  } catch (thrown) {
    countStart(db, id, -1);
    if (!(thrown instanceof DecoderError && thrown.isFileAtFault)) throw thrown;
    if (countFailure(db, id) < MAX_FAILURES) throw thrown;
    return { flaw: thrown.failure === 'crash' ? 'decoder-failed' : 'too-costly' };
  }
}

function countStart(db: Writable, id: ImageId, change: 1 | -1): void {
  transact(db, () => {
    prepare<[number, string]>(db, 'UPDATE images SET decode_starts = max(0, decode_starts + ?) WHERE id = ?').run(
      change,
      id,
    );
  });
}

/** @returns how often it has failed */
function countFailure(db: Writable, id: ImageId): number {
  const sql =
    'UPDATE images SET decode_failures = decode_failures + 1 WHERE id = ? RETURNING decode_failures AS failures';
  return transact(db, () => prepare<[string], { failures: number }>(db, sql).get(id)?.failures ?? MAX_FAILURES);
}

async function writeThumbnails(folder: string, row: ImageRow, { preview, thumbnail }: ThumbnailSet): Promise<void> {
  await writeDerived(folder, thumbnailPath(folder, row.sha256, PREVIEW_EDGE), preview);
  await writeDerived(folder, thumbnailPath(folder, row.sha256, THUMBNAIL_EDGE), thumbnail);
}

/** Stores the result in the image's row. If the damage mark or the thumbhash changes, the sidecar becomes outdated. */
function storeThumbnails({ db }: Library, before: ImageRow, decoded: Decoded & { signed: boolean }): Image {
  const { thumbnails, size } = 'thumbnails' in decoded ? decoded : { thumbnails: null, size: null };
  const flaw = 'flaw' in decoded ? decoded.flaw : null;
  const sql = `UPDATE images SET width = :width, height = :height, thumbhash = :thumbhash, dhash = :dhash, has_alpha = :alpha, flaw = :flaw,
    flaw_cause = :flaw_cause, developed_at = :at WHERE id = :id`;
  return transact(db, () => {
    prepare<[Record<string, string | number | Uint8Array | null>]>(db, sql).run({
      width: size?.width ?? before.width,
      height: size?.height ?? before.height,
      thumbhash: thumbnails?.thumbhash ?? null,
      dhash: thumbnails?.dhash ?? null,
      alpha: thumbnails?.hasAlpha ? 1 : 0,
      ...flawColumns(flaw),
      at: Date.now(),
      id: before.id,
    });
    storeSigned(db, before.id, decoded.signed);
    const isSaid = isDamage(flaw) === isDamage(flawOf(before)) && (thumbnails?.thumbhash ?? null) === before.thumbhash;
    if (!isSaid) markSidecarOutdated(db, sidecarOf(before));
    return rowToImage(requireImageRow(db, before.id));
  });
}

/** Whether an image is a drawing, whose decoding may take long. */
export function isDrawing({ db }: Library, imageId: ImageId): boolean {
  return readImageRow(db, imageId)?.format === 'svg';
}

/** Saved images that were never decoded, because a crash came in between: newest first, drawings, which may take long, last. */
export function listImagesWithoutThumbnails(db: Readable, limit: number): ImageId[] {
  const sql = `SELECT i.id FROM images i JOIN originals o ON o.sha256 = i.sha256 WHERE i.developed_at IS NULL
    ORDER BY o.format = 'svg', i.timeline DESC LIMIT ?`;
  return prepare<[number], { id: ImageId }>(db, sql)
    .all(limit)
    .map((row) => row.id);
}

/** All images without thumbnails for which making them again may end differently, in the trash or not, newest first. */
export function listRetryable(db: Readable): ImageId[] {
  const sql = `SELECT id, flaw, flaw_cause FROM images WHERE flaw IS NOT NULL OR flaw_cause IS NOT NULL ORDER BY timeline DESC`;
  const rows = prepare<[], FlawColumns & { id: ImageId }>(db, sql).all();
  return rows.filter((row) => canRetryThumbnail(flawOf(row))).map(({ id }) => id);
}

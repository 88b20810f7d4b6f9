import type { ImageId } from '../../contract/entities/ids.ts';
import type { Image } from '../../contract/entities/images.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { prepare, transact, type Readable } from '../db/database.ts';
import type { ThumbnailSet } from '../pixels/decode.ts';
import type { Size } from '../pixels/change-messages.ts';
import { MAX_PIXELS } from '../pixels/limits.ts';
import { RENDER_THUMBNAILS } from '../pixels/operations.ts';
import { writeDerived } from '../files/derived-files.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { originalPath, PREVIEW_EDGE, THUMBNAIL_EDGE, thumbnailPath } from '../files/folders.ts';
import { requireFile } from '../files/require-file.ts';
import { markSidecarOutdated } from '../files/sidecar-marks.ts';
import type { Library } from '../files/library-handle.ts';
import { isDamaged, requireImageRow, rowToImage, type Flaw, type ImageRow } from './image-rows.ts';

/**
 * Decodes an image and writes its thumbnails (512 and 256 pixels, WebP) and thumbhash: files first, then the row. An image that
 * can't be decoded is marked as damaged and kept, and its sidecar becomes outdated.
 * @throws StudioError `not-found`, `file-missing`, `disk-full`, `disk-unwritable`
 */
export async function createThumbnails(library: Library, imageId: ImageId): Promise<Image> {
  const { folder } = library;
  const row = requireImageRow(library.db, imageId);
  const { thumbnails, size, flaw } = await decodeThumbnails(library, row);
  try {
    if (thumbnails) await writeThumbnails(folder, row, thumbnails);
  } catch (thrown) {
    throw toDiskError(thrown, { folder });
  }
  return storeThumbnails(library, size ? { ...row, ...size } : row, thumbnails, flaw);
}

async function decodeThumbnails(
  { decoding, folder }: Library,
  row: ImageRow,
): Promise<{ thumbnails: ThumbnailSet | null; size: Size | null; flaw: Flaw | null }> {
  const path = requireFile(originalPath(folder, row.sha256, row.format));
  if (row.format !== 'svg' && row.width * row.height > MAX_PIXELS)
    return { thumbnails: null, size: null, flaw: 'too-large' };
  try {
    return { ...(await decoding.run(RENDER_THUMBNAILS, { path, format: row.format })), flaw: null };
  } catch (thrown) {
    if (!(thrown instanceof StudioError) || thrown.code !== 'image-undecodable') throw thrown;
    return { thumbnails: null, size: null, flaw: 'undecodable' };
  }
}

async function writeThumbnails(folder: string, row: ImageRow, { preview, thumbnail }: ThumbnailSet): Promise<void> {
  await writeDerived(folder, thumbnailPath(folder, row.sha256, PREVIEW_EDGE), preview);
  await writeDerived(folder, thumbnailPath(folder, row.sha256, THUMBNAIL_EDGE), thumbnail);
}

/** Stores the result in the image's row. If the damage mark changes, the sidecar becomes outdated. */
function storeThumbnails({ db }: Library, before: ImageRow, thumbnails: ThumbnailSet | null, flaw: Flaw | null): Image {
  const sql =
    'UPDATE images SET width = ?, height = ?, thumbhash = ?, has_alpha = ?, flaw = ?, developed_at = ? WHERE id = ?';
  return transact(db, () => {
    prepare<[number, number, string | null, number, string | null, number, string]>(db, sql).run(
      before.width,
      before.height,
      thumbnails?.thumbhash ?? null,
      thumbnails?.hasAlpha ? 1 : 0,
      flaw,
      Date.now(),
      before.id,
    );
    if (isDamaged(flaw) !== isDamaged(before.flaw)) markSidecarOutdated(db, before.generation_id);
    return rowToImage(requireImageRow(db, before.id));
  });
}

/** Saved images that were never decoded, newest first: a crash came in between. */
export function listImagesWithoutThumbnails(db: Readable, limit: number): ImageId[] {
  const sql = 'SELECT id FROM images WHERE developed_at IS NULL ORDER BY timeline DESC LIMIT ?';
  return prepare<[number], { id: ImageId }>(db, sql)
    .all(limit)
    .map((row) => row.id);
}

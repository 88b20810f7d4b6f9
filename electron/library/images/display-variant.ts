import type { ImageId } from '../../contract/entities/ids.ts';
import { originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { readOrientation } from '../pixels/metadata/read-orientation.ts';
import { requireImageRow } from './image-rows.ts';

/**
 * Which file shows an image upright in a browser: its original, or a PNG rendered from it. Browsers turn a JPEG and a PNG by their EXIF
 * orientation and ignore that of a WebP (Chromium 153), which thumbnails and other programs follow.
 * @throws StudioError `not-found`
 */
export async function displayVariant({ db, folder }: Library, imageId: ImageId): Promise<'original' | 'png'> {
  const { sha256, format } = requireImageRow(db, imageId);
  if (format !== 'webp') return 'original';
  // A file that is missing or damaged is served, or not, like any other original.
  const orientation = await readOrientation(originalPath(folder, sha256, format), format).catch(() => 1);
  return orientation > 1 ? 'png' : 'original';
}

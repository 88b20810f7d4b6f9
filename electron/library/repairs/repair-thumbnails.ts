import { join } from 'node:path';
import type { ImageId } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { hasWholeThumbnails } from '../check/whole-thumbnail.ts';
import { prepare } from '../db/database.ts';
import type { Library } from '../files/library-handle.ts';
import { hasHash } from '../files/originals.ts';
import { settleThumbnails } from '../images/thumbnails.ts';
import { sha256OfName } from './original-name.ts';

/**
 * Creates the thumbnails of an original again, unless they are there or no image has it any more. A damaged original is left alone: its thumbnails
 * would be wrong.
 * @param name the original's, in the library's folder
 * @throws StudioError `disk-full`, `disk-unwritable`; DecoderError
 */
export async function repairThumbnails(library: Library, name: string): Promise<'repaired' | 'skipped' | 'failed'> {
  const { db, folder } = library;
  const sha256 = sha256OfName(name);
  if (hasWholeThumbnails(folder, sha256)) return 'skipped';
  const sql = 'SELECT id FROM images WHERE sha256 = ? AND developed_at IS NOT NULL AND thumbhash IS NOT NULL LIMIT 1';
  const image = prepare<[string], { id: ImageId }>(db, sql).get(sha256);
  if (!image) return 'skipped';
  if (!(await hasHash(join(folder, name), sha256))) return 'failed';
  try {
    await settleThumbnails(library, image.id);
    return hasWholeThumbnails(folder, sha256) ? 'repaired' : 'failed';
  } catch (thrown) {
    // It was deleted meanwhile.
    if (thrown instanceof StudioError && thrown.code === 'not-found') return 'skipped';
    throw thrown;
  }
}

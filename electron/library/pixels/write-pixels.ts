import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Sharp } from 'sharp';
import type { Sha256 } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import type { ReceivedFile } from '../files/originals.ts';

const FULL = 'The disk that holds the library cannot take the image. It was left as it is. Make room and try again.';

/**
 * Writes pixels to a new file as they have been told to be encoded.
 * @throws StudioError `disk-full`: libvips tells of a full disk in words only
 */
export async function writePixels(pixels: Sharp, path: string): Promise<void> {
  try {
    await pixels.toFile(path);
  } catch (thrown) {
    if (thrown instanceof Error && /No space left|unable to write/iu.test(thrown.message)) {
      throw new StudioError({ code: 'disk-full', message: FULL }, { cause: thrown });
    }
    throw thrown;
  }
}

/** A whole file that was written here, as the originals take it. */
export async function hashWrittenFile(path: string): Promise<ReceivedFile> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { path, bytes: (await stat(path)).size, sha256: hash.digest('hex') as Sha256 };
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Sharp } from 'sharp';
import type { Sha256 } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import type { ReceivedFile } from '../files/originals.ts';

const FULL = 'The library’s disk is full. The image wasn’t changed. Free some space and try again.';

/**
 * Encodes and writes pixels to a new file.
 * @throws StudioError `disk-full`; libvips reports a full disk only in its message
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

/** Size and SHA-256 of a complete file. */
export async function hashWrittenFile(path: string): Promise<ReceivedFile> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { path, bytes: (await stat(path)).size, sha256: hash.digest('hex') as Sha256 };
}

import { open } from 'node:fs/promises';
import type { ImageId } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { errorCode } from '../../disk/error-code.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { fileMissing } from '../files/require-file.ts';
import { requireImageRow } from './image-rows.ts';

/** Characters of an SVG's source that are shown. */
export const MAX_SOURCE_LENGTH = 400_000;

/**
 * The text of an SVG, as received. `cut`: it is longer than shown.
 * @throws StudioError `not-found`, `unsupported-here` if it isn't an SVG, `file-missing`, `disk-unwritable` if the file can't be read
 */
export async function readSvgSource({ db, folder }: Library, id: ImageId): Promise<{ text: string; cut: boolean }> {
  const row = requireImageRow(db, id);
  if (row.format !== 'svg') {
    throw new StudioError({ code: 'unsupported-here', message: 'Only SVG images have a source.' });
  }
  try {
    const text = await readHead(originalPath(folder, row.sha256, row.format), 4 * MAX_SOURCE_LENGTH);
    return { text: text.slice(0, MAX_SOURCE_LENGTH), cut: text.length > MAX_SOURCE_LENGTH };
  } catch (thrown) {
    throw toDiskError(thrown, { folder });
  }
}

/** At most `max` bytes of a file, as text. */
async function readHead(path: string, max: number): Promise<string> {
  const file = await open(path, 'r').catch((thrown: unknown) => {
    throw errorCode(thrown) === 'ENOENT' ? fileMissing(path, { cause: thrown }) : thrown;
  });
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, max)), 0, Math.min(size, max), 0);
    return new TextDecoder().decode(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

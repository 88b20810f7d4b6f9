import { open } from 'node:fs/promises';
import type { ImageId } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { readImageRow } from './image-rows.ts';

/** Characters of a drawing's source that are shown; nobody reads more of one. */
export const MAX_SOURCE_LENGTH = 400_000;

/**
 * The text of an SVG, as it came. `cut`: it goes on.
 * @throws StudioError `not-found`, `unsupported-here` for an image that is no SVG, `file-missing`
 */
export async function readSvgSource({ db, folder }: Library, id: ImageId): Promise<{ text: string; cut: boolean }> {
  const row = readImageRow(db, id);
  if (!row) throw new StudioError({ code: 'not-found', message: 'This image is not in the library.' });
  if (row.format !== 'svg') {
    throw new StudioError({ code: 'unsupported-here', message: 'Only an SVG has a source; this image is pixels.' });
  }
  try {
    const text = await readHead(originalPath(folder, row.sha256, row.format), 4 * MAX_SOURCE_LENGTH);
    return { text: text.slice(0, MAX_SOURCE_LENGTH), cut: text.length > MAX_SOURCE_LENGTH };
  } catch (thrown) {
    throw toDiskError(thrown, { folder });
  }
}

/** At most so many bytes of a file, as text. */
async function readHead(path: string, max: number): Promise<string> {
  const file = await open(path, 'r').catch((thrown: unknown) => {
    const message = `The file of this image is missing from the library: ${path}. Put it back from a copy if you have one.`;
    throw new StudioError({ code: 'file-missing', message }, { cause: thrown });
  });
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, max)), 0, Math.min(size, max), 0);
    return new TextDecoder().decode(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

import { readFile, rm } from 'node:fs/promises';
import type { ImageId } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { requireFile } from '../files/require-file.ts';
import { derivedPath } from '../files/derived-files.ts';
import { DecoderError } from '../decoding/operation.ts';
import { RENDER_PNG } from '../pixels/operations.ts';
import { requireImageRow } from './image-rows.ts';

/**
 * An image as PNG; see `renderPng`.
 * @throws StudioError `not-found`, `file-missing`, `image-undecodable`, `unsupported-here` if it is too costly
 */
export async function imageAsPng({ db, folder, decoding }: Library, id: ImageId): Promise<Uint8Array> {
  const row = requireImageRow(db, id);
  const path = requireFile(originalPath(folder, row.sha256, row.format));
  const to = derivedPath(folder, 'png');
  try {
    if (await decoding.run(RENDER_PNG, { path, format: row.format, to })) return await readFile(to);
  } catch (thrown) {
    if (!(thrown instanceof DecoderError && thrown.isFileAtFault)) throw thrown;
    throw tooCostly(thrown);
  } finally {
    await rm(to, { force: true });
  }
  throw tooCostly();
}

function tooCostly(cause?: unknown): StudioError {
  const message = 'This image is too complex to render here. Download it and open it in another program.';
  return new StudioError({ code: 'unsupported-here', message }, cause === undefined ? {} : { cause });
}

import { statSync } from 'node:fs';
import type { ImageId } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { renderPng } from '../pixels/decode.ts';
import { originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { readImageRow } from './image-rows.ts';

let last: Promise<unknown> = Promise.resolve();

/**
 * An image of the library as PNG; see {@link renderPng}. One at a time: a large image is a hundred megabytes while it is decoded.
 * @throws StudioError `not-found`, `file-missing`, `image-undecodable`, `unsupported-here` for a drawing that is too costly
 */
export function imageAsPng(library: Library, id: ImageId): Promise<Uint8Array> {
  const mine = last.then(() => render(library, id));
  last = mine.catch(() => undefined);
  return mine;
}

async function render({ db, folder }: Library, id: ImageId): Promise<Uint8Array> {
  const row = readImageRow(db, id);
  if (!row) throw new StudioError({ code: 'not-found', message: 'This image is not in the library.' });
  const path = originalPath(folder, row.sha256, row.format);
  if (!statSync(path, { throwIfNoEntry: false })) {
    const message = `The file of this image is missing from the library: ${path}. Put it back from a copy if you have one.`;
    throw new StudioError({ code: 'file-missing', message });
  }
  const png = await renderPng(path, row.format);
  if (png) return png;
  const message =
    'This drawing could take very long to render, so Emulsion does not. Download the SVG and open it in a program for drawings.';
  throw new StudioError({ code: 'unsupported-here', message });
}

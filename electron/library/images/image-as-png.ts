import { statSync } from 'node:fs';
import type { ImageId } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { renderPng } from '../pixels/decode.ts';
import { originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { readImageRow } from './image-rows.ts';

let last: Promise<unknown> = Promise.resolve();

/**
 * An image as PNG; see {@link renderPng}. One at a time: a large image needs a hundred megabytes while it is decoded.
 * @throws StudioError `not-found`, `file-missing`, `image-undecodable`, `unsupported-here` for an SVG that is too costly
 */
export function imageAsPng(library: Library, id: ImageId): Promise<Uint8Array> {
  const mine = last.then(() => render(library, id));
  last = mine.catch(() => undefined);
  return mine;
}

async function render({ db, folder }: Library, id: ImageId): Promise<Uint8Array> {
  const row = readImageRow(db, id);
  if (!row) throw new StudioError({ code: 'not-found', message: 'This image isn’t in the library.' });
  const path = originalPath(folder, row.sha256, row.format);
  if (!statSync(path, { throwIfNoEntry: false })) {
    const message = `This image’s file is missing from the library: ${path}. If you have a copy, put it back there.`;
    throw new StudioError({ code: 'file-missing', message });
  }
  const png = await renderPng(path, row.format);
  if (png) return png;
  const message = 'This SVG is too complex to render here. Download it and open it in a drawing program.';
  throw new StudioError({ code: 'unsupported-here', message });
}

import type { ImageId } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { requireFile } from '../files/require-file.ts';
import { renderPng } from '../pixels/decode.ts';
import { createSerialQueue } from '../pixels/serial-queue.ts';
import { requireImageRow } from './image-rows.ts';

const runSerially = createSerialQueue();

/**
 * An image as PNG; see {@link renderPng}. One at a time: a large image needs a hundred megabytes while it is decoded.
 * @throws StudioError `not-found`, `file-missing`, `image-undecodable`, `unsupported-here` for an SVG that is too costly
 */
export function imageAsPng(library: Library, id: ImageId): Promise<Uint8Array> {
  return runSerially(() => render(library, id));
}

async function render({ db, folder }: Library, id: ImageId): Promise<Uint8Array> {
  const row = requireImageRow(db, id);
  const png = await renderPng(requireFile(originalPath(folder, row.sha256, row.format)), row.format);
  if (png) return png;
  const message = 'This SVG is too complex to render here. Download it and open it in a drawing program.';
  throw new StudioError({ code: 'unsupported-here', message });
}

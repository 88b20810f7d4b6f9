import { writeFile } from 'node:fs/promises';
import { serve, serveOperations } from '../decoding/serve-operations.ts';
import { inspectInput } from '../inputs/inspect-input.ts';
import { INSPECT_INPUT } from '../inputs/operations.ts';
import { readDimensions, readHeader, renderPng, renderThumbnails } from '../pixels/decode.ts';
import { READ_HEADER, RENDER_PNG, RENDER_THUMBNAILS } from '../pixels/operations.ts';

/** The decoding process: everything that opens files of unknown content. It knows no database and no network. */
serveOperations([
  serve(INSPECT_INPUT, ({ path }) => inspectInput(path)),
  serve(READ_HEADER, ({ path }) => readHeader(path)),
  serve(RENDER_THUMBNAILS, async ({ path, format }) => ({
    size: await readDimensions(path, format),
    thumbnails: await renderThumbnails(path, format),
  })),
  serve(RENDER_PNG, async ({ path, format, to }) => {
    const png = await renderPng(path, format);
    if (png) await writeFile(to, png, { flag: 'wx' });
    return png !== null;
  }),
]);

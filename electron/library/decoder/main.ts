import { serve, serveOperations } from '../decoding/serve-operations.ts';
import { inspectInput } from '../inputs/inspect-input.ts';
import { INSPECT_INPUT } from '../inputs/operations.ts';
import { readHeader } from '../pixels/decode.ts';
import { READ_HEADER, RENDER_PNG, RENDER_THUMBNAILS } from '../pixels/operations.ts';
import { thumbnailsOrFlaw, writePng } from './render.ts';

/** The decoding process: everything that opens files of unknown content. It knows no database and no network. */
serveOperations([
  serve(INSPECT_INPUT, ({ path }) => inspectInput(path)),
  serve(READ_HEADER, ({ path }) => readHeader(path)),
  serve(RENDER_THUMBNAILS, thumbnailsOrFlaw),
  serve(RENDER_PNG, writePng),
]);

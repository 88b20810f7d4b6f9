import { serve, serveOperations } from '../decoding/serve-operations.ts';
import { fitMaskPixels } from '../inputs/fit-mask.ts';
import { framePixels } from '../inputs/frame-input.ts';
import { inspectInput } from '../inputs/inspect-input.ts';
import { FIT_MASK, FRAME_INPUT, INSPECT_INPUT, PREPARE_INPUT } from '../inputs/operations.ts';
import { preparePixels } from '../inputs/prepare-input.ts';
import { readHeader } from '../pixels/decode.ts';
import { hashPreviews } from '../pixels/difference-hash.ts';
import { CONVERT_IMAGE, HASH_PREVIEWS, READ_HEADER, RENDER_PNG, RENDER_THUMBNAILS } from '../pixels/operations.ts';
import { recompositeFiles } from '../strict/apply-strict-mask.ts';
import { drawHeatMap } from '../strict/heat-map.ts';
import { DRAW_HEAT_MAP, RECOMPOSITE } from '../strict/operations.ts';
import { thumbnailsOrFlaw, writeConverted, writePng } from './render.ts';

/** The decoding process: everything that opens files of unknown content. It opens no database and no connection. */
serveOperations([
  serve(INSPECT_INPUT, ({ path }) => inspectInput(path)),
  serve(PREPARE_INPUT, preparePixels),
  serve(FRAME_INPUT, framePixels),
  serve(FIT_MASK, fitMaskPixels),
  serve(READ_HEADER, ({ path }) => readHeader(path)),
  serve(RENDER_THUMBNAILS, thumbnailsOrFlaw),
  serve(RENDER_PNG, writePng),
  serve(CONVERT_IMAGE, writeConverted),
  serve(HASH_PREVIEWS, hashPreviews),
  serve(RECOMPOSITE, recompositeFiles),
  serve(DRAW_HEAT_MAP, drawHeatMap),
]);

import { StudioError, toErrorReport, type ErrorReport } from '../../../../electron/contract/errors/errors.ts';
import { encodeMask } from '../../../../electron/contract/rules/mask-png.ts';
import type { Rect, Size } from '../../../stage/geometry.ts';
import { toKeepPixels } from './keep-pixels.ts';

/** The worker's input. */
export interface ExportMaskInput {
  coverage: Uint8Array<ArrayBuffer>;
  size: Size;
  frame: Rect;
  to: Size | null;
}

/** The worker's result. */
export type ExportMaskResult = { png: Uint8Array<ArrayBuffer> } | { error: ErrorReport };

const TOO_FINE =
  'This mask has too many small parts for a file below 4 MB. Simplify it, for example with Grow or Feather.';

addEventListener('message', ({ data }: MessageEvent<ExportMaskInput>) => {
  void answer(data).then((outcome) => postMessage(outcome, { transfer: 'png' in outcome ? [outcome.png.buffer] : [] }));
});

async function answer({ coverage, size, frame, to }: ExportMaskInput): Promise<ExportMaskResult> {
  try {
    const kept = toKeepPixels({ coverage, size }, frame, to ?? undefined);
    const png = await encodeMask(kept.pixels, kept.size);
    if (!png) throw new StudioError({ code: 'input-invalid', message: TOO_FINE });
    return { png };
  } catch (thrown) {
    return { error: toErrorReport(thrown) };
  }
}

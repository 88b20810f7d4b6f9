import { StudioError } from '../../../../electron/contract/errors/errors.ts';
import { rectOf, type Rect, type Size } from '../../../stage/geometry.ts';
import type { Coverage } from '../pixels/coverage.ts';
import type { ExportMaskResult, ExportMaskInput } from './export-worker.ts';

/**
 * The mask as it goes out: a PNG of exactly the frame's size, white and wholly transparent where it is marked and beyond the image,
 * black and opaque elsewhere; below 4 MB. Made in a worker, from the bytes that the mask has at the time of the call.
 * @param frame in pixels of the image; null: the image's own edges
 * @param to the size that the file is to have instead
 * @throws StudioError `input-invalid` where the mask is too fine for 4 MB, `internal` where the worker failed
 */
export async function exportMask(mask: Coverage, frame: Rect | null, to?: Size): Promise<Blob> {
  const input: ExportMaskInput = {
    coverage: mask.coverage.slice(),
    size: { ...mask.size },
    frame: { ...(frame ?? rectOf(mask.size)) },
    to: to ? { ...to } : null,
  };
  const worker = new Worker(new URL('./export-worker.ts', import.meta.url), { type: 'module' });
  try {
    const answer = await askWorker(worker, input);
    if ('error' in answer) throw new StudioError(answer.error);
    return new Blob([answer.png], { type: 'image/png' });
  } finally {
    worker.terminate();
  }
}

/** One question, one answer. Exported for the tests of workers that fail. */
export function askWorker(worker: Worker, input: ExportMaskInput): Promise<ExportMaskResult> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => {
      const message = 'The mask file couldn’t be created. If it fails again, reload the page: the mask is saved.';
      reject(new StudioError({ code: 'internal', message }, { cause }));
    };
    worker.addEventListener('message', ({ data }: MessageEvent<ExportMaskResult>) => resolve(data));
    worker.addEventListener('messageerror', fail);
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      fail(event.error ?? event.message);
    });
    worker.postMessage(input, [input.coverage.buffer]);
  });
}

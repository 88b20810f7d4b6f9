import { StudioError } from '../../../../electron/contract/errors/errors.ts';
import { rectOf, type Rect, type Size } from '../../../stage/geometry.ts';
import type { Coverage } from '../pixels/coverage.ts';
import type { ExportMaskResult, ExportMaskInput } from './export-worker.ts';

/**
 * The mask as a PNG file for the API: exactly the frame's size, white and fully transparent where marked and outside the image, black and opaque
 * elsewhere; below 4 MB. Created in a worker, from the mask's bytes at the time of the call.
 * @param frame image pixels; null: the whole image
 * @param to the file's size, if it is scaled
 * @throws StudioError `input-invalid` if the mask is too detailed for 4 MB, `internal` if the worker fails
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

/** Sends one request to a worker. Exported for tests. */
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

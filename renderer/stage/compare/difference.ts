import { VISIBLE_DIFFERENCE } from '../../../electron/contract/entities/strict-mask.ts';
import type { Size } from '../geometry.ts';

/** How many pixels of two images differ. */
export interface Difference {
  compared: number;
  /** Those that differ at all. */
  changed: number;
  /** Those where some channel differs by more than an eye can tell side by side. */
  visible: number;
}

/** Compares pixels of four channels each, one for one. */
export function countDifferences(first: Uint8ClampedArray, second: Uint8ClampedArray): Difference {
  const length = Math.min(first.length, second.length);
  let [changed, visible] = [0, 0];
  for (let at = 0; at < length; at += 4) {
    let max = 0;
    for (let channel = at; channel < at + 4; channel += 1) {
      const apart = Math.abs((first[channel] ?? 0) - (second[channel] ?? 0));
      if (apart > max) max = apart;
    }
    if (max > 0) changed += 1;
    if (max > VISIBLE_DIFFERENCE) visible += 1;
  }
  return { compared: length / 4, changed, visible };
}

/** An image by its address, which the worker reads itself, or decoded already. */
export type Pixels = Size & { source: string | ImageBitmap };
/** What the worker is asked. */
export interface DifferenceRequest {
  first: Pixels;
  second: Pixels;
}
/** Null: one of the two could not be read there. */
export type DifferenceResult = Difference | null;

/**
 * Counts in a worker how many pixels of two images differ; the second is scaled to the first. Rejects where one of them cannot be read, and
 * when `signal` is aborted.
 */
export async function measureDifference(
  first: Size & { src: string },
  second: Size & { src: string },
  signal: AbortSignal,
): Promise<Difference> {
  signal.throwIfAborted();
  const [one, other] = [first, second].map(({ src, width, height }): Pixels => {
    return { source: new URL(src, location.href).href, width, height };
  }) as [Pixels, Pixels];
  const answer = await ask({ first: one, second: other }, signal);
  if (answer) return answer;
  // Drawings are decoded by the page alone.
  const [left, right] = await Promise.all([decode(one), decode(other)]);
  signal.throwIfAborted();
  const again = await ask({ first: left, second: right }, signal);
  if (!again) throw new Error('The pixels of these images cannot be read.');
  return again;
}

function ask(question: DifferenceRequest, signal: AbortSignal): Promise<DifferenceResult> {
  const worker = new Worker(new URL('./difference-worker.ts', import.meta.url), { type: 'module' });
  const { promise, resolve, reject } = Promise.withResolvers<DifferenceResult>();
  const stop = (): void => reject(new DOMException('The comparison was left.', 'AbortError'));
  signal.addEventListener('abort', stop, { once: true });
  worker.addEventListener('message', ({ data }: MessageEvent<DifferenceResult>) => resolve(data), { once: true });
  worker.addEventListener('error', ({ message }) =>
    reject(new Error(message || 'The comparison could not be started.')),
  );
  const bitmaps = [question.first.source, question.second.source].filter((source) => typeof source !== 'string');
  worker.postMessage(question, bitmaps);
  return promise.finally(() => {
    signal.removeEventListener('abort', stop);
    worker.terminate();
  });
}

async function decode({ source, width, height }: Pixels): Promise<Pixels> {
  if (typeof source !== 'string') return { source, width, height };
  const image = new Image(width, height);
  image.src = source;
  await image.decode();
  return { source: await createImageBitmap(image, { resizeWidth: width, resizeHeight: height }), width, height };
}

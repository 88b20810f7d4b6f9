import {
  countDifferences,
  type Difference,
  type DifferenceResult,
  type DifferenceRequest,
  type Pixels,
} from './difference.ts';
import type { Rect } from '../geometry.ts';
import { overlayRect, sharedRect } from './overlay-geometry.ts';

/** Rows that are compared at once: two images of any size need little memory beside their bitmaps. */
const ROWS = 256;

addEventListener('message', ({ data }: MessageEvent<DifferenceRequest>) => {
  void compare(data)
    .catch(() => null)
    .then((answer: DifferenceResult) => postMessage(answer));
});

async function compare({ first, second }: DifferenceRequest): Promise<Difference> {
  const [one, other] = await Promise.all([bitmapOf(first), bitmapOf(second)]);
  const part = sharedRect(first, second);
  const place = overlayRect(first, second);
  const whole = { left: 0, top: 0, width: first.width, height: first.height };
  const sum: Difference = { compared: 0, changed: 0, visible: 0 };
  for (let top = part.top; top < part.top + part.height; top += ROWS) {
    const rows = { ...part, top, height: Math.min(ROWS, part.top + part.height - top) };
    const { compared, changed, visible } = countDifferences(pixels(one, whole, rows), pixels(other, place, rows));
    sum.compared += compared;
    sum.changed += changed;
    sum.visible += visible;
  }
  return sum;
}

async function bitmapOf({ source }: Pixels): Promise<ImageBitmap> {
  if (typeof source !== 'string') return source;
  const answer = await fetch(source);
  if (!answer.ok) throw new Error(`The image was answered with ${answer.status}.`);
  return createImageBitmap(await answer.blob());
}

/** The pixels of `part`, where the image lies at `place`. */
function pixels(bitmap: ImageBitmap, place: Rect, part: Rect): Uint8ClampedArray {
  const context = new OffscreenCanvas(part.width, part.height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('There is no canvas.');
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, place.left - part.left, place.top - part.top, place.width, place.height);
  return context.getImageData(0, 0, part.width, part.height).data;
}

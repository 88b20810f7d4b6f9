import { intersect, rectOf, type Rect, type Size } from '../geometry.ts';

/** Ratios that differ by less than this share count as one: sizes are rounded to whole pixels, by servers to multiples of 16. */
const SAME_RATIO = 0.02;

/** Where the second of two images lies on the first, in pixels of the first: on the whole of it, or, of another ratio, within it. */
export function overlayRect(first: Size, second: Size): Rect {
  const [ratio, other] = [first.width / first.height, second.width / second.height];
  if (Math.abs(other / ratio - 1) <= SAME_RATIO) return rectOf(first);
  const width = other > ratio ? first.width : first.height * other;
  const height = other > ratio ? first.width / other : first.height;
  return { left: (first.width - width) / 2, top: (first.height - height) / 2, width, height };
}

/** The whole pixels of the first on which both lie. */
export function sharedRect(first: Size, second: Size): Rect {
  const { left, top, width, height } = intersect(rectOf(first), overlayRect(first, second));
  const [x, y] = [Math.ceil(left), Math.ceil(top)];
  return { left: x, top: y, width: Math.floor(left + width) - x, height: Math.floor(top + height) - y };
}

/** Says that the second was scaled; '' where it was not. */
export function scalingLabel(first: Size, second: Size): string {
  if (first.width === second.width && first.height === second.height) return '';
  return `${second.width} × ${second.height} scaled to ${first.width} × ${first.height}`;
}

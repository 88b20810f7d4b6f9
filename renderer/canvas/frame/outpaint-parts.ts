import { intersect, rectOf, type Rect, type Size } from '../../stage/geometry.ts';
import { reachOf } from './frame-limits.ts';

/** How far the mask of an extended frame may reach into the image, in its pixels. */
export const OVERLAP = { min: 0, max: 128, initial: 24 } as const;

/**
 * What of a framed image is to be made, as parts that do not overlap, in pixels of the image: all that lies beyond it, and a seam so
 * wide (pixels) within it along the sides to which the frame reaches. Empty where it reaches nowhere.
 */
export function outpaintParts(image: Size, frame: Rect, overlap: number): Rect[] {
  const reach = reachOf(frame, image);
  const seam = (beyond: number): number => (beyond > 0 ? overlap : 0);
  const kept = intersect(frame, rectOf(image));
  const left = Math.min(kept.left + seam(reach.left), kept.left + kept.width);
  const top = Math.min(kept.top + seam(reach.top), kept.top + kept.height);
  const right = Math.max(left, kept.left + kept.width - seam(reach.right));
  const bottom = Math.max(top, kept.top + kept.height - seam(reach.bottom));
  return surroundingParts(frame, { left, top, width: right - left, height: bottom - top });
}

/** What a rect has beyond one that lies in it: above and below over the whole width, then left and right of it. */
export function surroundingParts(outer: Rect, inner: Rect): Rect[] {
  const [right, bottom] = [outer.left + outer.width, outer.top + outer.height];
  const [innerRight, innerBottom] = [inner.left + inner.width, inner.top + inner.height];
  const parts: Rect[] = [
    { left: outer.left, top: outer.top, width: outer.width, height: inner.top - outer.top },
    { left: outer.left, top: innerBottom, width: outer.width, height: bottom - innerBottom },
    { left: outer.left, top: inner.top, width: inner.left - outer.left, height: inner.height },
    { left: innerRight, top: inner.top, width: right - innerRight, height: inner.height },
  ];
  return parts.filter(({ width, height }) => width > 0 && height > 0);
}

import { intersect, rectOf, type Rect, type Size } from '../../stage/geometry.ts';
import { reachOf } from './frame-limits.ts';

/** How far the mask of an extended frame may reach into the image, px. */
export const OVERLAP = { min: 0, max: 128, initial: 24 } as const;

/**
 * The parts of a frame to be generated, not overlapping, in image pixels: everything outside the image, and a seam of `overlap` pixels inside
 * it along the extended sides. Empty if nothing is extended.
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

/** The parts of a rectangle around one inside it: above and below over the whole width, then left and right. */
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

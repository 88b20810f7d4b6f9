import { intersect, rectOf, type Rect } from '../../stage/geometry.ts';
import type { Coverage } from '../mask/pixels/coverage.ts';
import { outpaintParts } from './outpaint-parts.ts';

/**
 * Adds the seam of an extended frame to a mask: along the extended sides, `overlap` pixels inside the image are marked too.
 * @returns a copy; the mask itself where there is no seam
 */
export function addSeam(mask: Coverage, frame: Rect | null, overlap: number): Coverage {
  const { size } = mask;
  const parts = frame === null ? [] : outpaintParts(size, frame, overlap).map((part) => intersect(part, rectOf(size)));
  const seams = parts.filter(({ width, height }) => width > 0 && height > 0);
  if (seams.length === 0) return mask;
  const coverage = mask.coverage.slice();
  for (const { left, top, width, height } of seams) {
    for (let y = top; y < top + height; y += 1) {
      coverage.fill(255, y * size.width + left, y * size.width + left + width);
    }
  }
  return { size, coverage };
}

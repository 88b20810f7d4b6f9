import { intersect, rectOf, type Rect } from '../../stage/geometry.ts';
import type { Coverage } from '../mask/pixels/coverage.ts';
import { outpaintParts } from './outpaint-parts.ts';

/**
 * The mask with the seam of an extended frame: along the sides to which the frame reaches, so many pixels (`overlap`) within the image
 * are marked too. The mask itself where there is no seam; otherwise a copy.
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

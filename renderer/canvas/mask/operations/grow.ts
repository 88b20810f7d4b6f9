import { boundsOf, within, type Coverage, type Touch } from '../pixels/coverage.ts';
import { spreadDistances } from './grow-distances.ts';
import { runsOf, spreadRuns } from './grow-runs.ts';

/** Cost of a run in pixels: if all runs cost more than the pixels, distances are cheaper. */
const RUN_COST = 2;

/**
 * Moves the edge outwards, or inwards if `by` is negative: a pixel changes sides if its Euclidean distance, centre to centre, to the nearest pixel
 * of the other side is at most `by`. The image's edges do not count as an other side. Afterwards every pixel is 0 or 255. O(pixels) for any
 * distance.
 */
export function grow(mask: Coverage, by: number, touch: Touch): void {
  const bounds = boundsOf(mask);
  if (by === 0 || bounds.width === 0) return;
  const reach = Math.abs(by);
  const more = by > 0 ? reach : 1;
  const { left, top, width, height } = bounds;
  const part = within(mask.size, left - more, top - more, left + width + more, top + height + more);
  touch(part);
  const runs = runsOf(mask, by > 0);
  const work = (runs.bounds.length / 2) * (2 * reach + 1) * RUN_COST;
  if (work > part.width * part.height * 4) spreadDistances(mask, part, reach, by > 0);
  else spreadRuns(mask, part, runs, reach, by > 0 ? 255 : 0, by > 0 ? 0 : 255);
}

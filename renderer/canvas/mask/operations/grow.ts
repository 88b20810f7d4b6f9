import { boundsOf, within, type Coverage, type Touch } from '../pixels/coverage.ts';
import { spreadDistances } from './grow-distances.ts';
import { runsOf, spreadRuns } from './grow-runs.ts';

/** A run counts as much as so many pixels: where all runs in all the rows that they reach are more than the pixels, it is noise. */
const RUN_COST = 2;

/**
 * Moves the edge of what is marked outwards by so many pixels, or inwards where `by` is below 0: each pixel whose distance (Euclidean,
 * from middle to middle) to the nearest pixel of the other side is at most that changes sides. Beyond the image's edges there is
 * nothing to come nearer to: what reaches an edge is not taken away from there. Every pixel is whole or nothing afterwards. O(pixels),
 * whatever the distance.
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

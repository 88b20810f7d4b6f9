import type { Rect, Size } from '../../stage/geometry.ts';
import { reachOf } from './frame-limits.ts';

const SIDES = { left: 'to the left', top: 'upwards', right: 'to the right', bottom: 'downwards' } as const;

/** What a frame does to the image: "Extend to the right", "Crop"; null: nothing. */
export function frameLabel(frame: Rect | null, image: Size): string | null {
  if (frame === null) return null;
  const reach = Object.entries(reachOf(frame, image));
  const beyond = reach.filter(([, pixels]) => pixels > 0).map(([side]) => side as keyof typeof SIDES);
  const cuts = reach.some(([, pixels]) => pixels < 0);
  const [first] = beyond;
  if (first === undefined) return cuts ? 'Crop' : null;
  if (cuts) return 'Crop and extend';
  return beyond.length === 1 ? `Extend ${SIDES[first]}` : 'Extend';
}

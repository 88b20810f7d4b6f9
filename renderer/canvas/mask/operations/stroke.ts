import { isEmptyRect, unionRect, type Rect } from '../../../stage/geometry.ts';
import type { Coverage, Touch } from '../pixels/coverage.ts';
import { dabBounds, stampDab, type Dab } from './dab.ts';
import type { MaskOperation } from './mask-operation.ts';

/** A brush's settings. */
export type Brush = Pick<Extract<MaskOperation, { kind: 'stroke' }>, 'combine' | 'size' | 'softness'>;

/** Numbers per point of a stroke: x, y and pressure. */
export const PLACE = 3;
/** The segment along which dabs are stamped. */
interface Way {
  from: Dab;
  to: Dab;
}

/**
 * Stamps a stroke from point `since` on: a dab at each point, and as many between two points as their distance needs. The result depends on the
 * points only, not on how they are split into calls.
 * @returns the part that may have changed
 */
export function drawStroke(mask: Coverage, brush: Brush, points: readonly number[], touch: Touch, since = 0): Rect {
  let part: Rect = { left: 0, top: 0, width: 0, height: 0 };
  const stamp = (dab: Dab): void => {
    const bounds = dabBounds(mask, dab);
    if (isEmptyRect(bounds)) return;
    touch(bounds);
    stampDab(mask, dab, brush.combine);
    part = unionRect(part, bounds);
  };
  for (let place = since; (place + 1) * PLACE <= points.length; place += 1) {
    const to = dabAt(brush, points, place);
    if (place > 0) stampBetween(mask, { from: dabAt(brush, points, place - 1), to }, stamp);
    stamp(to);
  }
  return part;
}

function dabAt({ size, softness }: Brush, points: readonly number[], place: number): Dab {
  const at = place * PLACE;
  const pressure = Math.max(0, Math.min(1, points[at + 2] ?? 1));
  const soft = Math.max(0, Math.min(1, softness));
  return { x: points[at] ?? 0, y: points[at + 1] ?? 0, radius: Math.max(0, (size * pressure) / 2), softness: soft };
}

/** The edge between two dabs dips by less than 1/12 pixel; for fully soft brushes by 1/2 pixel. */
function spacingOf(radius: number, softness: number): number {
  return Math.max(0.5, Math.sqrt((0.6 + 1.4 * softness) * radius));
}

/** Stamps the dabs between two points, both exclusive; skips those outside the image. */
function stampBetween({ size }: Coverage, { from, to }: Way, stamp: (dab: Dab) => void): void {
  const [wide, high] = [to.x - from.x, to.y - from.y];
  const count = Math.ceil(
    Math.sqrt(wide * wide + high * high) / spacingOf(Math.min(from.radius, to.radius), from.softness),
  );
  const reach = Math.max(from.radius, to.radius) + 1;
  const [one, two] = [
    clipToBounds(from.x, wide, -reach, size.width + reach),
    clipToBounds(from.y, high, -reach, size.height + reach),
  ];
  const first = Math.max(1, Math.ceil(Math.max(one.from, two.from) * count));
  const last = Math.min(count - 1, Math.floor(Math.min(one.to, two.to) * count));
  for (let index = first; index <= last; index += 1) {
    const share = index / count;
    stamp({
      x: from.x + wide * share,
      y: from.y + high * share,
      radius: from.radius + (to.radius - from.radius) * share,
      softness: from.softness,
    });
  }
}

/** The part of a segment between two bounds on one axis; 0 is its start, 1 its end. */
function clipToBounds(start: number, length: number, min: number, max: number): { from: number; to: number } {
  if (length === 0) return start >= min && start <= max ? { from: 0, to: 1 } : { from: 1, to: 0 };
  const [near, far] = [(min - start) / length, (max - start) / length];
  return { from: Math.max(0, Math.min(near, far)), to: Math.min(1, Math.max(near, far)) };
}

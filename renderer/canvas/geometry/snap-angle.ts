import type { Point } from '../../stage/geometry.ts';

const EIGHTH = Math.PI / 4;

/** The point nearest to `to` on a horizontal, vertical or diagonal line through `from`. */
export function snapAngle(from: Point, to: Point): Point {
  const [across, down] = [to.x - from.x, to.y - from.y];
  const angle = Math.round(Math.atan2(down, across) / EIGHTH) * EIGHTH;
  const [x, y] = [Math.cos(angle), Math.sin(angle)];
  const length = across * x + down * y;
  return { x: from.x + length * x, y: from.y + length * y };
}

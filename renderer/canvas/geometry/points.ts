import type { Point, Rect } from '../../stage/geometry.ts';

/** Rounds to hundredths of a pixel, so that stored drafts stay small. */
export function kept(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Appends points to a path, except those nearer than `apart` to the last one. Changes the path. */
export function extendPath(path: Point[], points: readonly Point[], apart: number): void {
  for (const { x, y } of points) {
    const last = path.at(-1);
    if (!last || Math.hypot(x - last.x, y - last.y) >= apart) path.push({ x: kept(x), y: kept(y) });
  }
}

/** x and y of each point in turn, as a mask polygon stores them. */
export function flat(points: readonly Point[]): number[] {
  return points.flatMap(({ x, y }) => [x, y]);
}

/** The bounding box of points. */
export function boundsOf(points: readonly Point[]): Rect {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const min = (values: number[]): number => values.reduce((one, other) => Math.min(one, other), Infinity);
  const max = (values: number[]): number => values.reduce((one, other) => Math.max(one, other), -Infinity);
  if (points.length === 0) return { left: 0, top: 0, width: 0, height: 0 };
  const [left, top] = [min(xs), min(ys)];
  return { left, top, width: max(xs) - left, height: max(ys) - top };
}

export function near(one: Point, other: Point, within: number): boolean {
  return Math.hypot(one.x - other.x, one.y - other.y) <= within;
}

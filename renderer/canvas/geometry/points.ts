import type { Point, Rect } from '../../stage/geometry.ts';

/** Places are kept to hundredths of a pixel: nobody sees more, and a draft stays short. */
export function kept(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Adds places to a line, without those nearer than `apart` to the one before. The line is changed. */
export function extendPath(path: Point[], points: readonly Point[], apart: number): void {
  for (const { x, y } of points) {
    const last = path.at(-1);
    if (!last || Math.hypot(x - last.x, y - last.y) >= apart) path.push({ x: kept(x), y: kept(y) });
  }
}

/** x and y of each place in turn, as a polygon of the mask keeps them. */
export function flat(points: readonly Point[]): number[] {
  return points.flatMap(({ x, y }) => [x, y]);
}

/** The smallest part that holds all places. */
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

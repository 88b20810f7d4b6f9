/** A point of the upright image, in pixels from its top left corner. May be fractional. */
export interface Point {
  x: number;
  y: number;
}

/** Image pixels unless stated otherwise. */
export interface Size {
  width: number;
  height: number;
}

/** A rectangle on an image. May extend beyond it. */
export interface Rect extends Size {
  left: number;
  top: number;
}

export function rectOf({ width, height }: Size): Rect {
  return { left: 0, top: 0, width, height };
}

export function isEmptyRect({ width, height }: Size): boolean {
  return width <= 0 || height <= 0;
}

/** The intersection; empty if the two don't overlap. Width and height are never negative. */
export function intersect(one: Rect, other: Rect): Rect {
  const left = Math.max(one.left, other.left);
  const top = Math.max(one.top, other.top);
  const right = Math.min(one.left + one.width, other.left + other.width);
  const bottom = Math.min(one.top + one.height, other.top + other.height);
  return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

/** The smallest rectangle that contains both. Empty rectangles are ignored. */
export function unionRect(one: Rect, other: Rect): Rect {
  if (isEmptyRect(one)) return other;
  if (isEmptyRect(other)) return one;
  const left = Math.min(one.left, other.left);
  const top = Math.min(one.top, other.top);
  const right = Math.max(one.left + one.width, other.left + other.width);
  const bottom = Math.max(one.top + one.height, other.top + other.height);
  return { left, top, width: right - left, height: bottom - top };
}

/** The rectangle between two opposite corners, in any order. */
export function rectBetween(a: Point, b: Point): Rect {
  return {
    left: Math.min(a.x, b.x),
    top: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
}

/** The smallest rectangle of whole pixels that contains `rect`. */
export function roundOutRect({ left, top, width, height }: Rect): Rect {
  const [x, y] = [Math.floor(left), Math.floor(top)];
  return { left: x, top: y, width: Math.ceil(left + width) - x, height: Math.ceil(top + height) - y };
}

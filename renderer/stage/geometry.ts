/** A place on an image, in its pixels as it is seen, from the top left corner; fractions are places within a pixel. */
export interface Point {
  x: number;
  y: number;
}

/** In pixels: of the image, unless it is said that they are of the screen. */
export interface Size {
  width: number;
  height: number;
}

/** A part of an image. May reach beyond it. */
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

/** What two parts have in common; empty (no width or height below 0) where they do not meet. */
export function intersect(one: Rect, other: Rect): Rect {
  const left = Math.max(one.left, other.left);
  const top = Math.max(one.top, other.top);
  const right = Math.min(one.left + one.width, other.left + other.width);
  const bottom = Math.min(one.top + one.height, other.top + other.height);
  return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

/** The smallest part that holds both; an empty one counts for nothing. */
export function unionRect(one: Rect, other: Rect): Rect {
  if (isEmptyRect(one)) return other;
  if (isEmptyRect(other)) return one;
  const left = Math.min(one.left, other.left);
  const top = Math.min(one.top, other.top);
  const right = Math.max(one.left + one.width, other.left + other.width);
  const bottom = Math.max(one.top + one.height, other.top + other.height);
  return { left, top, width: right - left, height: bottom - top };
}

/** The part between two opposite corners, whichever comes first. */
export function rectBetween(a: Point, b: Point): Rect {
  return {
    left: Math.min(a.x, b.x),
    top: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
}

/** The smallest part of whole pixels that holds a part. */
export function roundOutRect({ left, top, width, height }: Rect): Rect {
  const [x, y] = [Math.floor(left), Math.floor(top)];
  return { left: x, top: y, width: Math.ceil(left + width) - x, height: Math.ceil(top + height) - y };
}

import type { Point, Rect } from '../../stage/geometry.ts';

/** The handles of a rectangle: compass directions, clockwise from the top left. */
export const HANDLES = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const;
export type Handle = (typeof HANDLES)[number];

/** Which edges a handle moves: on each axis -1 the start, 1 the end, 0 neither. */
export function handleDirection(handle: Handle): Point {
  const x = handle.includes('w') ? -1 : handle.includes('e') ? 1 : 0;
  const y = handle.startsWith('n') ? -1 : handle.startsWith('s') ? 1 : 0;
  return { x, y };
}

/** Where a handle lies on a rectangle. */
export function handlePoint({ left, top, width, height }: Rect, handle: Handle): Point {
  const { x, y } = handleDirection(handle);
  return { x: left + (width * (1 + x)) / 2, y: top + (height * (1 + y)) / 2 };
}

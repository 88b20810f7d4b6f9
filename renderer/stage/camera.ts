import type { Point, Rect, Size } from './geometry.ts';

/** The visible part of an image, as plain data. */
export interface Camera {
  /** Device pixels per image pixel. 1 is 100 %. */
  scale: number;
  /** The point of the image in the middle of the view, in image pixels. */
  centre: Point;
}

/** The size of the stage in CSS pixels, and device pixels per CSS pixel. */
export interface View extends Size {
  dpr: number;
}

/** Smallest and largest scale. */
export const SCALES = { min: 0.01, max: 32 } as const;

/** Converts image pixels to CSS pixels from the view's top left corner. */
export function toView({ scale, centre }: Camera, view: View, { x, y }: Point): Point {
  const css = scale / view.dpr;
  return { x: view.width / 2 + (x - centre.x) * css, y: view.height / 2 + (y - centre.y) * css };
}

/** Converts CSS pixels of the view to image pixels. */
export function toImage({ scale, centre }: Camera, view: View, { x, y }: Point): Point {
  const css = scale / view.dpr;
  return { x: centre.x + (x - view.width / 2) / css, y: centre.y + (y - view.height / 2) / css };
}

/** Zooms by a factor. The point at `about` (CSS pixels) keeps its position in the view. */
export function zoomAbout(camera: Camera, view: View, about: Point, factor: number): Camera {
  const scale = Math.min(SCALES.max, Math.max(SCALES.min, camera.scale * factor));
  const kept = toImage(camera, view, about);
  const css = scale / view.dpr;
  return {
    scale,
    centre: { x: kept.x - (about.x - view.width / 2) / css, y: kept.y - (about.y - view.height / 2) / css },
  };
}

/** Moves the image in the view by CSS pixels. */
export function panBy({ scale, centre }: Camera, { dpr }: View, { x, y }: Point): Camera {
  const css = scale / dpr;
  return { scale, centre: { x: centre.x - x / css, y: centre.y - y / css } };
}

/** Margins around a fitted image, in CSS pixels. Bars lie above and below it. */
const MARGINS = { beside: 24, above: 56 } as const;

/** The camera that fits a part of the image into the view, with margins, at 100 % at most. */
export function fitCamera(part: Rect, view: View): Camera {
  const across = view.width - 2 * MARGINS.beside;
  const down = view.height - 2 * Math.min(MARGINS.above, view.height / 8);
  const room = Math.min(across / part.width, down / part.height) * view.dpr;
  return {
    scale: Math.min(1, Math.max(SCALES.min, room)),
    centre: { x: part.left + part.width / 2, y: part.top + part.height / 2 },
  };
}

/** Converts a rectangle of the image to CSS pixels of the view. */
export function rectInView(camera: Camera, view: View, part: Rect): Rect {
  const css = camera.scale / view.dpr;
  const { x, y } = toView(camera, view, { x: part.left, y: part.top });
  return { left: x, top: y, width: part.width * css, height: part.height * css };
}

/** The nearest camera that places the image's corner on a whole device pixel, which keeps 100 % sharp. */
export function alignToPixels(camera: Camera, view: View): Camera {
  const { x, y } = toView(camera, view, { x: 0, y: 0 });
  const off = (css: number): number => Math.round(css * view.dpr) / view.dpr - css;
  return panBy(camera, view, { x: off(x), y: off(y) });
}

/** Scales that the zoom buttons and keys step through. */
const ZOOM_STOPS = [
  0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.33, 0.5, 0.67, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32,
] as const;

/** The next larger (1) or smaller (-1) zoom stop. */
export function nextScale(scale: number, direction: 1 | -1): number {
  // Within half a percent of a stop counts as on it.
  return direction > 0
    ? (ZOOM_STOPS.find((stop) => stop > scale * 1.005) ?? SCALES.max)
    : (ZOOM_STOPS.findLast((stop) => stop < scale * 0.995) ?? SCALES.min);
}

/** Zooms to a scale about the middle of the view. */
export function zoomTo(camera: Camera, view: View, scale: number): Camera {
  return zoomAbout(camera, view, { x: view.width / 2, y: view.height / 2 }, scale / camera.scale);
}

/** Pans and zooms for two fingers that moved from one pair of points to another (CSS pixels). */
export function pinchCamera(
  camera: Camera,
  view: View,
  from: readonly [Point, Point],
  to: readonly [Point, Point],
): Camera {
  const [before, after] = [middle(...from), middle(...to)];
  const apart = Math.hypot(from[0].x - from[1].x, from[0].y - from[1].y);
  const now = Math.hypot(to[0].x - to[1].x, to[0].y - to[1].y);
  const moved = panBy(camera, view, { x: after.x - before.x, y: after.y - before.y });
  return apart > 0 && now > 0 ? zoomAbout(moved, view, after, now / apart) : moved;
}

function middle(one: Point, other: Point): Point {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}

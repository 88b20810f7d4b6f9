import type { Point, Rect, Size } from './geometry.ts';

/** Where the stage looks: pure data, so that two views can share it. */
export interface Camera {
  /** Pixels of the screen's device for one pixel of the image: 1 is 100 %. */
  scale: number;
  /** The place of the image in the middle of the view. */
  centre: Point;
}

/** The stage on the screen, in CSS pixels, and how many device pixels one of them has. */
export interface View extends Size {
  dpr: number;
}

/** Smallest and largest scale. */
export const SCALES = { min: 0.01, max: 32 } as const;

/** A place of the image, in CSS pixels from the view's top left corner. */
export function toView({ scale, centre }: Camera, view: View, { x, y }: Point): Point {
  const css = scale / view.dpr;
  return { x: view.width / 2 + (x - centre.x) * css, y: view.height / 2 + (y - centre.y) * css };
}

/** The place of the image at a place of the view (CSS pixels). */
export function toImage({ scale, centre }: Camera, view: View, { x, y }: Point): Point {
  const css = scale / view.dpr;
  return { x: centre.x + (x - view.width / 2) / css, y: centre.y + (y - view.height / 2) / css };
}

/** Zooms by a factor; what is at `about` (CSS pixels) stays there. */
export function zoomAbout(camera: Camera, view: View, about: Point, factor: number): Camera {
  const scale = Math.min(SCALES.max, Math.max(SCALES.min, camera.scale * factor));
  const kept = toImage(camera, view, about);
  const css = scale / view.dpr;
  return {
    scale,
    centre: { x: kept.x - (about.x - view.width / 2) / css, y: kept.y - (about.y - view.height / 2) / css },
  };
}

/** Moves what is seen by so many CSS pixels, as a hand that drags the image. */
export function panBy({ scale, centre }: Camera, { dpr }: View, { x, y }: Point): Camera {
  const css = scale / dpr;
  return { scale, centre: { x: centre.x - x / css, y: centre.y - y / css } };
}

/** What stays free around an image that is seen whole, in CSS pixels: above and below there are bars. */
const MARGINS = { beside: 24, above: 56 } as const;

/** The camera that shows a part of the image whole, with some room around it; never larger than its own pixels. */
export function fitted(part: Rect, view: View): Camera {
  const across = view.width - 2 * MARGINS.beside;
  const down = view.height - 2 * Math.min(MARGINS.above, view.height / 8);
  const room = Math.min(across / part.width, down / part.height) * view.dpr;
  return {
    scale: Math.min(1, Math.max(SCALES.min, room)),
    centre: { x: part.left + part.width / 2, y: part.top + part.height / 2 },
  };
}

/** Where a part of the image lies in the view, in CSS pixels. */
export function placed(camera: Camera, view: View, part: Rect): Rect {
  const css = camera.scale / view.dpr;
  const { x, y } = toView(camera, view, { x: part.left, y: part.top });
  return { left: x, top: y, width: part.width * css, height: part.height * css };
}

/** The camera nearest to this one that puts the image's corner on a whole pixel of the device, so that 100 % is sharp. */
export function aligned(camera: Camera, view: View): Camera {
  const { x, y } = toView(camera, view, { x: 0, y: 0 });
  const off = (css: number): number => Math.round(css * view.dpr) / view.dpr - css;
  return panBy(camera, view, { x: off(x), y: off(y) });
}

/** Scales that a button or a key goes to. */
const ZOOM_STOPS = [
  0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.33, 0.5, 0.67, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32,
] as const;

/** The next larger (1) or smaller (-1) of the usual scales. */
export function nextScale(scale: number, direction: 1 | -1): number {
  // What is within half a percent of a stop stands on it.
  return direction > 0
    ? (ZOOM_STOPS.find((stop) => stop > scale * 1.005) ?? SCALES.max)
    : (ZOOM_STOPS.findLast((stop) => stop < scale * 0.995) ?? SCALES.min);
}

/** Zooms to a scale about the middle of the view. */
export function zoomTo(camera: Camera, view: View, scale: number): Camera {
  return zoomAbout(camera, view, { x: view.width / 2, y: view.height / 2 }, scale / camera.scale);
}

/** Two fingers went from one pair of places to another (CSS pixels): what was between them stays between them. */
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

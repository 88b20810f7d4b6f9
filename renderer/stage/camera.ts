import type { Point, Rect, Size } from './geometry.ts';

/** Where the stage looks: pure data, so that two views can share it. */
export interface Camera {
  /** Pixels of the screen's device for one pixel of the picture: 1 is 100 %. */
  scale: number;
  /** The place of the picture in the middle of the view. */
  centre: Point;
}

/** The stage on the screen, in CSS pixels, and how many device pixels one of them has. */
export interface View extends Size {
  dpr: number;
}

/** Smallest and largest scale. */
export const SCALES = { least: 0.01, most: 32 } as const;

/** A place of the picture, in CSS pixels from the view's top left corner. */
export function toView({ scale, centre }: Camera, view: View, { x, y }: Point): Point {
  const css = scale / view.dpr;
  return { x: view.width / 2 + (x - centre.x) * css, y: view.height / 2 + (y - centre.y) * css };
}

/** The place of the picture at a place of the view (CSS pixels). */
export function toPicture({ scale, centre }: Camera, view: View, { x, y }: Point): Point {
  const css = scale / view.dpr;
  return { x: centre.x + (x - view.width / 2) / css, y: centre.y + (y - view.height / 2) / css };
}

/** Zooms by a factor; what is at `about` (CSS pixels) stays there. */
export function zoomAbout(camera: Camera, view: View, about: Point, factor: number): Camera {
  const scale = Math.min(SCALES.most, Math.max(SCALES.least, camera.scale * factor));
  const kept = toPicture(camera, view, about);
  const css = scale / view.dpr;
  return {
    scale,
    centre: { x: kept.x - (about.x - view.width / 2) / css, y: kept.y - (about.y - view.height / 2) / css },
  };
}

/** Moves what is seen by so many CSS pixels, as a hand that drags the picture. */
export function panBy({ scale, centre }: Camera, { dpr }: View, { x, y }: Point): Camera {
  const css = scale / dpr;
  return { scale, centre: { x: centre.x - x / css, y: centre.y - y / css } };
}

/** The camera that shows a part of the picture whole, with so many CSS pixels free around it; never larger than its own pixels. */
export function fitted(part: Rect, view: View, pad = 24): Camera {
  const room = Math.min((view.width - 2 * pad) / part.width, (view.height - 2 * pad) / part.height) * view.dpr;
  return {
    scale: Math.min(1, Math.max(SCALES.least, room)),
    centre: { x: part.left + part.width / 2, y: part.top + part.height / 2 },
  };
}

import { MAX_FRAME_EDGE } from '../../../electron/contract/entities/input-preparation.ts';
import { intersect, rectOf, unionRect, type Point, type Rect, type Size } from '../../stage/geometry.ts';

/** Crop takes from the image and never leaves it; extend adds to it and never cuts it. */
export type FrameMode = 'crop' | 'extend';

/** The shortest edge that a frame can be cropped to, in pixels. */
const MIN_EDGE = 16;
/** As many pixels as an input may have; the longest edge is the contract's. */
const MAX_PIXELS = 100_000_000;

/** One axis of a rect. */
export interface Span {
  from: number;
  length: number;
}

/** What one axis of a frame may become: it lies within `outer` and holds `inner`. */
export interface AxisLimits {
  outer: Span | null;
  inner: Span | null;
  max: number;
}

export interface FrameLimits {
  x: AxisLimits;
  y: AxisLimits;
}

/**
 * What a frame may become from where it is. An edge that another tool has put on the far side may stay there, and may come back; it goes
 * no farther.
 */
export function limitsOf(mode: FrameMode, image: Size, start: Rect): FrameLimits {
  const whole = rectOf(image);
  const outer = mode === 'crop' ? unionRect(whole, start) : null;
  const inner = mode === 'extend' ? intersect(whole, start) : null;
  const axis = (span: (rect: Rect) => Span, across: number): AxisLimits => ({
    outer: outer && span(outer),
    inner: inner && span(inner),
    max: Math.min(MAX_FRAME_EDGE, Math.floor(MAX_PIXELS / Math.max(1, across))),
  });
  return { x: axis(xOf, start.height), y: axis(yOf, start.width) };
}

export const xOf = ({ left, width }: Rect): Span => ({ from: left, length: width });
export const yOf = ({ top, height }: Rect): Span => ({ from: top, length: height });
export const rectFrom = (x: Span, y: Span): Rect => ({ left: x.from, top: y.from, width: x.length, height: y.length });
const endOf = ({ from, length }: Span): number => from + length;

/** The least and the most that a span may be long when it is pulled that way. */
export function lengthsOf(start: Span, pull: number, { outer, inner, max }: AxisLimits): [min: number, max: number] {
  const room = (surroundingParts: Span): number =>
    pull > 0
      ? endOf(surroundingParts) - start.from
      : pull < 0
        ? endOf(start) - surroundingParts.from
        : surroundingParts.length;
  const min = inner ? room(inner) : MIN_EDGE;
  const limit = Math.min(max, outer ? room(outer) : Infinity);
  return [Math.min(min, limit), limit];
}

/** A span of a new length: the end that is not pulled stays; where neither is, its middle, as far as there is room. */
export function placeSpan(start: Span, pull: number, length: number, { outer, inner }: AxisLimits): Span {
  if (pull > 0) return { from: start.from, length };
  if (pull < 0) return { from: endOf(start) - length, length };
  return { from: shiftInto(Math.round(start.from + (start.length - length) / 2), length, { outer, inner }), length };
}

/** Where a span of that length may begin that would begin there. */
export function shiftInto(from: number, length: number, { outer, inner }: Pick<AxisLimits, 'outer' | 'inner'>): number {
  const [min, max] = outer
    ? [outer.from, endOf(outer) - length]
    : inner
      ? [endOf(inner) - length, inner.from]
      : [-Infinity, Infinity];
  return Math.max(min, Math.min(max, from));
}

/** A frame moved as a whole, by whole pixels, as far as it may go. */
export function moveFrame(start: Rect, by: Point, { x, y }: FrameLimits): Rect {
  return {
    ...start,
    left: shiftInto(start.left + Math.round(by.x), start.width, x),
    top: shiftInto(start.top + Math.round(by.y), start.height, y),
  };
}

/** Whether a rect lies on the image's own edges. */
export function isWhole({ left, top, width, height }: Rect, image: Size): boolean {
  return left === 0 && top === 0 && width === image.width && height === image.height;
}

/** By how much a frame reaches beyond the image on each side, in pixels; below 0 it cuts the image there. */
export function reachOf(
  { left, top, width, height }: Rect,
  image: Size,
): { left: number; top: number; right: number; bottom: number } {
  return { left: -left, top: -top, right: left + width - image.width, bottom: top + height - image.height };
}

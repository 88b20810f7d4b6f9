import { MAX_FRAME_EDGE } from '../../../electron/contract/entities/input-preparation.ts';
import { MAX_INPUT_PIXELS } from '../../../electron/contract/rules/pixel-limits.ts';
import { intersect, rectOf, unionRect, type Point, type Rect, type Size } from '../../stage/geometry.ts';

/** Crop stays within the image; extend always contains it. */
export type FrameMode = 'crop' | 'extend';

/** Shortest edge of a cropped frame, px. */
const MIN_EDGE = 16;

/** One axis of a rectangle. */
export interface Span {
  from: number;
  length: number;
}

/** Limits of a frame on one axis: it lies within `outer` and contains `inner`. */
export interface AxisLimits {
  outer: Span | null;
  inner: Span | null;
  max: number;
}

export interface FrameLimits {
  x: AxisLimits;
  y: AxisLimits;
}

/** The limits of a frame. An edge that the other mode put beyond them may stay or come back, but not move farther. */
export function limitsOf(mode: FrameMode, image: Size, start: Rect): FrameLimits {
  const whole = rectOf(image);
  const outer = mode === 'crop' ? unionRect(whole, start) : null;
  const inner = mode === 'extend' ? intersect(whole, start) : null;
  const axis = (span: (rect: Rect) => Span, across: number): AxisLimits => ({
    outer: outer && span(outer),
    inner: inner && span(inner),
    max: Math.min(MAX_FRAME_EDGE, Math.floor(MAX_INPUT_PIXELS / Math.max(1, across))),
  });
  return { x: axis(xOf, start.height), y: axis(yOf, start.width) };
}

export const xOf = ({ left, width }: Rect): Span => ({ from: left, length: width });
export const yOf = ({ top, height }: Rect): Span => ({ from: top, length: height });
export const rectFrom = (x: Span, y: Span): Rect => ({ left: x.from, top: y.from, width: x.length, height: y.length });
const endOf = ({ from, length }: Span): number => from + length;

/** The shortest and longest length of a span when its `pull` end moves. */
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

/** A span with a new length. The end that is not moved stays; if neither is, the centre stays where there is room. */
export function placeSpan(start: Span, pull: number, length: number, { outer, inner }: AxisLimits): Span {
  if (pull > 0) return { from: start.from, length };
  if (pull < 0) return { from: endOf(start) - length, length };
  return { from: shiftInto(Math.round(start.from + (start.length - length) / 2), length, { outer, inner }), length };
}

/** The start nearest to `from` that keeps a span of this length within the limits. */
export function shiftInto(from: number, length: number, { outer, inner }: Pick<AxisLimits, 'outer' | 'inner'>): number {
  const [min, max] = outer
    ? [outer.from, endOf(outer) - length]
    : inner
      ? [endOf(inner) - length, inner.from]
      : [-Infinity, Infinity];
  return Math.max(min, Math.min(max, from));
}

/** Moves a frame by whole pixels, within its limits. */
export function moveFrame(start: Rect, by: Point, { x, y }: FrameLimits): Rect {
  return {
    ...start,
    left: shiftInto(start.left + Math.round(by.x), start.width, x),
    top: shiftInto(start.top + Math.round(by.y), start.height, y),
  };
}

/** Whether a rectangle is the whole image. */
export function isWhole({ left, top, width, height }: Rect, image: Size): boolean {
  return left === 0 && top === 0 && width === image.width && height === image.height;
}

/** How far a frame lies outside the image on each side, px; negative: it cuts the image there. */
export function reachOf(
  { left, top, width, height }: Rect,
  image: Size,
): { left: number; top: number; right: number; bottom: number } {
  return { left: -left, top: -top, right: left + width - image.width, bottom: top + height - image.height };
}

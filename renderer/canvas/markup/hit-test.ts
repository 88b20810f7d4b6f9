import type { Point, Rect } from '../../stage/geometry.ts';
import type { Mark } from '../document/mark.ts';
import { markBounds } from './mark-bounds.ts';
import { arrowControl, pointsOf } from './mark-path.ts';
import type { MarkOf } from './mark-kinds.ts';

/** The topmost mark within `tolerance` of a point (image pixels); null if there is none. */
export function markAt(marks: readonly Mark[], place: Point, tolerance: number): Mark | null {
  return marks.findLast((mark) => touches(mark, place, tolerance)) ?? null;
}

/** Whether a point lies on a mark's line or text. The inside of a box or circle does not count. */
export function touches(mark: Mark, place: Point, tolerance: number): boolean {
  if (mark.kind === 'text') return inside(markBounds(mark), place, tolerance);
  const reach = tolerance + mark.width / 2;
  if (!inside(markBounds(mark), place, reach)) return false;
  return distanceToLine(outline(mark), place) <= reach;
}

function outline(mark: Exclude<Mark, { kind: 'text' }>): Point[] {
  if (mark.kind === 'pen') return pointsOf(mark.points);
  if (mark.kind === 'arrow') return curveOf(mark);
  return mark.kind === 'box' ? cornersOf(mark.rect) : roundOf(mark.rect);
}

const SAMPLES = 48;

function curveOf(arrow: MarkOf<'arrow'>): Point[] {
  const { from, to } = arrow;
  const control = arrowControl(arrow);
  return Array.from({ length: SAMPLES / 2 + 1 }, (_none, index) => {
    const t = index / (SAMPLES / 2);
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
    return { x: a * from.x + b * control.x + c * to.x, y: a * from.y + b * control.y + c * to.y };
  });
}

function cornersOf({ left, top, width, height }: Rect): Point[] {
  const [right, bottom] = [left + width, top + height];
  const start = { x: left, y: top };
  return [start, { x: right, y: top }, { x: right, y: bottom }, { x: left, y: bottom }, start];
}

function roundOf({ left, top, width, height }: Rect): Point[] {
  return Array.from({ length: SAMPLES + 1 }, (_none, index) => {
    const angle = (2 * Math.PI * index) / SAMPLES;
    return {
      x: left + (width / 2) * (1 + Math.cos(angle)),
      y: top + (height / 2) * (1 + Math.sin(angle)),
    };
  });
}

function distanceToLine(line: readonly Point[], place: Point): number {
  const [first = place] = line;
  let best = Math.hypot(place.x - first.x, place.y - first.y);
  line.slice(1).forEach((end, index) => {
    best = Math.min(best, distanceToPiece(line[index] ?? end, end, place));
  });
  return best;
}

function distanceToPiece(start: Point, end: Point, place: Point): number {
  const [x, y] = [end.x - start.x, end.y - start.y];
  const square = x * x + y * y;
  const along = square === 0 ? 0 : ((place.x - start.x) * x + (place.y - start.y) * y) / square;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(place.x - start.x - t * x, place.y - start.y - t * y);
}

function inside({ left, top, width, height }: Rect, { x, y }: Point, reach: number): boolean {
  return x >= left - reach && y >= top - reach && x <= left + width + reach && y <= top + height + reach;
}

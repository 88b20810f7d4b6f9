import type { Rect } from '../../../stage/geometry.ts';
import { within, type Coverage, type Touch } from '../pixels/coverage.ts';
import type { Combine } from './mask-operation.ts';

/** Calls back with the spans of a shape in a row, `from` inclusive to `to` exclusive. Called for rows from the top down. */
type Spans = (row: number, each: (from: number, to: number) => void) => void;

/** Marks or clears the pixels whose centres lie in a rectangle. */
export function drawRectangle(mask: Coverage, rect: Rect, combine: Combine, touch: Touch): void {
  const [from, to] = [firstAfter(rect.left), firstAfter(rect.left + rect.width)];
  const [above, below] = [firstAfter(rect.top), firstAfter(rect.top + rect.height)];
  drawSpans(mask, rect, combine, touch, (row, each) => {
    if (row >= above && row < below) each(from, to);
  });
}

/** Marks or clears the pixels whose centres lie in the ellipse inside a rectangle. */
export function drawEllipse(mask: Coverage, rect: Rect, combine: Combine, touch: Touch): void {
  const [middle, radius] = [rect.left + rect.width / 2, rect.width / 2];
  drawSpans(mask, rect, combine, touch, (row, each) => {
    const up = rect.height > 0 ? (row + 0.5 - rect.top - rect.height / 2) / (rect.height / 2) : 2;
    const room = 1 - up * up;
    if (room < 0) return;
    const half = radius * Math.sqrt(room);
    each(firstAfter(middle - half), firstAfter(middle + half));
  });
}

/**
 * Marks or clears the pixels whose centres lie in a polygon, closed automatically. Non-zero winding rule: a lasso that crosses itself leaves no
 * hole.
 * @param points x and y of each corner in turn
 */
export function drawPolygon(mask: Coverage, points: readonly number[], combine: Combine, touch: Touch): void {
  const edges = edgesOf(points);
  let next = 0;
  let met: Edge[] = [];
  drawSpans(mask, boundsOfCorners(points), combine, touch, (row, each) => {
    // Rows are processed from the top down: ended edges can be dropped.
    const level = row + 0.5;
    for (let edge = edges[next]; edge && edge.top <= level; edge = edges[next]) {
      met.push(edge);
      next += 1;
    }
    met = met.filter(({ bottom }) => level < bottom);
    windings(met, level, each);
  });
}

/** The first pixel whose centre is not before a position. */
function firstAfter(place: number): number {
  return Math.ceil(place - 0.5);
}

function drawSpans(mask: Coverage, bounds: Rect, combine: Combine, touch: Touch, spans: Spans): void {
  const part = within(
    mask.size,
    Math.floor(bounds.left),
    Math.floor(bounds.top),
    Math.ceil(bounds.left + bounds.width),
    Math.ceil(bounds.top + bounds.height),
  );
  if (part.width === 0 || part.height === 0) return;
  touch(part);
  const [min, max] = [part.left, part.left + part.width];
  for (let row = part.top; row < part.top + part.height; row += 1) {
    const start = row * mask.size.width;
    spans(row, (from, to) => {
      const [left, right] = [Math.max(min, from), Math.min(max, to)];
      if (left < right) mask.coverage.fill(combine === 'add' ? 255 : 0, start + left, start + right);
    });
  }
}

/** A non-horizontal edge of a polygon, from top to bottom. `turn`: 1 if drawn downwards, -1 upwards. */
interface Edge {
  top: number;
  bottom: number;
  x: number;
  slope: number;
  turn: number;
}

/** Sorted by their upper ends. */
function edgesOf(points: readonly number[]): Edge[] {
  const count = Math.floor(points.length / 2);
  const corner = (index: number): [number, number] => {
    const at = (index % count) * 2;
    return [points[at] ?? 0, points[at + 1] ?? 0];
  };
  const edges: Edge[] = [];
  for (let index = 0; index < count; index += 1) {
    const [[x1, y1], [x2, y2]] = [corner(index), corner(index + 1)];
    if (y1 === y2) continue;
    const slope = (x2 - x1) / (y2 - y1);
    edges.push(
      y1 < y2 ? { top: y1, bottom: y2, x: x1, slope, turn: 1 } : { top: y2, bottom: y1, x: x2, slope, turn: -1 },
    );
  }
  return edges.sort((one, other) => one.top - other.top);
}

function boundsOfCorners(points: readonly number[]): Rect {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at + 1 < points.length; at += 2) {
    const [x, y] = [points[at] ?? 0, points[at + 1] ?? 0];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return left > right
    ? { left: 0, top: 0, width: 0, height: 0 }
    : { left, top, width: right - left, height: bottom - top };
}

/** The spans of a scan line inside a polygon. */
function windings(edges: readonly Edge[], level: number, each: (from: number, to: number) => void): void {
  const crossings = edges
    .map(({ top, x, slope, turn }) => ({ x: x + (level - top) * slope, turn }))
    .sort((one, other) => one.x - other.x);
  let around = 0;
  let from = 0;
  for (const { x, turn } of crossings) {
    if (around === 0) from = x;
    around += turn;
    if (around === 0) each(firstAfter(from), firstAfter(x));
  }
}

import { rectBetween, unionRect, type Point, type Rect } from '../../stage/geometry.ts';
import { boundsOf, kept } from '../geometry/points.ts';
import type { Mark } from '../document/mark.ts';
import { arrowControl, pointsOf } from './mark-path.ts';
import { textBounds } from './mark-text.ts';

/** The bounding box of a mark without its line width, image pixels. */
export function markBounds(mark: Mark): Rect {
  switch (mark.kind) {
    case 'pen':
      return boundsOf(pointsOf(mark.points));
    case 'arrow': {
      // The curve reaches halfway to its control point.
      const control = arrowControl(mark);
      const middle = {
        x: (mark.from.x + mark.to.x) / 4 + control.x / 2,
        y: (mark.from.y + mark.to.y) / 4 + control.y / 2,
      };
      return boundsOf([mark.from, middle, mark.to]);
    }
    case 'text':
      return textBounds(mark);
    default:
      return mark.rect;
  }
}

/** Moves a mark, in image pixels. */
export function moveMark(mark: Mark, { x, y }: Point): Mark {
  const moved = (point: Point): Point => ({ x: point.x + x, y: point.y + y });
  switch (mark.kind) {
    case 'pen':
      return { ...mark, points: mark.points.map((value, at) => value + (at % 2 === 0 ? x : y)) };
    case 'arrow':
      return { ...mark, from: moved(mark.from), to: moved(mark.to) };
    case 'text':
      return { ...mark, at: moved(mark.at) };
    default:
      return { ...mark, rect: { ...mark.rect, left: mark.rect.left + x, top: mark.rect.top + y } };
  }
}

/** Scales and moves a mark into a rectangle; a text keeps its proportions and takes the height. */
export function fitMark(mark: Mark, to: Rect): Mark {
  const from = markBounds(mark);
  const fit = ({ x, y }: Point): Point => ({
    x: to.left + (from.width === 0 ? 0 : ((x - from.left) / from.width) * to.width),
    y: to.top + (from.height === 0 ? 0 : ((y - from.top) / from.height) * to.height),
  });
  switch (mark.kind) {
    case 'pen':
      return {
        ...mark,
        points: pointsOf(mark.points)
          .map(fit)
          .flatMap(({ x, y }) => [x, y]),
      };
    case 'arrow':
      return { ...mark, from: fit(mark.from), to: fit(mark.to) };
    case 'text':
      return { ...mark, at: { x: to.left, y: to.top }, size: Math.max(1, kept((mark.size * to.height) / from.height)) };
    default:
      return { ...mark, rect: to };
  }
}

/** Whether a mark is visible: it has a length, or text. */
export function isVisibleMark(mark: Mark): boolean {
  if (mark.kind === 'text') return mark.text.trim() !== '';
  if (mark.kind === 'pen') return mark.points.length > 0;
  const { width, height } = mark.kind === 'arrow' ? rectBetween(mark.from, mark.to) : mark.rect;
  return mark.kind === 'arrow' ? width + height > 0 : width > 0 && height > 0;
}

/** The bounding box of all marks with their line widths; empty without marks. */
export function marksBounds(marks: readonly Mark[]): Rect {
  return marks.reduce((all: Rect, mark) => unionRect(all, widened(mark)), { left: 0, top: 0, width: 0, height: 0 });
}

function widened(mark: Mark): Rect {
  const { left, top, width, height } = markBounds(mark);
  const by = mark.kind === 'text' ? 0 : mark.width / 2;
  return { left: left - by, top: top - by, width: width + 2 * by, height: height + 2 * by };
}

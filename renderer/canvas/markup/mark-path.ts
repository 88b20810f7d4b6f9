import type { Point } from '../../stage/geometry.ts';
import type { MarkKind, MarkOf } from './mark-kinds.ts';

/** A mark drawn as a line: any but a text. */
export type LineMark = MarkOf<Exclude<MarkKind, 'text'>>;

/** How far an arrow bends, as a share of its length; vertical arrows are straight. */
const BEND = 0.1;
/** An arrow's head: leg length in line widths, largest share of the arrow's length, and angle to the line. */
const HEAD = { widths: 5, share: 0.45, angle: (32 * Math.PI) / 180 } as const;

/**
 * The path of a mark as SVG and canvas path data, image pixels: a stroked line of the mark's width with round ends and corners, not filled.
 */
export function pathOf(mark: LineMark): string {
  switch (mark.kind) {
    case 'pen':
      return penPath(pointsOf(mark.points));
    case 'arrow':
      return arrowPath(mark);
    case 'box': {
      const { left, top, width, height } = mark.rect;
      return `M${n(left)} ${n(top)}h${n(width)}v${n(height)}h${n(-width)}z`;
    }
    case 'circle':
      return ellipsePath(mark);
  }
}

/** Points from x and y in turn. */
export function pointsOf(flat: readonly number[]): Point[] {
  const points: Point[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) points.push({ x: flat[at] ?? 0, y: flat[at + 1] ?? 0 });
  return points;
}

/** A number in a path, rounded to hundredths of a pixel. */
function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}

const at = ({ x, y }: Point): string => `${n(x)} ${n(y)}`;

/** Quadratic curves through the midpoints, with the points as controls: smooths the line. */
function penPath(points: readonly Point[]): string {
  const [first, second] = points;
  if (!first) return '';
  // A line of length 0 would not be drawn.
  if (!second) return `M${at(first)}l0.01 0`;
  const curves = points.slice(1, -1).map((point, index) => {
    const next = points[index + 2] ?? point;
    return `Q${at(point)} ${at({ x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`;
  });
  return `M${at(first)}${curves.join('')}L${at(points.at(-1) ?? second)}`;
}

/** The control point of an arrow's curve. It bends upwards; the more horizontal, the more. */
export function arrowControl({ from, to }: Pick<MarkOf<'arrow'>, 'from' | 'to'>): Point {
  const [x, y] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(x, y) || 1;
  const bend = 2 * BEND * (x / length);
  return { x: (from.x + to.x) / 2 + y * bend, y: (from.y + to.y) / 2 - x * bend };
}

function arrowPath(arrow: MarkOf<'arrow'>): string {
  const { from, to, width } = arrow;
  const control = arrowControl(arrow);
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const leg = Math.min(HEAD.widths * width, HEAD.share * length);
  const back = Math.atan2(control.y - to.y, control.x - to.x);
  const end = (angle: number): Point => ({ x: to.x + leg * Math.cos(angle), y: to.y + leg * Math.sin(angle) });
  const head = `M${at(end(back - HEAD.angle))}L${at(to)}L${at(end(back + HEAD.angle))}`;
  return `M${at(from)}Q${at(control)} ${at(to)}${head}`;
}

function ellipsePath({ rect }: LineMark & { kind: 'box' | 'circle' }): string {
  const [rx, ry] = [rect.width / 2, rect.height / 2];
  const half = `${n(rx)} ${n(ry)} 0 1 1`;
  const [left, right, middle] = [rect.left, rect.left + rect.width, rect.top + ry];
  return `M${n(left)} ${n(middle)}A${half} ${n(right)} ${n(middle)}A${half} ${n(left)} ${n(middle)}z`;
}

import { toImage, type Camera, type View } from '../../stage/camera.ts';
import { intersect, isEmptyRect, rectOf, rectBetween, type Point, type Rect, type Size } from '../../stage/geometry.ts';
import { newId } from '../../state/new-id.ts';
import { kept } from '../geometry/points.ts';
import { snapAngle } from '../geometry/snap-angle.ts';
import type { ToolSettings } from '../tools/ToolSettings.svelte.ts';
import type { MarkKind, MarkOf } from './mark-kinds.ts';
import type { Mark } from '../document/mark.ts';
import { LINE } from './mark-text.ts';

type Style = Pick<ToolSettings, 'colour' | 'lineWidth' | 'textSize'>;

/** A mark from one point to another; a text starts at the first. */
export function markBetween(kind: Exclude<MarkKind, 'pen'>, from: Point, to: Point, style: Style): Mark {
  const [start, end] = [keptPoint(from), keptPoint(to)];
  const common = { id: newId(), colour: style.colour, width: style.lineWidth };
  if (kind === 'arrow') return { kind, ...common, from: start, to: end };
  if (kind === 'text') return { kind, ...common, at: start, text: '', size: style.textSize };
  return { kind, ...common, rect: rectBetween(start, end) };
}

export function penMark(points: readonly Point[], style: Style): MarkOf<'pen'> {
  const flat = points.flatMap(({ x, y }) => [kept(x), kept(y)]);
  return { kind: 'pen', id: newId(), colour: style.colour, width: style.lineWidth, points: flat };
}

/** The end of a drag with Shift: arrows snap to 45°, shapes are as wide as high. */
export function constrainEnd(kind: MarkKind, from: Point, to: Point): Point {
  if (kind === 'arrow') return snapAngle(from, to);
  const edge = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y));
  return { x: from.x + Math.sign(to.x - from.x || 1) * edge, y: from.y + Math.sign(to.y - from.y || 1) * edge };
}

/** A mark in the middle of the visible part of the image. */
export function markInView(kind: MarkKind, image: Size, camera: Camera, view: View, style: Style): Mark {
  const { left, top, width, height } = visiblePart(image, camera, view);
  const middle = { x: Math.round(left + width / 2), y: Math.round(top + height / 2) };
  const reach = Math.max(8, Math.round(Math.min(width, height) / 8));
  const from = { x: middle.x - reach, y: middle.y - reach };
  const to = { x: middle.x + reach, y: middle.y + reach };
  if (kind === 'pen') return penMark([from, to], style);
  if (kind === 'text') return markBetween(kind, { x: from.x, y: middle.y - (LINE * style.textSize) / 2 }, to, style);
  return markBetween(kind, from, to, style);
}

function visiblePart(image: Size, camera: Camera, view: View): Rect {
  const whole = rectOf(image);
  const corner = { x: view.width, y: view.height };
  const seen = intersect(whole, rectBetween(toImage(camera, view, { x: 0, y: 0 }), toImage(camera, view, corner)));
  return isEmptyRect(seen) ? whole : seen;
}

function keptPoint({ x, y }: Point): Point {
  return { x: kept(x), y: kept(y) };
}

import { rectBetween, type Point, type Rect } from '../../stage/geometry.ts';
import { HANDLES, handlePoint, handleDirection, type Handle } from '../geometry/handles.ts';
import { snapAngle } from '../geometry/snap-angle.ts';
import { fitMark, markBounds } from './mark-bounds.ts';
import type { Mark } from '../document/mark.ts';

/** A mark's handles: an arrow's ends, a text's corner, all eight of the others. */
export type MarkHandle = Handle | 'from' | 'to';

export interface MarkHandlePoint {
  handle: MarkHandle;
  /** In pixels of the image. */
  at: Point;
}

export function handlesOf(mark: Mark): MarkHandlePoint[] {
  if (mark.kind === 'arrow') {
    return [
      { handle: 'from', at: mark.from },
      { handle: 'to', at: mark.to },
    ];
  }
  const bounds = markBounds(mark);
  const handles: readonly Handle[] = mark.kind === 'text' ? ['se'] : HANDLES;
  return handles.map((handle) => ({ handle, at: handlePoint(bounds, handle) }));
}

/** Moves a handle of a mark to a point. `straight`: arrows snap to 45°, shapes keep their proportions. */
export function dragHandle(mark: Mark, handle: MarkHandle, to: Point, straight: boolean): Mark {
  if (mark.kind === 'arrow') {
    const fixed = handle === 'from' ? mark.to : mark.from;
    const end = straight ? snapAngle(fixed, to) : to;
    return handle === 'from' ? { ...mark, from: end } : { ...mark, to: end };
  }
  if (handle === 'from' || handle === 'to') return mark;
  const bounds = markBounds(mark);
  return fitMark(mark, pulled(bounds, handle, to, straight || mark.kind === 'text'));
}

function pulled(bounds: Rect, handle: Handle, to: Point, inProportion: boolean): Rect {
  const pull = handleDirection(handle);
  const fixed = {
    x: pull.x < 0 ? bounds.left + bounds.width : bounds.left,
    y: pull.y < 0 ? bounds.top + bounds.height : bounds.top,
  };
  const moving = {
    x: pull.x === 0 ? bounds.left + bounds.width : to.x,
    y: pull.y === 0 ? bounds.top + bounds.height : to.y,
  };
  const corner = pull.x !== 0 && pull.y !== 0;
  if (!inProportion || !corner || bounds.width === 0 || bounds.height === 0) return rectBetween(fixed, moving);
  const [across, down] = [(moving.x - fixed.x) * pull.x, (moving.y - fixed.y) * pull.y];
  const scale = Math.max(across / bounds.width, down / bounds.height, 1 / Math.max(bounds.width, bounds.height));
  return rectBetween(fixed, {
    x: fixed.x + pull.x * scale * bounds.width,
    y: fixed.y + pull.y * scale * bounds.height,
  });
}

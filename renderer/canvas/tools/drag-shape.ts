import { intersect, isEmptyRect, rectBetween, type Point, type Rect } from '../../stage/geometry.ts';
import type { Combine } from '../mask/operations/mask-operation.ts';

/** Constraints of a shape during a drag. */
export interface ShapeConstraints {
  /** As wide as high. */
  square: boolean;
  /** The start is the centre, not a corner. */
  centred: boolean;
}

/** The rectangle between press and pointer, whole image pixels. */
export function dragRect(from: Point, to: Point, { square, centred }: ShapeConstraints): Rect {
  const [start, now] = [whole(from), whole(to)];
  let [across, down] = [now.x - start.x, now.y - start.y];
  if (square) {
    const side = Math.max(Math.abs(across), Math.abs(down));
    [across, down] = [across < 0 ? -side : side, down < 0 ? -side : side];
  }
  const first = centred ? { x: start.x - across, y: start.y - down } : start;
  return rectBetween(first, { x: start.x + across, y: start.y + down });
}

/** Whether a rectangle overlaps the image. */
export function overlaps(part: Rect, image: Rect): boolean {
  return !isEmptyRect(intersect(part, image));
}

/**
 * The modifier keys of a shape. At the press, Shift means add and Alt subtract, if that differs from the setting. A key that changed nothing at the
 * press constrains the shape at once; one that did constrains it only after it was released and pressed again.
 */
export class DragShapeKeys {
  readonly combine: Combine;
  #shiftSpent: boolean;
  #altSpent: boolean;

  constructor({ shift, alt }: { shift: boolean; alt: boolean }, initial: Combine) {
    this.combine = combineFromKeys({ shift, alt }, initial);
    this.#shiftSpent = shift && initial === 'subtract';
    this.#altSpent = alt && initial === 'add';
  }

  /** The constraints by the keys held now. */
  bend({ shift, alt }: { shift: boolean; alt: boolean }): ShapeConstraints {
    this.#shiftSpent &&= shift;
    this.#altSpent &&= alt;
    return { square: shift && !this.#shiftSpent, centred: alt && !this.#altSpent };
  }
}

/** Shift adds, Alt subtracts; otherwise the setting. */
export function combineFromKeys({ shift, alt }: { shift: boolean; alt: boolean }, initial: Combine): Combine {
  if (alt) return 'subtract';
  return shift ? 'add' : initial;
}

function whole({ x, y }: Point): Point {
  return { x: Math.round(x), y: Math.round(y) };
}

import { intersect, isEmptyRect, rectBetween, type Point, type Rect } from '../../stage/geometry.ts';
import type { Combine } from '../mask/operations/mask-operation.ts';

/** How the keys bend a shape while it is drawn. */
export interface ShapeConstraints {
  /** As wide as high. */
  square: boolean;
  /** The first place is the middle, not a corner. */
  centred: boolean;
}

/** The part between the place of the press and the present one, in whole pixels of the image. */
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

/** Whether a part takes in anything of an image. */
export function overlaps(part: Rect, image: Rect): boolean {
  return !isEmptyRect(intersect(part, image));
}

/**
 * What the keys mean at the press: Shift adds and Alt takes away where the tool would do the other. A key that has changed nothing
 * bends the shape from the start; one that has is spent until it is let go and pressed again.
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

  /** How the keys that are down now bend the shape. */
  bend({ shift, alt }: { shift: boolean; alt: boolean }): ShapeConstraints {
    this.#shiftSpent &&= shift;
    this.#altSpent &&= alt;
    return { square: shift && !this.#shiftSpent, centred: alt && !this.#altSpent };
  }
}

/** Shift adds, Alt subtracts, neither does what is set. */
export function combineFromKeys({ shift, alt }: { shift: boolean; alt: boolean }, initial: Combine): Combine {
  if (alt) return 'subtract';
  return shift ? 'add' : initial;
}

function whole({ x, y }: Point): Point {
  return { x: Math.round(x), y: Math.round(y) };
}

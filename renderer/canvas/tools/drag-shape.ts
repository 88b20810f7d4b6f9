import { intersect, isEmptyRect, spanned, type Point, type Rect } from '../../stage/geometry.ts';
import type { Combine } from '../mask/operations/mask-operation.ts';

/** How the keys bend a shape while it is drawn. */
export interface Bend {
  /** As wide as high. */
  square: boolean;
  /** The first place is the middle, not a corner. */
  centred: boolean;
}

/** The part between the place of the press and the present one, in whole pixels of the picture. */
export function shapeOf(from: Point, to: Point, { square, centred }: Bend): Rect {
  const [start, now] = [whole(from), whole(to)];
  let [across, down] = [now.x - start.x, now.y - start.y];
  if (square) {
    const side = Math.max(Math.abs(across), Math.abs(down));
    [across, down] = [across < 0 ? -side : side, down < 0 ? -side : side];
  }
  const first = centred ? { x: start.x - across, y: start.y - down } : start;
  return spanned(first, { x: start.x + across, y: start.y + down });
}

/** Whether a part takes in anything of a picture. */
export function meets(part: Rect, picture: Rect): boolean {
  return !isEmptyRect(intersect(part, picture));
}

/**
 * What the keys mean at the press: Shift adds and Alt takes away where the tool would do the other. A key that has changed nothing
 * bends the shape from the start; one that has is spent until it is let go and pressed again.
 */
export class ShapeKeys {
  readonly combine: Combine;
  #shiftSpent: boolean;
  #altSpent: boolean;

  constructor({ shift, alt }: { shift: boolean; alt: boolean }, usual: Combine) {
    this.combine = combinedBy({ shift, alt }, usual);
    this.#shiftSpent = shift && usual === 'subtract';
    this.#altSpent = alt && usual === 'add';
  }

  /** How the keys that are down now bend the shape. */
  bend({ shift, alt }: { shift: boolean; alt: boolean }): Bend {
    this.#shiftSpent &&= shift;
    this.#altSpent &&= alt;
    return { square: shift && !this.#shiftSpent, centred: alt && !this.#altSpent };
  }
}

/** Shift adds, Alt subtracts, neither does what is set. */
export function combinedBy({ shift, alt }: { shift: boolean; alt: boolean }, usual: Combine): Combine {
  if (alt) return 'subtract';
  return shift ? 'add' : usual;
}

function whole({ x, y }: Point): Point {
  return { x: Math.round(x), y: Math.round(y) };
}

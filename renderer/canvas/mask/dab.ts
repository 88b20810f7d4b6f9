import type { Rect } from '../../stage/geometry.ts';
import { within, type Coverage } from './coverage.ts';
import type { Combine } from './mask-op.ts';

/** One touch of a brush. */
export interface Dab {
  /** Its middle, in pixels of the picture. */
  x: number;
  y: number;
  radius: number;
  /** 0: hard. 1: soft from the middle on. */
  softness: number;
}

/** Every pixel that a dab can change. */
export function dabBounds({ size }: Coverage, { x, y, radius }: Dab): Rect {
  const reach = Math.max(radius, 1);
  return within(size, Math.floor(x - reach), Math.floor(y - reach), Math.ceil(x + reach), Math.ceil(y + reach));
}

/**
 * Stamps a dab: whole within the hard part, falling off smoothly to nothing at the radius, measured from the pixels' middles; the pixel
 * under the middle is always whole, so that the smallest brush leaves a trace. Paint never lowers a pixel and the eraser never raises
 * one, so that dabs over each other make nothing stronger. Only roots and sums: every machine gives the same bytes.
 */
export function stampDab(mask: Coverage, dab: Dab, combine: Combine): void {
  const { left, top, width, height } = dabBounds(mask, dab);
  const { x, y, radius } = dab;
  const hard = radius * (1 - dab.softness);
  const paint = combine === 'add' ? 255 : 0;
  const across = mask.size.width;
  for (let row = top; row < top + height; row += 1) {
    const down = (row + 0.5 - y) ** 2;
    const outer = spanOf(radius, down, x, left, left + width);
    if (outer.from >= outer.to) continue;
    const inner = spanOf(hard, down, x, outer.from, outer.to);
    const start = row * across;
    if (inner.from < inner.to) {
      mask.coverage.fill(paint, start + inner.from, start + inner.to);
      soften(mask.coverage, start, outer.from, inner.from, dab, down, combine);
      soften(mask.coverage, start, inner.to, outer.to, dab, down, combine);
    } else {
      soften(mask.coverage, start, outer.from, outer.to, dab, down, combine);
    }
  }
  const [column, line] = [Math.floor(x), Math.floor(y)];
  const isInside = column >= 0 && line >= 0 && column < across && line < mask.size.height;
  if (isInside) mask.coverage[line * across + column] = paint;
}

/** The pixels of a row whose middles lie in a disc: `from` (included) to `to`. `down` is the row's distance from its middle, squared. */
function spanOf(radius: number, down: number, x: number, least: number, most: number): { from: number; to: number } {
  const room = radius * radius - down;
  if (room < 0) return { from: least, to: least };
  const half = Math.sqrt(room);
  return { from: Math.max(least, Math.ceil(x - half - 0.5)), to: Math.min(most, Math.floor(x + half - 0.5) + 1) };
}

/** The soft part of one row. */
function soften(
  coverage: Uint8Array,
  start: number,
  from: number,
  to: number,
  { x, radius, softness }: Dab,
  down: number,
  combine: Combine,
): void {
  const falloff = falloffOf(softness);
  const scale = FALLOFF_STEPS / (radius * radius);
  for (let column = from; column < to; column += 1) {
    const away = column + 0.5 - x;
    const amount = falloff[((away * away + down) * scale + 0.5) | 0] ?? 0;
    const old = coverage[start + column] ?? 0;
    if (combine === 'add') {
      if (amount > old) coverage[start + column] = amount;
    } else if (255 - amount < old) coverage[start + column] = 255 - amount;
  }
}

const FALLOFF_STEPS = 4096;
let lastFalloff: { softness: number; amounts: Uint8Array } | null = null;

/** How much is painted, by the square of the distance: a root for each pixel would take most of a large brush's time. */
function falloffOf(softness: number): Uint8Array {
  if (lastFalloff?.softness === softness) return lastFalloff.amounts;
  const amounts = Uint8Array.from({ length: FALLOFF_STEPS + 1 }, (_none, step) => {
    const away = Math.sqrt(step / FALLOFF_STEPS);
    const part = softness > 0 ? Math.min(1, (1 - away) / softness) : 1;
    return Math.floor(255 * part * part * (3 - 2 * part) + 0.5);
  });
  lastFalloff = { softness, amounts };
  return amounts;
}

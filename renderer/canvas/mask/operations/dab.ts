import type { Rect } from '../../../stage/geometry.ts';
import { within, type Coverage } from '../pixels/coverage.ts';
import type { Combine } from './mask-operation.ts';

/** One stamp of a brush. */
export interface Dab {
  /** Centre, image pixels. */
  x: number;
  y: number;
  radius: number;
  /** 0: hard. 1: soft from the centre on. */
  softness: number;
}

/** The pixels that a dab can change. */
export function dabBounds({ size }: Coverage, { x, y, radius }: Dab): Rect {
  const reach = Math.max(radius, 1);
  return within(size, Math.floor(x - reach), Math.floor(y - reach), Math.ceil(x + reach), Math.ceil(y + reach));
}

/**
 * Stamps a dab: full within the hard part, falling off smoothly to 0 at the radius, measured from pixel centres. The pixel under the centre is
 * always full, so that the smallest brush leaves a trace. Paint never lowers a pixel and the eraser never raises one, so overlapping dabs do
 * not add up. Only square roots and sums: the same bytes on every machine.
 */
export function stampDab(mask: Coverage, dab: Dab, combine: Combine): void {
  const { left, top, width, height } = dabBounds(mask, dab);
  const { x, y, radius } = dab;
  const hard = radius * (1 - dab.softness);
  const paint = combine === 'add' ? 255 : 0;
  const falloff = falloffOf(dab.softness);
  const across = mask.size.width;
  const right = left + width;
  for (let row = top; row < top + height; row += 1) {
    const down = (row + 0.5 - y) * (row + 0.5 - y);
    if (radius * radius < down) continue;
    const half = Math.sqrt(radius * radius - down);
    const from = Math.max(left, Math.ceil(x - half - 0.5));
    const to = Math.min(right, Math.floor(x + half - 0.5) + 1);
    // The hard part of the row; none: it begins and ends where the soft one ends.
    const whole = hard * hard < down ? -1 : Math.sqrt(hard * hard - down);
    const begin = whole < 0 ? to : Math.max(from, Math.min(to, Math.ceil(x - whole - 0.5)));
    const end = whole < 0 ? to : Math.max(begin, Math.min(to, Math.floor(x + whole - 0.5) + 1));
    const start = row * across;
    const scale = FALLOFF_STEPS / (radius * radius);
    soften(mask.coverage, start, from, begin, x, down, scale, falloff, paint);
    if (begin < end) mask.coverage.fill(paint, start + begin, start + end);
    soften(mask.coverage, start, end, to, x, down, scale, falloff, paint);
  }
  const [column, line] = [Math.floor(x), Math.floor(y)];
  const isInside = column >= 0 && line >= 0 && column < across && line < mask.size.height;
  if (isInside) mask.coverage[line * across + column] = paint;
}

/** The soft part of one row, `from` inclusive to `to` exclusive. `down`: squared distance of the row from the centre. */
function soften(
  coverage: Uint8Array,
  start: number,
  from: number,
  to: number,
  x: number,
  down: number,
  scale: number,
  falloff: Uint8Array,
  paint: number,
): void {
  // `| 0` turns doubles into integers: the loop is three times faster.
  const [first, last] = [(start + from) | 0, (start + to) | 0];
  const middle = start + x - 0.5;
  for (let at = first; at < last; at += 1) {
    const old = coverage[at] ?? 0;
    // Most of a dab lies where the previous dab has painted.
    if (old === paint) continue;
    const away = at - middle;
    const amount = falloff[((away * away + down) * scale + 0.5) | 0] ?? 0;
    if (paint === 255) {
      if (amount > old) coverage[at] = amount;
    } else if (255 - amount < old) coverage[at] = 255 - amount;
  }
}

const FALLOFF_STEPS = 4096;
let lastFalloff: { softness: number; amounts: Uint8Array } | null = null;

/** Amount by squared distance, as a table: square roots would dominate large brushes. */
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

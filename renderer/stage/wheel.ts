import type { Point } from './geometry.ts';

/** What a wheel event does: zoom by a factor, or move the image by CSS pixels. */
export type WheelAction = { kind: 'zoom'; factor: number } | { kind: 'pan'; by: Point };

/** CSS pixels per unit of `deltaMode`: pixels, lines, pages. */
const UNITS = [1, 16, 400] as const;
/** Limit for one event, so that one notch of a mouse wheel zooms by about a fifth on every system. */
const NOTCH = 20;

/** Interprets a wheel event. A trackpad pinch arrives with Ctrl; its deltas are hundredths of the logarithm of the factor. */
export function parseWheel(
  event: Pick<WheelEvent, 'deltaX' | 'deltaY' | 'deltaMode' | 'ctrlKey' | 'metaKey' | 'shiftKey'>,
): WheelAction {
  const unit = UNITS[event.deltaMode] ?? 1;
  const [x, y] = [event.deltaX * unit, event.deltaY * unit];
  if (event.ctrlKey || event.metaKey) {
    return { kind: 'zoom', factor: Math.exp(-Math.min(NOTCH, Math.max(-NOTCH, y)) / 100) };
  }
  // Shift scrolls sideways. macOS has already swapped the axes.
  return { kind: 'pan', by: event.shiftKey && x === 0 ? { x: -y, y: 0 } : { x: -x, y: -y } };
}

import type { Point } from './geometry.ts';

/** What a turn of the wheel asks for: a zoom by a factor, or a move of the image by so many CSS pixels. */
export type WheelAction = { kind: 'zoom'; factor: number } | { kind: 'pan'; by: Point };

/** As pixels, what browsers may count in lines or pages. */
const UNITS = [1, 16, 400] as const;
/** One notch of a mouse's wheel is a step of about a fifth, however far the system says that it went. */
const NOTCH = 20;

/** Reads a wheel event. A trackpad's pinch arrives as a wheel with Ctrl, and its deltas are hundredths of the factor's logarithm. */
export function parseWheel(
  event: Pick<WheelEvent, 'deltaX' | 'deltaY' | 'deltaMode' | 'ctrlKey' | 'metaKey' | 'shiftKey'>,
): WheelAction {
  const unit = UNITS[event.deltaMode] ?? 1;
  const [x, y] = [event.deltaX * unit, event.deltaY * unit];
  if (event.ctrlKey || event.metaKey) {
    return { kind: 'zoom', factor: Math.exp(-Math.min(NOTCH, Math.max(-NOTCH, y)) / 100) };
  }
  // A mouse has one wheel: with Shift it moves sideways. macOS has turned it round already.
  return { kind: 'pan', by: event.shiftKey && x === 0 ? { x: -y, y: 0 } : { x: -x, y: -y } };
}

import type { Comparison } from './Comparison.svelte.ts';

/** CSS pixels for each press of an arrow; with Shift five times as many. */
const PAN = 40;
/** What has its own use for keys. */
const KEYBOARD_WIDGETS =
  'input, textarea, select, [role="radiogroup"], [role="slider"], [role="tree"], [role="listbox"], [role="dialog"], [role="menu"]';

/** Does what a key stands for while two images are compared. True: it was one of these keys. */
export function handleCompareKey(comparison: Comparison, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.target instanceof Element && event.target.closest(KEYBOARD_WIDGETS)) return false;
  // Space presses what has the focus.
  if (event.key === ' ' && event.target instanceof Element && event.target.closest('button, a, summary')) return false;
  const far = event.shiftKey ? PAN * 5 : PAN;
  const acts: Record<string, () => void> = {
    '0': () => comparison.fit(),
    '1': () => comparison.zoomTo(1),
    '+': () => comparison.zoom(1),
    '=': () => comparison.zoom(1),
    '-': () => comparison.zoom(-1),
    y: () => (comparison.peeking = true),
    ArrowLeft: () => comparison.pan({ x: far, y: 0 }),
    ArrowRight: () => comparison.pan({ x: -far, y: 0 }),
    ArrowUp: () => comparison.pan({ x: 0, y: far }),
    ArrowDown: () => comparison.pan({ x: 0, y: -far }),
    ...(comparison.way === 'blink' && { ' ': () => flip(comparison) }),
  };
  const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  act?.();
  return act !== undefined;
}

/** By hand: the blinking does not go on by itself afterwards. */
function flip(comparison: Comparison): void {
  comparison.running = false;
  comparison.flip();
}

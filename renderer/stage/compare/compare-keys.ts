import { handleCameraKey } from '../camera-keys.ts';
import type { Comparison } from './Comparison.svelte.ts';
import { isKey, lookUpKey } from '../../shared/keyboard/shortcut-keys.ts';

/** CSS pixels for each press of an arrow key; with Shift five times as many. */
const PAN_STEP = 40;
/** Elements with their own use for these keys. */
const KEYBOARD_WIDGETS =
  'input, textarea, select, [role="radiogroup"], [role="slider"], [role="tree"], [role="listbox"], [role="dialog"], [role="menu"]';

/** Handles a key while two images are compared. Returns whether the key was used. */
export function handleCompareKey(comparison: Comparison, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.target instanceof Element && event.target.closest(KEYBOARD_WIDGETS)) return false;
  // Space presses the focused button.
  if (isKey(event, ' ') && event.target instanceof Element && event.target.closest('button, a, summary')) return false;
  if (handleCameraKey(comparison.camera, event)) return true;
  const step = event.shiftKey ? PAN_STEP * 5 : PAN_STEP;
  const actions: Record<string, () => void> = {
    y: () => (comparison.peeking = true),
    ArrowLeft: () => comparison.camera.pan({ x: step, y: 0 }),
    ArrowRight: () => comparison.camera.pan({ x: -step, y: 0 }),
    ArrowUp: () => comparison.camera.pan({ x: 0, y: step }),
    ArrowDown: () => comparison.camera.pan({ x: 0, y: -step }),
    ...(comparison.mode === 'blink' && { ' ': () => flipByHand(comparison) }),
  };
  const action = lookUpKey(actions, event);
  action?.();
  return action !== undefined;
}

/** Flipping by hand stops the blinking. */
function flipByHand(comparison: Comparison): void {
  comparison.running = false;
  comparison.flip();
}

import { isModKey } from '../shared/keyboard/shortcut.ts';
import { isKey, lookUpKey } from '../shared/keyboard/shortcut-keys.ts';

/** Commands of the canvas' keyboard shortcuts, besides those of the stage and the tools. */
export type CanvasCommand = 'undo' | 'redo' | 'send' | 'vary' | 'new' | 'open';

/** The command of a key; null if there is none. In a text field only the key for sending counts. */
export function canvasCommand(event: KeyboardEvent): CanvasCommand | null {
  if (isModKey(event) && isKey(event, 'Enter')) return event.repeat ? null : 'send';
  if (isField(event.target)) return null;
  if (isModKey(event)) return lookUpKey(MOD_KEYS, event) ?? null;
  if (!event.shiftKey || event.altKey) return null;
  if (event.ctrlKey || event.metaKey) return isKey(event, 'z') ? 'redo' : null;
  return isKey(event, 'v') && !event.repeat ? 'vary' : null;
}

const MOD_KEYS: Readonly<Record<string, CanvasCommand>> = { z: 'undo', y: 'redo', t: 'new', o: 'open' };

function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}

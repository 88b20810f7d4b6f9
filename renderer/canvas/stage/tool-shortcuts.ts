import { nextBrushSize, nextSoftness } from '../tools/brush-size.ts';
import { invertMask, type MaskCommandContext } from '../tools/mask-commands.ts';
import type { ToolSettings } from '../tools/ToolSettings.svelte.ts';
import { isKey, isShifted, keysOf, type KeyPress } from '../../shared/keyboard/shortcut-keys.ts';

/** What shortcuts for settings change. */
interface Settable {
  readonly settings: ToolSettings;
  readonly maskContext: MaskCommandContext | null;
  announce(words: string): void;
}

type ToolShortcut = { kind: 'tool'; letter: string } | { kind: 'setting'; change: (box: Settable) => void };

/** Reads a tool shortcut; null: it is none. Ctrl and Cmd belong to the page, Alt to the steps. */
export function readToolShortcut(
  event: KeyPress & Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'getModifierState'>,
): ToolShortcut | null {
  // Layouts that type brackets with AltGr report Ctrl and Alt.
  const composed = event.getModifierState('AltGraph');
  if (!composed && (event.ctrlKey || event.metaKey || event.altKey)) return null;
  const setting = settingOf(event);
  if (setting) return { kind: 'setting', change: setting };
  const letter = keysOf(event).find((key) => /^[a-z]$/u.test(key));
  if (event.shiftKey || composed || letter === undefined) return null;
  if (letter === 'i') return { kind: 'setting', change: ({ maskContext }) => maskContext && invertMask(maskContext) };
  return { kind: 'tool', letter };
}

function settingOf(event: KeyPress): ((box: Settable) => void) | null {
  if (isKey(event, '\\')) return toggleMask;
  if (isKey(event, '{') || isShifted(event, 'BracketLeft')) return (box) => soften(box, -1);
  if (isKey(event, '}') || isShifted(event, 'BracketRight')) return (box) => soften(box, 1);
  if (isKey(event, '[')) return (box) => resize(box, -1);
  if (isKey(event, ']')) return (box) => resize(box, 1);
  return null;
}

function toggleMask(box: Settable): void {
  box.settings.maskShown = !box.settings.maskShown;
  box.announce(box.settings.maskShown ? 'Mask shown.' : 'Mask hidden. It’s still in effect.');
}

function resize(box: Settable, direction: 1 | -1): void {
  box.settings.brushSize = nextBrushSize(box.settings.brushSize, direction);
  box.announce(`Size ${box.settings.brushSize}.`);
}

function soften(box: Settable, direction: 1 | -1): void {
  box.settings.softness = nextSoftness(box.settings.softness, direction);
  box.announce(`Softness ${Math.round(box.settings.softness * 100)}.`);
}

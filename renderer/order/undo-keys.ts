import { isKey } from '../shared/keyboard/shortcut-keys.ts';
import type { LibraryChanges } from '../state/library/changes.svelte.ts';

/**
 * Undo and redo of the library: Ctrl Z, Ctrl Shift Z, Ctrl Y. Fields keep their own.
 * @returns whether the key was one of them
 */
export function handleUndoKey(event: KeyboardEvent, changes: LibraryChanges): boolean {
  if (event.defaultPrevented || event.altKey || !(event.ctrlKey || event.metaKey)) return false;
  if (event.target instanceof Element && event.target.closest('input, textarea, [contenteditable]')) return false;
  const redo = (isKey(event, 'z') && event.shiftKey) || (isKey(event, 'y') && !event.shiftKey);
  if (!redo && !(isKey(event, 'z') && !event.shiftKey)) return false;
  event.preventDefault();
  // A held key would take back more than a person can see.
  if (!event.repeat) void (redo ? changes.redo() : changes.undo());
  return true;
}

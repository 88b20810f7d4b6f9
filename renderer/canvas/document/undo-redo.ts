import type { CanvasDocument } from './CanvasDocument.svelte.ts';
import { markedLabel } from '../mask/marked-label.ts';

/** A draft as far as its history goes. */
interface Undoable {
  document?: CanvasDocument | undefined;
  undo(): void;
  redo(): void;
}

/** Takes the last step back, or does it again, and says which: the buttons' names and the image are seen, not heard. */
export function undoOrRedo(draft: Undoable, way: 'undo' | 'redo', announce: (words: string) => void): void {
  const { document } = draft;
  const name = (way === 'undo' ? document?.undoName : document?.redoName) ?? null;
  if (!document || name === null) return;
  const { maskVersion } = document;
  draft[way]();
  const { width, height } = document.size;
  const now = document.maskVersion === maskVersion ? '' : ` ${markedLabel(document.mask.marked, width * height)}.`;
  announce(`${name} ${way === 'undo' ? 'undone' : 'redone'}.${now}`);
}

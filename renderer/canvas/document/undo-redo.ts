import type { CanvasDocument } from './CanvasDocument.svelte.ts';
import { markedLabel } from '../mask/marked-label.ts';

/** The part of a draft that undo and redo need. */
interface Undoable {
  document?: CanvasDocument | undefined;
  undo(): void;
  redo(): void;
}

/** Undoes or redoes a step, and announces it to screen readers. */
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

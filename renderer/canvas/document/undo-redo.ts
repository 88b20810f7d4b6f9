import type { CanvasDocument } from './CanvasDocument.svelte.ts';
import { markedWords } from '../mask/marked-label.ts';

/** A draft as far as its history goes. */
interface Undoable {
  document?: CanvasDocument | undefined;
  undo(): void;
  redo(): void;
}

/** Takes the last step back, or does it again, and says which: the buttons' names and the picture are seen, not heard. */
export function walkHistory(draft: Undoable, way: 'undo' | 'redo', say: (words: string) => void): void {
  const { document } = draft;
  const name = (way === 'undo' ? document?.undoName : document?.redoName) ?? null;
  if (!document || name === null) return;
  const { maskVersion } = document;
  draft[way]();
  const { width, height } = document.size;
  const now = document.maskVersion === maskVersion ? '' : ` ${markedWords(document.mask.marked, width * height)}.`;
  say(`${name} ${way === 'undo' ? 'taken back' : 'done again'}.${now}`);
}

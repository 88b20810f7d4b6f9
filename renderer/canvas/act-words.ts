import type { CanvasRequest } from './CanvasRequest.svelte.ts';
import { frameWords } from './frame/frame-words.ts';

/** What sending does, for its button: "Edit what is marked", "Extend to the right". */
export function actWords({ draft, goesOut, edit }: CanvasRequest): string {
  const { document } = draft;
  const count = edit.settled.sent.n ?? 1;
  const several = count > 1 ? `, ${count} pictures` : '';
  const framed = document ? frameWords(document.frame, document.size) : null;
  if (framed) return `${framed}${several}`;
  const words = { mask: 'Edit what is marked', markup: 'Edit as marked up' };
  return `${goesOut ? words[goesOut] : 'Edit the whole picture'}${several}`;
}

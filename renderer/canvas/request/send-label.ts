import type { CanvasRequest } from './CanvasRequest.svelte.ts';
import { frameWords } from '../frame/frame-label.ts';

/** What sending does, for its button: "Edit what is marked", "Extend to the right". */
export function actWords(request: CanvasRequest): string {
  const { draft, goesOut, edit } = request;
  const { document } = draft;
  const count = edit.settled.sent.n ?? 1;
  const several = count > 1 ? `, ${count} pictures` : '';
  const framed = document ? frameWords(document.frame, document.size) : null;
  if (framed && request.extends) return `${framed}${several}`;
  const words = { mask: 'Edit what is marked', markup: 'Edit as marked up' };
  // A crop alone would sound as if it cost nothing.
  const alone = framed ? 'Edit the cropped picture' : 'Edit the whole picture';
  return `${goesOut ? words[goesOut] : alone}${several}`;
}

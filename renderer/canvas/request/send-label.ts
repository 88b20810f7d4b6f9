import type { CanvasRequest } from './CanvasRequest.svelte.ts';
import { frameLabel } from '../frame/frame-label.ts';

/** What sending does, for its button: "Edit what is marked", "Extend to the right". */
export function sendLabel(request: CanvasRequest): string {
  const { draft, goesOut, edit } = request;
  const { document } = draft;
  const count = edit.resolved.sent.n ?? 1;
  const several = count > 1 ? `, ${count} images` : '';
  const effectiveFrame = document ? frameLabel(document.frame, document.size) : null;
  if (effectiveFrame && request.extends) return `${effectiveFrame}${several}`;
  const words = { mask: 'Edit what is marked', markup: 'Edit as marked up' };
  // A crop alone would sound as if it cost nothing.
  const alone = effectiveFrame ? 'Edit the cropped image' : 'Edit the whole image';
  return `${goesOut ? words[goesOut] : alone}${several}`;
}

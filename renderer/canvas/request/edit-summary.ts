import { frameLabel } from '../frame/frame-label.ts';
import { formatQuantity } from '../../shared/format/counts.ts';
import type { CanvasRequest } from './CanvasRequest.svelte.ts';

/** What the request edits: "Edit the marked area", "Extend to the right". */
export function editSummary({ draft, goesOut, extends: reaches }: CanvasRequest): string {
  const { document } = draft;
  const frame = document ? frameLabel(document.frame, document.size) : null;
  if (frame && reaches) return frame;
  if (goesOut === 'mask') return 'Edit the marked area';
  if (goesOut === 'markup') return 'Edit as marked up';
  return frame ? 'Edit the cropped image' : 'Edit the whole image';
}

/** The primary button: "Create 2 images". */
export function sendLabel({ edit }: CanvasRequest): string {
  return `Create ${formatQuantity(edit.resolved.sent.n ?? 1, 'image')}`;
}

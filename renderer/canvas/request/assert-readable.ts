import { StudioError } from '../../../electron/contract/errors/errors.ts';
import type { CanvasDocument } from '../document/CanvasDocument.svelte.ts';

/** @throws StudioError `input-invalid` where the document is read-only: a request from it would lack some of its mask, marks or frame */
export function assertReadable({ isReadOnly }: CanvasDocument): void {
  if (!isReadOnly) return;
  const message = 'Some steps of this draft can’t be read, so its mask, marks or frame may be incomplete.';
  throw new StudioError({ code: 'input-invalid', message });
}

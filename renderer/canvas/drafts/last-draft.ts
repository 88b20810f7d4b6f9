import type { DraftId } from '../../../electron/contract/entities/ids.ts';

const STORAGE_KEY = 'emulsion.canvas.draft';

/** Remembers which draft is open, for the next start. */
export function rememberLastDraft(id: DraftId | null): void {
  try {
    if (id === null) localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, id);
  } catch {
    // Storage is full or switched off: the next start opens no draft.
  }
}

/** The draft that was open last; null where none is known. */
export function readLastDraft(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

/** Moves the focus to the row above or below. */
export function focusAdjacentRow({ currentTarget }: KeyboardEvent, by: 1 | -1): void {
  if (!(currentTarget instanceof HTMLElement)) return;
  const lines = [...document.querySelectorAll<HTMLElement>('[data-line]')];
  lines[lines.indexOf(currentTarget) + by]?.focus();
}

/** Moves the focus to a row by its key. */
export function focusRow(key: string): void {
  document.querySelector<HTMLElement>(`[data-line="${CSS.escape(key)}"]`)?.focus();
}

/** Moves the focus to the button that moves a row, or to the row where that button is disabled. */
export function focusMoveButton(key: string, by: 1 | -1): void {
  const line = document.querySelector(`[data-line="${CSS.escape(key)}"]`)?.parentElement;
  const mover = line?.querySelector<HTMLButtonElement>(`[data-move="${by}"]:not(:disabled)`);
  if (mover) mover.focus();
  else focusRow(key);
}

/** Moves the focus from one line of the list to the one above or below. */
export function focusAdjacentRow({ currentTarget }: KeyboardEvent, by: 1 | -1): void {
  if (!(currentTarget instanceof HTMLElement)) return;
  const lines = [...document.querySelectorAll<HTMLElement>('[data-line]')];
  lines[lines.indexOf(currentTarget) + by]?.focus();
}

/** Moves the focus to a line by its key. */
export function focusRow(key: string): void {
  document.querySelector<HTMLElement>(`[data-line="${CSS.escape(key)}"]`)?.focus();
}

/** Moves the focus to the button that moves a line, or to the line where it cannot go further. */
export function focusMoveButton(key: string, by: 1 | -1): void {
  const line = document.querySelector(`[data-line="${CSS.escape(key)}"]`)?.parentElement;
  const mover = line?.querySelector<HTMLButtonElement>(`[data-move="${by}"]:not(:disabled)`);
  if (mover) mover.focus();
  else focusRow(key);
}

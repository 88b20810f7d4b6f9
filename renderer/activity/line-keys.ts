/** Moves the focus from one line of the list to the one above or below. */
export function stepBetweenLines({ currentTarget }: KeyboardEvent, by: 1 | -1): void {
  if (!(currentTarget instanceof HTMLElement)) return;
  const lines = [...document.querySelectorAll<HTMLElement>('[data-line]')];
  lines[lines.indexOf(currentTarget) + by]?.focus();
}

/** Moves the focus to a line by its key. */
export function focusOnLine(key: string): void {
  document.querySelector<HTMLElement>(`[data-line="${CSS.escape(key)}"]`)?.focus();
}

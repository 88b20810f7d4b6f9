/** Where the focus begins in a step: its text field, else its main button. */
const STARTS = [
  'input:is([type="text"], :not([type])):not(:disabled)',
  'textarea:not(:disabled)',
  '.actions .primary:not(:disabled)',
];

/**
 * Keeps the focus useful in a dialog that goes on in steps: when what has it goes away, it moves to the next step's text field, or to its main button. While
 * a step has neither, such as one that shows progress, the dialog itself has it; also while what had it is disabled. For `{@attach}`.
 * @returns ends it
 */
export function stepFocus(dialog: HTMLElement): () => void {
  let focused: Element | null = null;
  /** Disabled while it works. */
  let busy: HTMLElement | null = null;
  const take = (element: HTMLElement): void => {
    element.focus({ preventScroll: true });
    focused = element;
  };
  const hold = ({ target }: FocusEvent): void => {
    // A click beside the controls gives it to the dialog, and is no step.
    focused = target instanceof HTMLElement && target !== dialog ? target : null;
    busy = null;
  };
  const follow = (): void => {
    if (!focused) return;
    if (busy && dialog.contains(busy)) {
      if (!busy.matches(':disabled')) take(busy);
    } else if (focused !== dialog && dialog.contains(focused)) {
      if (!focused.matches(':disabled')) return;
      const disabled = focused as HTMLElement;
      take(dialog);
      busy = disabled;
    } else {
      const start = STARTS.map((selector) => dialog.querySelector<HTMLElement>(selector)).find(Boolean) ?? dialog;
      if (start !== focused) take(start);
    }
  };
  dialog.addEventListener('focusin', hold);
  const observer = new MutationObserver(follow);
  observer.observe(dialog, { childList: true, subtree: true, attributeFilter: ['disabled'] });
  return () => {
    observer.disconnect();
    dialog.removeEventListener('focusin', hold);
  };
}

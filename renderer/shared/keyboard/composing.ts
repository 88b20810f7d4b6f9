import { on } from 'svelte/events';

/** `keyCode` of every key that an input method handles, also where `isComposing` is already false (Safari's last Enter). */
const INPUT_METHOD_KEY = 229;

/** Whether a key event belongs to an input method (IME), for example the Enter that accepts a word: it must not trigger anything else. */
export function isComposing(event: Partial<Pick<KeyboardEvent, 'isComposing' | 'keyCode'>>): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only sign of it in Safari
  return event.isComposing === true || event.keyCode === INPUT_METHOD_KEY;
}

/**
 * Keeps the keys of input methods from every handler of the page, those of libraries too. They still reach the field.
 * @returns a function that ends it
 */
export function hideComposingKeys(target: Window): () => void {
  const hide = (event: KeyboardEvent): void => {
    if (isComposing(event)) event.stopImmediatePropagation();
  };
  return on(target, 'keydown', hide, { capture: true });
}

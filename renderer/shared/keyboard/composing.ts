/** `keyCode` of every key that an input method handles, also where `isComposing` is already false (Safari's last Enter). */
const INPUT_METHOD_KEY = 229;

/** Whether a key event belongs to an input method (IME), for example the Enter that accepts a word: it must not trigger anything else. */
export function isComposing(event: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only sign of it in Safari
  return event.isComposing || event.keyCode === INPUT_METHOD_KEY;
}

import { isComposing } from './composing.ts';

/** What a key is recognised by. Everything but `key` may be missing, as in events that programs make. */
export type KeyPress = Pick<KeyboardEvent, 'key'> &
  Partial<Pick<KeyboardEvent, 'code' | 'shiftKey' | 'isComposing' | 'keyCode' | 'getModifierState'>>;

/** The characters of a US keyboard at positions without a letter: plain, and with Shift. */
const US_PUNCTUATION: Readonly<Record<string, readonly [plain: string, shifted: string]>> = {
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Backslash: ['\\', '|'],
  Minus: ['-', '_'],
  Equal: ['=', '+'],
  Comma: [',', '<'],
  Period: ['.', '>'],
  Slash: ['/', '?'],
};

/** Letters whose keys type ASCII punctuation on a layout of another script: Hebrew Q and W, Greek Q. */
const PUNCTUATION_ON_LETTERS = new Set(['KeyQ /', "KeyW '", 'KeyQ ;']);

/**
 * The names that a key answers to, best first, lower case for letters; none while an input method composes. The first is what the
 * layout types, so AZERTY, QWERTZ and Dvorak keep their letters. Where that can't be a shortcut (а in Russian, & for 1 on AZERTY,
 * ü for [ on QWERTZ), the second is the character at the same place of a US keyboard.
 */
export function keysOf(event: KeyPress): readonly string[] {
  if (isComposing(event)) return [];
  const typed = isNamed(event.key) ? event.key : latinCase(event.key);
  const there = event.getModifierState?.('AltGraph') ? null : usKey(event, typed);
  return there === null || there === typed ? [typed] : [typed, there];
}

/** Whether a key is one of these: `Enter`, `Escape`, `z`, `[`. */
export function isKey(event: KeyPress, ...names: readonly string[]): boolean {
  return keysOf(event).some((key) => names.includes(key));
}

/** Whether the key at a place of the keyboard is pressed with Shift, regardless of what it types. */
export function isShifted({ code, shiftKey = false }: KeyPress, place: string): boolean {
  return shiftKey && code === place;
}

/** What a table holds for a key; undefined for nothing. */
export function lookUpKey<T>(table: Readonly<Record<string, T>>, event: KeyPress): T | undefined {
  const name = keysOf(event).find((key) => Object.hasOwn(table, key));
  return name === undefined ? undefined : table[name];
}

/** `Enter`, `ArrowLeft`, `Dead`: not a character. */
function isNamed(key: string): boolean {
  return /^[A-Z][A-Za-z0-9]+$/u.test(key);
}

/** Lower case, with the Turkish letters on the I key as `i`. */
function latinCase(key: string): string {
  return key === 'ı' || key === 'İ' ? 'i' : key.toLowerCase();
}

/** The character of a US keyboard at the key's place, if what was typed can't be a shortcut; else null. */
function usKey({ code = '', shiftKey = false }: KeyPress, typed: string): string | null {
  if (isNamed(typed) && typed !== 'Dead' && typed !== 'Unidentified') return null;
  const isAscii = /^[\x20-\x7e]$/u.test(typed);
  const letter = /^Key([A-Z])$/u.exec(code)?.[1]?.toLowerCase();
  if (letter !== undefined) {
    const isLatin = isAscii ? !PUNCTUATION_ON_LETTERS.has(`${code} ${typed}`) : /\p{Script=Latin}/u.test(typed);
    return isLatin && !isNamed(typed) ? null : letter;
  }
  const digit = /^Digit(\d)$/u.exec(code)?.[1];
  if (digit !== undefined) return shiftKey || /^\d$/u.test(typed) ? null : digit;
  // ASCII punctuation elsewhere, as on Dvorak, is itself.
  return isAscii ? null : (US_PUNCTUATION[code]?.[shiftKey ? 1 : 0] ?? null);
}

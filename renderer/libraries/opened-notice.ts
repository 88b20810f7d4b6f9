/** The sentence about the last opening of a library outlives the page that starts anew. */
const KEY = 'emulsion.opened';

/** Keeps a sentence for the page that starts next in this tab. */
export function keepOpenedNotice(said: string | null): void {
  try {
    if (said === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, said);
  } catch {
    // Storage is switched off: the library says the rest by itself.
  }
}

/** Takes what was kept; null for nothing. */
export function takeOpenedNotice(): string | null {
  try {
    const said = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return said;
  } catch {
    return null;
  }
}

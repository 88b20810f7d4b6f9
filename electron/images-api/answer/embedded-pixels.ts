import { looksLikePixels, PIXELS_HEAD } from './answer-shapes.ts';

/** Beginning of a data URL up to its comma. */
const DATA_URL = /data:image\/[a-z\d.+-]{1,30}(?:;[^,;"'()<>\s]{1,60}){0,4};\s?base64$/iu;
/** Longest beginning of a data URL that is recognised. */
const MAX_TAIL = 400;
const BACKSLASH = 0x5c;

const IS_BASE64 = new Uint8Array(256);
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=')
  IS_BASE64[letter.charCodeAt(0)] = 1;

/** Where an image begins in a text: `from` as it was given for its first character, `head` its base64 that was read already. */
export interface EmbeddedStart {
  from: number;
  head: string;
}

/**
 * Finds base64 of images inside a longer text, such as Markdown, HTML, or JSON that was encoded twice or more: after `data:image/…;base64,`
 * and, of a known format, after a quotation mark. Takes the text's characters one by one. Escapes of JSON inside the text are undone.
 */
export class EmbeddedPixels {
  /** The last characters without backslashes, and where they are. */
  #tail = '';
  #places: number[] = [];
  /** Characters since the last quotation mark, while they may be base64; null otherwise. */
  #quoted: { from: number; head: string } | null = null;
  /** The character before the image. */
  #opener = '';
  /** An unfinished escape inside the image. */
  #escape = '';

  /** Takes a character outside of images. Returns where an image begins that is certain with it, or null. */
  watch(code: number, at: number): EmbeddedStart | null {
    const letter = String.fromCharCode(code);
    if (code === BACKSLASH) {
      // An escape of the image's first character belongs to the image.
      if (this.#quoted?.from === -1) this.#quoted.from = at;
      return null;
    }
    const start = (letter === ',' ? this.#dataUrl() : null) ?? this.#afterQuote(letter, at);
    if (this.#tail.length >= MAX_TAIL) {
      this.#tail = this.#tail.slice(-MAX_TAIL / 2);
      this.#places = this.#places.slice(-MAX_TAIL / 2);
    }
    this.#tail += letter;
    this.#places.push(at);
    if (start) this.#begin();
    return start;
  }

  #begin(): void {
    this.#tail = '';
    this.#places = [];
    this.#quoted = null;
    this.#escape = '';
  }

  #dataUrl(): EmbeddedStart | null {
    const found = DATA_URL.exec(this.#tail);
    const from = found ? this.#places[found.index] : undefined;
    if (!found || from === undefined) return null;
    this.#opener = this.#tail[found.index - 1] ?? '';
    return { from, head: '' };
  }

  #afterQuote(letter: string, at: number): EmbeddedStart | null {
    if (letter === '"') {
      this.#quoted = { from: -1, head: '' };
      return null;
    }
    const quoted = this.#quoted;
    if (!quoted) return null;
    if (quoted.from === -1) quoted.from = at;
    quoted.head += letter;
    if (quoted.head.length < PIXELS_HEAD) return null;
    this.#quoted = null;
    if (!looksLikePixels(quoted.head)) return null;
    this.#opener = '"';
    return quoted;
  }

  /** Takes a character of an image: a character of base64, null for nothing yet, or the text that follows the image. */
  take(code: number): number | null | { after: string } {
    if (this.#escape !== '' || code === BACKSLASH) return this.#takeEscape(String.fromCharCode(code));
    if (IS_BASE64[code] === 1) return code;
    return this.#continues(code) ? null : { after: String.fromCharCode(code) };
  }

  /** Whether white space belongs to the image: between quotation marks all, in brackets line breaks. */
  #continues(code: number): boolean {
    if (code === 0x0a || code === 0x0d) return /["'(<]/u.test(this.#opener);
    return (code === 0x20 || code === 0x09) && /["']/u.test(this.#opener);
  }

  /** Any number of backslashes before `/`, `n`, `r`, `t` or `u` with four digits: text may have been encoded several times. */
  #takeEscape(letter: string): number | null | { after: string } {
    const escape = this.#escape + letter;
    this.#escape = '';
    const [, code, digits] = /^\\+(?:([/nrt])|u([\da-f]{4}))$/iu.exec(escape) ?? [];
    if (digits !== undefined && IS_BASE64[Number.parseInt(digits, 16)] === 1) return Number.parseInt(digits, 16);
    if (code !== undefined) return code === '/' ? 0x2f : null;
    const isUnfinished = escape.length < 40 && /^\\+(?:u[\da-f]{0,3})?$/iu.test(escape);
    if (!isUnfinished) return { after: escape };
    this.#escape = escape;
    return null;
  }
}

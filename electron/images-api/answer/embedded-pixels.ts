import { looksLikePixels, PIXELS_HEAD } from './answer-shapes.ts';

/** Beginning of a data URL up to its comma. */
const DATA_URL = /data:image\/[a-z\d.+-]{1,30}(?:;[^,;"'()<>\s]{1,60}){0,4};\s?base64$/iu;
/** Longest beginning of a data URL that is recognised. */
const MAX_TAIL = 320;
const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const COMMA = 0x2c;
const FOUR = 0x34;

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
  /** The last characters without backslashes, and where they are: a ring, because texts may be long. */
  readonly #codes = new Uint8Array(MAX_TAIL);
  readonly #places = new Uint32Array(MAX_TAIL);
  #count = 0;
  /** Characters since the last quotation mark, while they may be base64; null otherwise. */
  #quoted: { from: number; head: string } | null = null;
  /** The character before the image. */
  #opener = '';
  /** An unfinished escape inside the image. */
  #escape = '';

  /** Takes a character outside of images. Returns where an image begins that is certain with it, or null. */
  watch(code: number, at: number): EmbeddedStart | null {
    if (code === BACKSLASH) {
      // An escape of the image's first character belongs to the image.
      if (this.#quoted?.from === -1) this.#quoted.from = at;
      return null;
    }
    const start = (code === COMMA ? this.#dataUrl() : null) ?? this.#afterQuote(code, at);
    this.#codes[this.#count % MAX_TAIL] = code;
    this.#places[this.#count % MAX_TAIL] = at;
    this.#count += 1;
    if (start) this.#begin();
    return start;
  }

  #begin(): void {
    this.#count = 0;
    this.#quoted = null;
    this.#escape = '';
  }

  #dataUrl(): EmbeddedStart | null {
    // The last character of `base64`.
    if (this.#count < 1 || this.#codes[(this.#count - 1) % MAX_TAIL] !== FOUR) return null;
    const first = Math.max(0, this.#count - MAX_TAIL);
    const codes = Array.from({ length: this.#count - first }, (_, at) => this.#codes[(first + at) % MAX_TAIL] ?? 0);
    const tail = String.fromCharCode(...codes);
    const found = DATA_URL.exec(tail);
    const from = found ? this.#places[(first + found.index) % MAX_TAIL] : undefined;
    if (!found || from === undefined) return null;
    this.#opener = tail[found.index - 1] ?? '';
    return { from, head: '' };
  }

  #afterQuote(code: number, at: number): EmbeddedStart | null {
    if (code === QUOTE) this.#quoted = { from: -1, head: '' };
    const quoted = this.#quoted;
    if (!quoted || code === QUOTE) return null;
    if (IS_BASE64[code] !== 1) this.#quoted = null;
    if (quoted.from === -1) quoted.from = at;
    quoted.head += String.fromCharCode(code);
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

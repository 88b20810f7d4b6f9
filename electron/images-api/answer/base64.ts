/** Largest slice that is decoded through one temporary string: 64 KiB of text, 48 KiB of bytes. */
export const SLICE_CHARACTERS = 64 * 1024;
const EQUALS = 0x3d;

/**
 * Decodes base64 that arrives in pieces of any length, strictly: both alphabets (RFC 4648, sections 4 and 5), complete padding, nothing
 * else. Node's decoder skips unknown characters; they are detected here because the byte count is then too small.
 */
export class Base64Decoder {
  /** 0 to 3 characters of an incomplete group of four. */
  #carry = '';
  #padding = 0;

  /**
   * Decodes at most {@link SLICE_CHARACTERS} characters into `out` from `at` on. Returns the number of bytes written, or null for an
   * illegal character. `out` needs room for three bytes more than three quarters of the characters.
   */
  decode(characters: Buffer, out: Buffer, at: number): number | null {
    const equals = characters.indexOf(EQUALS);
    if (this.#padding > 0 && equals !== 0) return characters.length === 0 ? 0 : null;
    const end = equals === -1 ? characters.length : equals;
    for (let index = end; index < characters.length; index += 1) {
      if (characters[index] !== EQUALS) return null;
    }
    this.#padding += characters.length - end;
    return this.#decodeGroups(characters, end, out, at);
  }

  #decodeGroups(characters: Buffer, end: number, out: Buffer, at: number): number | null {
    let from = 0;
    let written = 0;
    if (this.#carry !== '') {
      from = Math.min(4 - this.#carry.length, end);
      this.#carry += characters.toString('latin1', 0, from);
      if (this.#carry.length < 4) return 0;
      written = out.write(this.#carry, at, 'base64');
      this.#carry = '';
      if (written !== 3) return null;
    }
    const groups = Math.floor((end - from) / 4);
    const whole = from + groups * 4;
    if (groups > 0) {
      const count = out.write(characters.toString('latin1', from, whole), at + written, 'base64');
      if (count !== groups * 3) return null;
      written += count;
    }
    this.#carry = characters.toString('latin1', whole, end);
    return written;
  }

  /** Writes the last one or two bytes and returns their number; null when the text ends inside a group or its padding is wrong. */
  finish(out: Buffer, at: number): number | null {
    if (this.#carry === '') return this.#padding === 0 ? 0 : null;
    if (this.#carry.length + this.#padding !== 4 || this.#padding > 2) return null;
    const count = out.write(this.#carry, at, 'base64');
    return count === 3 - this.#padding ? count : null;
  }
}

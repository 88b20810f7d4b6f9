/** Largest slice that is decoded through one temporary string: 64 KiB of text, 48 KiB of bytes. */
export const SLICE_CHARACTERS = 64 * 1024;
const EQUALS = 0x3d;
const PERCENT = 0x25;

/** By character: whether it belongs to one of the two alphabets (RFC 4648, sections 4 and 5). */
const IS_DIGIT = new Uint8Array(256);
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_')
  IS_DIGIT[letter.charCodeAt(0)] = 1;

/** Space, tab, line feed, vertical tab, form feed, carriage return. */
const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

/**
 * Decodes base64 that arrives in pieces of any length. Accepts both alphabets, mixed too, white space anywhere, and padding that is
 * missing, incomplete or too long, and percent-encoding: none of these changes the bytes. Any other character, and any digit after the padding, is damage;
 * the bytes before it are still written.
 */
export class Base64Decoder {
  /** 0 to 3 digits of an incomplete group of four. */
  #carry = '';
  #padded = false;
  /** Of a percent-encoded character, as in a data URL: `%` and one digit at most. */
  #percent = '';
  /** A character was found that isn't base64. Nothing is decoded from there on. */
  damaged = false;

  /**
   * Decodes at most {@link SLICE_CHARACTERS} characters into `out` from `at` on and returns the number of bytes written. `out` needs room
   * for three bytes more than three quarters of the characters.
   */
  decode(characters: Buffer, out: Buffer, at: number): number {
    if (this.damaged) return 0;
    const carry = this.#carry;
    // Node's decoder skips what isn't base64, so the byte count is too small where anything else was found.
    const isPlain = !this.#padded && this.#percent === '' && !characters.includes(EQUALS);
    const count = !isPlain ? null : this.#decodeDigits(characters, out, at);
    if (count !== null) return count;
    this.#carry = carry;
    return this.#decodeDigits(this.#digitsOf(characters), out, at) ?? 0;
  }

  /** The digits alone; ends at the first damage. */
  #digitsOf(characters: Buffer): Buffer {
    const digits = Buffer.allocUnsafe(characters.length);
    let length = 0;
    for (const received of characters) {
      const byte = this.#unescape(received);
      if (byte === null) continue;
      if (IS_DIGIT[byte] === 1 && !this.#padded) digits[length++] = byte;
      else if (byte === EQUALS) this.#padded = true;
      else if (!isSpace(byte)) {
        this.damaged = true;
        break;
      }
    }
    return digits.subarray(0, length);
  }

  /** The character; null inside a percent-encoded one. */
  #unescape(byte: number): number | null {
    if (this.#percent === '' && byte !== PERCENT) return byte;
    this.#percent += String.fromCharCode(byte);
    if (this.#percent.length < 3) return null;
    const code = /^%[0-7][0-9a-f]$/iu.test(this.#percent) ? Number.parseInt(this.#percent.slice(1), 16) : PERCENT;
    this.#percent = '';
    return code;
  }

  /** Null when there are other characters than digits. */
  #decodeDigits(characters: Buffer, out: Buffer, at: number): number | null {
    let from = 0;
    let written = 0;
    if (this.#carry !== '') {
      from = Math.min(4 - this.#carry.length, characters.length);
      this.#carry += characters.toString('latin1', 0, from);
      if (this.#carry.length < 4) return isDigits(this.#carry) ? 0 : null;
      written = out.write(this.#carry, at, 'base64');
      this.#carry = '';
      if (written !== 3) return null;
    }
    const groups = Math.floor((characters.length - from) / 4);
    const whole = from + groups * 4;
    if (groups > 0) {
      const count = out.write(characters.toString('latin1', from, whole), at + written, 'base64');
      if (count !== groups * 3) return null;
      written += count;
    }
    this.#carry = characters.toString('latin1', whole);
    return isDigits(this.#carry) ? written : null;
  }

  /** Writes the last one or two bytes and returns their number; null when the text ends inside a byte. */
  finish(out: Buffer, at: number): number | null {
    if (this.damaged || this.#percent !== '' || this.#carry.length === 1) return null;
    return out.write(this.#carry, at, 'base64');
  }
}

/** Of at most four characters. */
function isDigits(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (IS_DIGIT[text.charCodeAt(index)] !== 1) return false;
  return true;
}

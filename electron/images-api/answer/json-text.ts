import { answerTooLarge } from '../errors/answer-errors.ts';

const BACKSLASH = 0x5c;
/** The character after a backslash and its value: `"`, `\\`, `/`, and the letters b f n r t. */
const SIMPLE = new Map([
  [0x22, 0x22],
  [0x5c, 0x5c],
  [0x2f, 0x2f],
  [0x62, 0x08],
  [0x66, 0x0c],
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
]);

/** The JSON of a document without its images, kept for parsing, up to a limit. */
export class BoundedText {
  readonly #maxBytes: number;
  #bytes = Buffer.allocUnsafe(1024);
  length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(byte: number): void {
    if (this.length === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], this.length * 2);
    if (this.length >= this.#maxBytes) throw answerTooLarge('text');
    this.#bytes[this.length] = byte;
    this.length += 1;
  }

  pushText(text: string): void {
    for (const byte of Buffer.from(text)) this.push(byte);
  }

  slice(from: number, to = this.length): string {
    return this.#bytes.toString('utf8', from, Math.min(to, this.length));
  }
}

/** Unescapes the content of a JSON string byte by byte, ASCII only. */
export class JsonUnescaper {
  #state: 'plain' | 'escape' | 'hex' = 'plain';
  #hex = '';

  get midEscape(): boolean {
    return this.#state !== 'plain';
  }

  /** The character's code; -1 while an escape is unfinished; 0 for an escape that is not ASCII. */
  take(byte: number): number {
    if (this.#state === 'hex') return this.#takeHex(byte);
    if (this.#state === 'plain') {
      if (byte !== BACKSLASH) return byte;
      this.#state = 'escape';
      return -1;
    }
    this.#state = byte === 0x75 ? 'hex' : 'plain';
    return byte === 0x75 ? -1 : (SIMPLE.get(byte) ?? 0);
  }

  #takeHex(byte: number): number {
    this.#hex += String.fromCharCode(byte);
    if (this.#hex.length < 4) return -1;
    const code = /^[0-9a-f]{4}$/iu.test(this.#hex) ? Number.parseInt(this.#hex, 16) : 0;
    this.#hex = '';
    this.#state = 'plain';
    return code < 0x80 ? code : 0;
  }
}

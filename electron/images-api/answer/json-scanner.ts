import { randomUUID } from 'node:crypto';
import { damagedAnswer } from '../errors/answer-errors.ts';
import { BoundedText, JsonUnescaper } from './json-text.ts';

/**
 * Results of a scan, in document order. `text` of an image is base64 and valid only until the next step is requested. `item`: an object
 * below the top level that has an image has closed; `index` is its position in the enclosing array. `end`: the document has closed. In
 * their `json`, a placeholder replaces each image.
 */
export type ScanStep =
  | { type: 'image-start'; placeholder: string }
  | { type: 'image-text'; text: Buffer }
  | { type: 'image-end' }
  | { type: 'item'; json: string; index: number }
  | { type: 'end'; json: string };

interface Frame {
  array: boolean;
  /** Start of the object or array in the kept text. */
  start: number;
  elements: number;
  key: string;
  expectsKey: boolean;
  holdsImage: boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MAX_DEPTH = 64;
const MAX_HEAD = 256;
/** Random, so that no text of a server can be mistaken for a placeholder. */
const PLACEHOLDER = `image-${randomUUID()}-`;

/**
 * Finds the images of one JSON document while it arrives: strings under `b64_json`, and base64 `data:` URLs under `url`. Their text is
 * returned in pieces and not kept. The rest is kept up to a limit; `JSON.parse` reads it at the end and checks the syntax.
 */
export class JsonScanner {
  readonly #kept: BoundedText;
  readonly #frames: Frame[] = [];
  #state: 'structure' | 'key' | 'string' | 'head' | 'image' | 'after' = 'structure';
  #escaped = false;
  #stringStart = 0;
  /** The unescaped beginning of a string that may be an image. */
  #head = '';
  #unescaper = new JsonUnescaper();
  #images = 0;

  constructor(maxKeptBytes: number) {
    this.#kept = new BoundedText(maxKeptBytes);
  }

  /** The text received so far, with placeholders for images. */
  get kept(): string {
    return this.#kept.slice(0);
  }

  *feed(chunk: Buffer): Generator<ScanStep, void, void> {
    for (let at = 0; at < chunk.length && this.#state !== 'after';) {
      if (this.#state === 'image') at = yield* this.#image(chunk, at);
      else {
        const byte = chunk[at] ?? 0;
        at += 1;
        if (this.#state === 'structure') yield* this.#structure(byte);
        else if (this.#state === 'head') yield* this.#takeHead(byte);
        else this.#string(byte);
      }
    }
  }

  *#structure(byte: number): Generator<ScanStep, void, void> {
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return;
    const frame = this.#frames.at(-1);
    if (byte === 0x7b || byte === 0x5b) this.#open(byte === 0x5b);
    this.#kept.push(byte);
    if (byte === QUOTE) this.#openString(frame);
    else if (byte === 0x3a && frame) frame.expectsKey = false;
    else if (byte === 0x2c && frame) {
      frame.expectsKey = !frame.array;
      frame.elements += 1;
    } else if (byte === 0x7d || byte === 0x5d) yield* this.#close();
  }

  #open(array: boolean): void {
    if (this.#frames.length === MAX_DEPTH) throw damagedAnswer('json-depth');
    this.#frames.push({
      array,
      start: this.#kept.length,
      elements: 0,
      key: '',
      expectsKey: !array,
      holdsImage: false,
    });
  }

  *#close(): Generator<ScanStep, void, void> {
    const closed = this.#frames.pop();
    if (!closed) throw damagedAnswer('json-brackets');
    if (this.#frames.length === 0) {
      this.#state = 'after';
      yield { type: 'end', json: this.#kept.slice(closed.start) };
    } else if (closed.holdsImage) {
      const around = this.#frames.findLast((frame) => frame.array);
      yield { type: 'item', json: this.#kept.slice(closed.start), index: around?.elements ?? 0 };
    }
  }

  #openString(frame: Frame | undefined): void {
    this.#stringStart = this.#kept.length - 1;
    this.#escaped = false;
    if (frame?.expectsKey) this.#state = 'key';
    else if (frame && !frame.array && (frame.key === 'b64_json' || frame.key === 'url')) {
      this.#state = 'head';
      this.#head = '';
      this.#unescaper = new JsonUnescaper();
    } else this.#state = 'string';
  }

  #string(byte: number): void {
    this.#kept.push(byte);
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) {
      const frame = this.#frames.at(-1);
      if (this.#state === 'key' && frame) frame.key = this.#kept.slice(this.#stringStart).slice(1, -1);
      this.#state = 'structure';
    }
  }

  /** Collects the beginning of a string until it is known whether it is an image. */
  *#takeHead(byte: number): Generator<ScanStep, void, void> {
    const frame = this.#frames.at(-1);
    const ended = byte === QUOTE && !this.#unescaper.midEscape;
    this.#kept.push(byte);
    if (!ended) {
      const code = this.#unescaper.take(byte);
      if (code < 0) return;
      this.#head += String.fromCharCode(code);
    }
    const skip = classifyStart(frame?.key === 'url', this.#head, ended);
    if (skip === 'wait') return;
    if (skip === 'text') {
      this.#state = ended ? 'structure' : 'string';
      return;
    }
    if (frame) frame.holdsImage = true;
    yield this.#startImage();
    const rest = this.#head.slice(skip).replace(/[\r\n]/gu, '');
    if (rest !== '') yield { type: 'image-text', text: Buffer.from(rest, 'latin1') };
    if (!ended) return;
    this.#state = 'structure';
    yield { type: 'image-end' };
  }

  /** Replaces an image's string by a placeholder. */
  #startImage(): ScanStep {
    const placeholder = `${PLACEHOLDER}${this.#images}`;
    this.#images += 1;
    this.#kept.length = this.#stringStart;
    this.#kept.pushText(`"${placeholder}"`);
    this.#state = 'image';
    return { type: 'image-start', placeholder };
  }

  /** Yields an image's text up to its closing quote or the end of the chunk; returns the next index to read. */
  *#image(chunk: Buffer, from: number): Generator<ScanStep, number, void> {
    const quote = chunk.indexOf(QUOTE, from);
    const end = quote === -1 ? chunk.length : quote;
    const text = chunk.subarray(from, end);
    if (this.#unescaper.midEscape || text.includes(BACKSLASH)) return yield* this.#escapedImage(chunk, from);
    if (text.length > 0) yield { type: 'image-text', text };
    if (quote === -1) return end;
    this.#state = 'structure';
    yield { type: 'image-end' };
    return end + 1;
  }

  /** The same byte by byte, for base64 with `\/` or `\u` escapes, which some JSON writers produce. */
  *#escapedImage(chunk: Buffer, from: number): Generator<ScanStep, number, void> {
    const plain = Buffer.allocUnsafe(chunk.length - from);
    let length = 0;
    let at = from;
    let ended = false;
    for (; at < chunk.length && !ended; at += 1) {
      const byte = chunk[at] ?? 0;
      ended = byte === QUOTE && !this.#unescaper.midEscape;
      const code = ended ? -1 : this.#unescaper.take(byte);
      // MIME encoders insert line breaks into base64; they are ignored.
      if (code >= 0 && code !== 0x0a && code !== 0x0d) plain[length++] = code;
    }
    if (length > 0) yield { type: 'image-text', text: plain.subarray(0, length) };
    if (ended) {
      this.#state = 'structure';
      yield { type: 'image-end' };
    }
    return at;
  }
}

/** Number of characters before a string's base64; `text` when it is not an image, `wait` when more characters are needed. */
function classifyStart(isUrl: boolean, head: string, ended: boolean): number | 'text' | 'wait' {
  const start = head.slice(0, 5).toLowerCase();
  if (!'data:'.startsWith(start)) return isUrl ? 'text' : 0;
  const comma = head.indexOf(',');
  if (comma === -1 && !ended && head.length < MAX_HEAD) return 'wait';
  if (start === 'data:' && comma !== -1 && /;base64$/iu.test(head.slice(0, comma))) return comma + 1;
  return isUrl ? 'text' : 0;
}

import { damagedAnswer } from '../errors/answer-errors.ts';
import { EmbeddedPixels } from './embedded-pixels.ts';
import { fieldKind, looksLikePixels, PLACEHOLDER, placeOf, type FieldKind, type Place } from './answer-shapes.ts';
import { classifyStart, MAX_HEAD } from './string-start.ts';
import { BoundedText, JsonUnescaper } from './json-text.ts';

/**
 * Results of a scan, in document order. `certain`: the image is where nothing but the response's images are. `inList`: it or an object around it is an item of a list. `text` of an image is base64 and valid only until the next step is requested. `item`: an object
 * below the top level that has an image, or an image alone in a list, has ended; `list` names the list or field that it is in and
 * `index` its position in the enclosing array. `end`: the document has closed. In their `json`, a placeholder replaces each image.
 */
export type ScanStep =
  | { type: 'image-start'; placeholder: string; certain: boolean; inList: boolean }
  | { type: 'image-text'; text: Buffer }
  | { type: 'image-end' }
  | { type: 'item'; json: string; index: number; list: string }
  | { type: 'end'; json: string };

interface Frame {
  array: boolean;
  /** Start of the object or array in the kept text. */
  start: number;
  elements: number;
  key: string;
  expectsKey: boolean;
  holdsImage: boolean;
  place: Place;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MAX_DEPTH = 64;
/** Length in bytes from which the base64 of an image that isn't part of the answer is left out. */
const MAX_OTHER_PIXELS = 4096;
const LEFT_OUT = JSON.stringify({ emulsion: 'An image that isn’t part of the response’s images. Left out.' });

/**
 * Finds the images of one JSON document while it arrives, by the table of `answer-shapes.ts`. Their text is returned in pieces and not
 * kept. Nor is that of other large images, for example of inputs that the server repeats. The rest is kept up to a limit; `JSON.parse`
 * reads it at the end and checks the syntax.
 */
export class JsonScanner {
  readonly #kept: BoundedText;
  readonly #frames: Frame[] = [];
  /** `embedded`: in an image inside a `text`. */
  #state: 'structure' | 'key' | 'string' | 'head' | 'image' | 'text' | 'embedded' | 'skip' | 'after' = 'structure';
  #escaped = false;
  #stringStart = 0;
  /** Length of the kept text up to its last whole value. */
  #whole = 0;
  /** The unescaped beginning of a string that may be an image, and what its place makes of it. */
  #head = '';
  /** Where its characters begin in the kept text. */
  #headPlaces: number[] = [];
  #kind: FieldKind = 'either';
  #unescaper = new JsonUnescaper();
  #embedded = new EmbeddedPixels();
  /** Base64 of an image inside a text; reused for each chunk. */
  #plain: Buffer = Buffer.alloc(0);
  /** Where the current character of a text begins in the kept text. */
  #characterStart = 0;
  #images = 0;
  /** Bytes of the last chunk after the document's end. */
  unread = 0;

  constructor(maxKeptBytes: number) {
    this.#kept = new BoundedText(maxKeptBytes);
  }

  /** The text received so far, with placeholders for images. */
  get kept(): string {
    return this.#kept.slice(0);
  }

  /** The document as far as it was received, closed after its last whole value. */
  get closed(): string {
    const ends = this.#frames.toReversed().map(({ array }) => (array ? ']' : '}'));
    return this.#kept.slice(0, this.#whole) + ends.join('');
  }

  *feed(chunk: Buffer): Generator<ScanStep, void, void> {
    let at = 0;
    while (at < chunk.length && this.#state !== 'after') {
      if (this.#state === 'image') at = yield* this.#image(chunk, at);
      else if (this.#state === 'text') at = yield* this.#text(chunk, at);
      else if (this.#state === 'embedded') at = yield* this.#embeddedImage(chunk, at);
      else if (this.#state === 'skip') at = this.#skip(chunk, at);
      else {
        const byte = chunk[at] ?? 0;
        at += 1;
        if (this.#state === 'structure') yield* this.#structure(byte);
        else if (this.#state === 'head') yield* this.#takeHead(byte);
        else this.#string(byte);
      }
      this.unread = chunk.length - at;
    }
  }

  *#structure(byte: number): Generator<ScanStep, void, void> {
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return;
    const frame = this.#frames.at(-1);
    if (byte === 0x7b || byte === 0x5b) this.#open(byte === 0x5b);
    if (byte === 0x2c) this.#whole = this.#kept.length;
    this.#kept.push(byte);
    if (byte === 0x7b || byte === 0x5b || byte === 0x7d || byte === 0x5d) this.#whole = this.#kept.length;
    if (byte === QUOTE) this.#openString(frame);
    else if (byte === 0x3a && frame) frame.expectsKey = false;
    else if (byte === 0x2c && frame) {
      frame.expectsKey = !frame.array;
      frame.elements += 1;
    } else if (byte === 0x7d || byte === 0x5d) yield* this.#close();
  }

  #open(array: boolean): void {
    if (this.#frames.length === MAX_DEPTH) throw damagedAnswer('json-depth');
    const around = this.#frames.at(-1);
    this.#frames.push({
      array,
      start: this.#kept.length,
      elements: 0,
      key: '',
      expectsKey: !array,
      holdsImage: false,
      place: !around ? 'listed' : around.array ? around.place : placeOf(around.key, around.place),
    });
  }

  *#close(): Generator<ScanStep, void, void> {
    const closed = this.#frames.pop();
    if (!closed) throw damagedAnswer('json-brackets');
    if (this.#frames.length === 0) {
      this.#state = 'after';
      yield { type: 'end', json: this.#kept.slice(closed.start) };
    } else if (closed.holdsImage) yield this.#item(closed.start);
  }

  #item(start: number): ScanStep {
    const index = this.#frames.findLast((frame) => frame.array)?.elements ?? 0;
    const list = this.#frames.map(({ key }) => key).join('.');
    return { type: 'item', json: this.#kept.slice(start), index, list };
  }

  /** After the last text of an image. */
  *#endImage(): Generator<ScanStep, void, void> {
    this.#state = 'structure';
    this.#whole = this.#kept.length;
    yield { type: 'image-end' };
    const frame = this.#frames.at(-1);
    if (frame?.place !== 'listed') return;
    if (frame.array) yield this.#item(this.#stringStart);
    else frame.holdsImage = true;
  }

  #openString(frame: Frame | undefined): void {
    this.#stringStart = this.#kept.length - 1;
    this.#escaped = false;
    if (frame?.expectsKey) {
      this.#state = 'key';
      return;
    }
    const kind = kindAt(frame);
    this.#state = kind === null ? 'string' : 'head';
    if (kind === null) return;
    this.#kind = kind;
    this.#head = '';
    this.#headPlaces = [];
    this.#unescaper = new JsonUnescaper();
  }

  #string(byte: number): void {
    this.#kept.push(byte);
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) {
      const frame = this.#frames.at(-1);
      if (this.#state === 'key' && frame) frame.key = this.#kept.slice(this.#stringStart).slice(1, -1);
      else this.#whole = this.#kept.length;
      this.#state = 'structure';
    }
    if (this.#kept.length - this.#stringStart === MAX_OTHER_PIXELS) this.#leaveOutPixels();
  }

  /** Stops keeping a long string when it is an image. */
  #leaveOutPixels(): void {
    const head = this.#kept.slice(this.#stringStart + 1, this.#stringStart + MAX_HEAD).replace(/\\[nrt]?/gu, '');
    if (this.#state !== 'string' || (!/^data:[^,]*;base64,/iu.test(head) && !looksLikePixels(head))) return;
    this.#kept.length = this.#stringStart;
    this.#kept.pushText(LEFT_OUT);
    this.#whole = this.#kept.length;
    this.#state = 'skip';
  }

  /** Reads up to the string's end; returns the next index to read. */
  #skip(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) {
        this.#state = 'structure';
        return at + 1;
      }
    }
    return chunk.length;
  }

  /** Collects the beginning of a string until it is known whether it is an image. */
  *#takeHead(byte: number): Generator<ScanStep, void, void> {
    const ended = byte === QUOTE && !this.#unescaper.midEscape;
    if (!this.#unescaper.midEscape) this.#characterStart = this.#kept.length;
    this.#kept.push(byte);
    if (!ended) {
      const code = this.#unescaper.take(byte);
      if (code < 0) return;
      this.#head += String.fromCharCode(code);
      this.#headPlaces.push(this.#characterStart);
    }
    const skip = classifyStart(this.#kind, this.#head, ended);
    if (skip === 'wait') return;
    if (skip === 'text') {
      if (ended) this.#endText();
      else if (this.#kind !== 'url' && this.#frames.at(-1)?.place === 'listed') this.#beginText();
      else this.#state = 'string';
      return;
    }
    yield this.#startImage();
    const rest = this.#head.slice(skip);
    if (rest !== '') yield { type: 'image-text', text: Buffer.from(rest, 'latin1') };
    if (ended) yield* this.#endImage();
  }

  /** Replaces an image's string by a placeholder. */
  #startImage(): ScanStep {
    const frame = this.#frames.at(-1);
    const certain = frame?.place === 'listed' && (frame.array || this.#kind === 'base64');
    this.#state = 'image';
    return this.#putPlaceholder(this.#stringStart, certain, '"');
  }

  /** Replaces the kept text from an image's start on. */
  #putPlaceholder(from: number, certain: boolean, quote = ''): ScanStep {
    const placeholder = `${PLACEHOLDER}${this.#images}`;
    this.#images += 1;
    this.#kept.length = from;
    this.#kept.pushText(`${quote}${placeholder}${quote}`);
    return { type: 'image-start', placeholder, certain, inList: this.#frames.some(({ array }) => array) };
  }

  /** Looks for images inside a string, whose first characters are read already: none of them can begin one. */
  #beginText(): void {
    this.#state = 'text';
    this.#embedded = new EmbeddedPixels();
    for (const [index, at] of this.#headPlaces.entries()) this.#embedded.watch(this.#head.charCodeAt(index), at);
  }

  #endText(): void {
    this.#state = 'structure';
    this.#whole = this.#kept.length;
  }

  /** Reads a text up to its end, that of the chunk, or an image in it; returns the next index to read. */
  *#text(chunk: Buffer, from: number): Generator<ScanStep, number, void> {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (!this.#unescaper.midEscape) this.#characterStart = this.#kept.length;
      this.#kept.push(byte);
      if (byte === QUOTE && !this.#unescaper.midEscape) {
        this.#endText();
        return at + 1;
      }
      const code = this.#unescaper.take(byte);
      const start = code < 0 ? null : this.#embedded.watch(code, this.#characterStart);
      if (!start) continue;
      yield this.#putPlaceholder(start.from, false);
      this.#state = 'embedded';
      if (start.head !== '') yield { type: 'image-text', text: Buffer.from(start.head, 'latin1') };
      return at + 1;
    }
    return chunk.length;
  }

  /** Yields the text of an image inside a string up to its end or that of the chunk; returns the next index to read. */
  *#embeddedImage(chunk: Buffer, from: number): Generator<ScanStep, number, void> {
    if (this.#plain.length < chunk.length) this.#plain = Buffer.allocUnsafeSlow(chunk.length);
    const plain = this.#plain;
    let length = 0;
    let at = from;
    let end: { after: string } | null = null;
    for (; at < chunk.length && !end; at += 1) {
      const byte = chunk[at] ?? 0;
      if (byte === QUOTE && !this.#unescaper.midEscape) break;
      const code = this.#unescaper.take(byte);
      const taken = code < 0 ? null : this.#embedded.take(code);
      if (typeof taken === 'number') plain[length++] = taken;
      else end = taken;
    }
    if (length > 0) yield { type: 'image-text', text: plain.subarray(0, length) };
    if (!end && at === chunk.length) return at;
    yield { type: 'image-end' };
    this.#state = 'text';
    // One byte for each character, as it was received.
    for (const byte of Buffer.from(JSON.stringify(end?.after ?? '').slice(1, -1), 'latin1')) this.#kept.push(byte);
    return at;
  }

  /** Yields an image's text up to its closing quote or the end of the chunk; returns the next index to read. */
  *#image(chunk: Buffer, from: number): Generator<ScanStep, number, void> {
    const quote = chunk.indexOf(QUOTE, from);
    const end = quote === -1 ? chunk.length : quote;
    const text = chunk.subarray(from, end);
    if (this.#unescaper.midEscape || text.includes(BACKSLASH)) return yield* this.#escapedImage(chunk, from);
    if (text.length > 0) yield { type: 'image-text', text };
    if (quote === -1) return end;
    yield* this.#endImage();
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
      if (code >= 0) plain[length++] = code;
    }
    if (length > 0) yield { type: 'image-text', text: plain.subarray(0, length) };
    if (ended) yield* this.#endImage();
    return at;
  }
}

/** What a string directly in an object or list may hold. */
function kindAt(frame: Frame | undefined): FieldKind | null {
  if (!frame || frame.place === 'never') return null;
  const kind = frame.array ? 'either' : fieldKind(frame.key);
  // Elsewhere than in a list an address may be anything, so only pixels of a known format count.
  if (frame.place === 'other' && kind === 'text') return null;
  return frame.place === 'other' && kind === 'either' ? 'url' : kind;
}

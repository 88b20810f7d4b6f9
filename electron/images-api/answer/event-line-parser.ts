/**
 * Parsed parts of an event stream (`text/event-stream`, WHATWG HTML 9.2.6). `data`: a piece of a data line's value, valid only until the
 * next step is requested. `data-end`: that line has ended. `name`: the value of an `event` line. `event`: a blank line, which ends an event.
 * `bare`: bytes of JSON that began a line without a field name, which is no event stream; all bytes that follow, until
 * {@link EventLineParser.endBare}.
 */
export type EventLineStep =
  | { type: 'data'; bytes: Buffer }
  | { type: 'data-end' }
  | { type: 'name'; name: string }
  | { type: 'event' }
  | { type: 'bare'; bytes: Buffer };

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const MAX_NAME = 256;
const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;

/**
 * Splits an event stream into lines at LF, CR or CRLF, for any chunk boundaries. A line of data may be tens of megabytes long: its value is
 * returned as subarrays of the chunk. Comments and unknown fields are ignored.
 */
export class EventLineParser {
  #state: 'field' | 'space' | 'value' | 'bare' = 'field';
  #field = '';
  #name = '';
  /** The last byte was CR: an LF that follows belongs to it. */
  #afterCr = false;
  #unread = 0;

  /** The bare JSON has ended before the last `unread` bytes of the step; they are read as lines. */
  endBare(unread: number): void {
    this.#state = 'field';
    this.#unread = unread;
  }

  *feed(chunk: Buffer): Generator<EventLineStep, void, void> {
    const ends = new LineEnds(chunk);
    let at = 0;
    while (at < chunk.length) {
      const byte = chunk[at] ?? 0;
      if (this.#state === 'bare' || this.#beginsBare(byte)) {
        this.#state = 'bare';
        this.#unread = 0;
        yield { type: 'bare', bytes: chunk.subarray(at) };
        at = chunk.length - this.#unread;
        continue;
      }
      if (this.#afterCr) {
        this.#afterCr = false;
        if (byte === LF) {
          at += 1;
          continue;
        }
      }
      if (byte === LF || byte === CR) {
        yield* this.#endLine();
        this.#afterCr = byte === CR;
        at += 1;
      } else if (this.#state === 'field') {
        this.#takeField(byte);
        at += 1;
      } else if (this.#state === 'space') {
        this.#state = 'value';
        if (byte === SPACE) at += 1;
      } else {
        const end = ends.after(at);
        if (this.#field === 'data') yield { type: 'data', bytes: chunk.subarray(at, end) };
        else if (this.#field === 'event' && this.#name.length < MAX_NAME) {
          this.#name += chunk.toString('utf8', at, Math.min(end, at + MAX_NAME));
        }
        at = end;
      }
    }
  }

  #beginsBare(byte: number): boolean {
    return this.#state === 'field' && this.#field === '' && (byte === OPENING_BRACE || byte === OPENING_BRACKET);
  }

  #takeField(byte: number): void {
    if (byte === COLON) this.#state = 'space';
    // Known field names have at most five letters; eight characters are enough to recognise others.
    else if (this.#field.length < 8) this.#field += String.fromCharCode(byte);
  }

  *#endLine(): Generator<EventLineStep, void, void> {
    const blank = this.#state === 'field' && this.#field === '';
    if (this.#field === 'data') yield { type: 'data-end' };
    else if (this.#field === 'event') yield { type: 'name', name: this.#name.slice(0, MAX_NAME) };
    else if (blank) yield { type: 'event' };
    this.#state = 'field';
    this.#field = '';
    this.#name = '';
  }
}

/** Finds line ends in a chunk. Remembers the next LF and CR, so a chunk of many short lines is searched only once. */
class LineEnds {
  readonly #chunk: Buffer;
  #lf = -2;
  #cr = -2;

  constructor(chunk: Buffer) {
    this.#chunk = chunk;
  }

  /** Index of the first LF or CR at or after `from`, or the chunk's length. */
  after(from: number): number {
    if (this.#lf < from && this.#lf !== -1) this.#lf = this.#chunk.indexOf(LF, from);
    if (this.#cr < from && this.#cr !== -1) this.#cr = this.#chunk.indexOf(CR, from);
    const length = this.#chunk.length;
    return Math.min(this.#lf === -1 ? length : this.#lf, this.#cr === -1 ? length : this.#cr);
  }
}

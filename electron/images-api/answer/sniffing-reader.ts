import type { StudioError } from '../../contract/errors/errors.ts';
import { emptyAnswer } from '../errors/answer-errors.ts';
import type { AnswerReader } from './answer-collector.ts';

/** `text` may hold an image; `string`: text as a JSON string. */
type AnswerFormat = 'json' | 'events' | 'image' | 'text' | 'string' | 'neither';

/** Number of bytes needed to detect the format: `data:image/` is no line of an event stream. */
const HIGH_WATER_MARK = 11;
/** First characters of PNG, JPEG, GIF and WebP. */
const IMAGE = /^(?:\x89PNG|\xff\xd8\xff|GIF8|RIFF)/u;
const IMAGE_TYPE = /^\s*image\//iu;
/** What some servers put before JSON: a Markdown fence, a function to call with it (JSONP), or a line that keeps a browser from running it. */
const WRAPPING = /^(?:```|\)\]\}|\{\} ?&&|\/\*|[\w$.]{1,40} ?\()/u;
const CALL = String.raw`(?:/\*.{0,20}?\*/\s*)?(?:typeof [\w$.]{1,40} ?===? ?['"]function['"] ?&& ?)?[\w$.]{1,40} ?\(`;
const WRAPPED = new RegExp(
  String.raw`^(?:\x60{3}[a-z]{0,10}|\)\]\}'?,?|\{\} ?&&|(?:while|for) ?\([1;]{1,3}\);?|${CALL})\s*(?=[{[])`,
  'iu',
);
const MAX_WRAPPING = 160;
/** Bytes of a web page that are shown. */
const MAX_EXCERPT = 8000;
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * The format of a response, from its first characters and its content type. The characters take precedence: servers declare events as
 * JSON, JSON as text, and web pages as any type.
 */
function detectFormat(start: string, contentType: string): AnswerFormat {
  if (start.startsWith('{') || start.startsWith('[')) return 'json';
  if (IMAGE.test(start) || (IMAGE_TYPE.test(contentType) && !/^<!|^<html/iu.test(start))) return 'image';
  if (start.startsWith('<')) return 'neither';
  if (start.startsWith('"')) return 'string';
  if (/^data:image\//iu.test(start)) return 'text';
  if (/^(?:data|event|id|retry)?:/u.test(start) || /^\s*text\/event-stream/iu.test(contentType)) return 'events';
  return /html/iu.test(contentType) ? 'neither' : 'text';
}

interface SniffOptions {
  contentType: string;
  open(form: Exclude<AnswerFormat, 'neither'>): AnswerReader;
  /** The error for an answer of a web page or plain text. */
  notJson(text: Buffer): StudioError;
}

/** Detects the format from the first bytes and delegates to the reader for it. Drops leading white space and a byte order mark. */
export class SniffingReader implements AnswerReader {
  readonly #options: SniffOptions;
  #reader: AnswerReader | null = null;
  #start: Buffer = NOTHING;

  constructor(options: SniffOptions) {
    this.#options = options;
  }

  async feed(chunk: Buffer): Promise<boolean> {
    if (this.#reader) return this.#reader.feed(chunk);
    // Copied because the chunk's memory is reused.
    const start = Buffer.concat([this.#start, chunk]);
    // Some image formats begin with bytes that would be white space.
    this.#start = IMAGE_TYPE.test(this.#options.contentType) ? start : trimStart(start);
    if (this.#start.length < HIGH_WATER_MARK) return false;
    return this.#unwrap() ? this.#open() : false;
  }

  /** Drops what stands before the JSON. False while it is incomplete. */
  #unwrap(): boolean {
    const text = this.#start.toString('latin1', 0, MAX_WRAPPING);
    if (!WRAPPING.test(text)) return true;
    const wrapping = WRAPPED.exec(text);
    if (!wrapping) return text.length === MAX_WRAPPING;
    this.#start = this.#start.subarray(wrapping[0].length);
    return true;
  }

  #open(): Promise<boolean> {
    const form = detectFormat(this.#start.toString('latin1', 0, HIGH_WATER_MARK), this.#options.contentType);
    if (form === 'neither') throw this.#options.notJson(this.#start.subarray(0, MAX_EXCERPT));
    this.#reader = this.#options.open(form);
    const start = this.#start;
    this.#start = NOTHING;
    return this.#reader.feed(start);
  }

  async finish(): Promise<void> {
    if (!this.#reader) {
      if (this.#start.length === 0) throw emptyAnswer();
      await this.#open();
    }
    await this.#reader?.finish();
  }

  async abandon(): Promise<void> {
    await this.#reader?.abandon();
  }
}

/** Without white space and byte order marks. */
function trimStart(bytes: Buffer): Buffer {
  let from = 0;
  for (;;) {
    if (bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf) from += 3;
    else if (from < bytes.length && (bytes[from] ?? 0) <= 0x20) from += 1;
    else return bytes.subarray(from);
  }
}

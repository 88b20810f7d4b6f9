import { emptyAnswer, answerNotJson } from '../errors/answer-errors.ts';
import type { AnswerReader } from './answer-collector.ts';

type AnswerFormat = 'json' | 'events' | 'neither';

/** As many bytes decide: the longest field name of an event stream is `retry:`. */
const HIGH_WATER_MARK = 6;
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * What an answer is, by its first characters and its content type. The characters count for more: servers send events as JSON,
 * JSON as text, and a web page as anything.
 */
function detectFormat(start: string, contentType: string): AnswerFormat {
  if (start.startsWith('{') || start.startsWith('[')) return 'json';
  if (start.startsWith('<')) return 'neither';
  if (/^(?:data|event|id|retry)?:/u.test(start) || /^\s*text\/event-stream/iu.test(contentType)) return 'events';
  return 'neither';
}

interface SniffOptions {
  status: number;
  contentType: string;
  open(form: 'json' | 'events'): AnswerReader;
  /** A page's or text's own words, fit to be shown. */
  excerpt(text: string): string;
}

/** Looks at an answer's first bytes and then leaves it to the reader for its form. Space and a byte order mark before it are dropped. */
export class SniffingReader implements AnswerReader {
  readonly #options: SniffOptions;
  #reader: AnswerReader | null = null;
  #start: Buffer = NOTHING;

  constructor(options: SniffOptions) {
    this.#options = options;
  }

  async feed(chunk: Buffer): Promise<boolean> {
    if (this.#reader) return this.#reader.feed(chunk);
    // Copied, since it outlives the chunk.
    this.#start = trimStart(Buffer.concat([this.#start, chunk]));
    if (this.#start.length < HIGH_WATER_MARK) return false;
    return this.#open();
  }

  #open(): Promise<boolean> {
    const form = detectFormat(this.#start.toString('latin1', 0, HIGH_WATER_MARK), this.#options.contentType);
    if (form === 'neither')
      throw answerNotJson(this.#options.excerpt(this.#start.toString('utf8', 0, 8000)), this.#options.status);
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

function trimStart(bytes: Buffer): Buffer {
  let from = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (from < bytes.length && (bytes[from] ?? 0) <= 0x20) from += 1;
  return bytes.subarray(from);
}

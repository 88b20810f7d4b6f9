import { StudioError } from '../../contract/errors/errors.ts';
import type { AnswerReader } from './answer-collector.ts';
import { escapeText, STRING_END, STRING_START, TEXT_END, TEXT_START } from './text-as-json.ts';

/** Bytes of a text without an image that are shown. */
const MAX_EXCERPT = 8000;

interface TextOptions {
  /** The text is a JSON string: the whole response was encoded twice. */
  isString: boolean;
  /** Reads the text as a document. */
  reader: AnswerReader;
  /** The error for a text without an image. */
  notJson(text: Buffer): StudioError;
}

/** Reads an answer that is text, such as Markdown, a data URL, an address or a JSON string, as a JSON document of one text. */
export class TextAnswerReader implements AnswerReader {
  readonly #options: TextOptions;
  #excerpt: Buffer = Buffer.alloc(0);
  #hasBegun = false;

  constructor(options: TextOptions) {
    this.#options = options;
  }

  async feed(chunk: Buffer): Promise<boolean> {
    const { isString, reader } = this.#options;
    if (this.#excerpt.length < MAX_EXCERPT)
      this.#excerpt = Buffer.concat([this.#excerpt, chunk.subarray(0, MAX_EXCERPT)]);
    if (!this.#hasBegun) await reader.feed(isString ? STRING_START : TEXT_START);
    this.#hasBegun = true;
    await this.#orNotJson(reader.feed(isString ? chunk : escapeText(chunk)));
    return false;
  }

  async finish(): Promise<void> {
    const { isString, reader } = this.#options;
    await reader.feed(isString ? STRING_END : TEXT_END);
    await this.#orNotJson(reader.finish());
  }

  async #orNotJson(reading: Promise<unknown>): Promise<void> {
    try {
      await reading;
    } catch (error) {
      const isWords = error instanceof StudioError && ['answer-empty', 'answer-too-large'].includes(error.code);
      throw isWords && !this.#options.isString ? this.#options.notJson(this.#excerpt.subarray(0, MAX_EXCERPT)) : error;
    }
  }

  abandon(): Promise<void> {
    return this.#options.reader.abandon();
  }
}

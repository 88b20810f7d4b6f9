import { StudioError } from '../../contract/errors/errors.ts';
import { truncatedJson, truncatedStream, emptyAnswer, damagedAnswer } from '../errors/answer-errors.ts';
import { errorWithoutImage, hasError, isEmpty } from './answer-error.ts';
import type { AnswerReader, AnswerCollector } from './answer-collector.ts';
import { isJsonObject, looksLikePixels, PIXELS_HEAD, type JsonObject } from './answer-shapes.ts';
import type { JsonDocumentReader } from './json-document-reader.ts';
import { escapeText, TEXT_END, TEXT_START } from './text-as-json.ts';
import { readTask } from './task.ts';
import { EventLineParser, type EventLineStep } from './event-line-parser.ts';

const MAX_PLAIN = 256;
const NEWLINE = Buffer.from('\n');
const DONE = /^\s*\[DONE\]/iu;
/** Types of events with an image that is not finished. `partial_succeeded` is not one of them. */
const PARTIAL = /(?:^|[._-])(?:partial(?:[._-]image)?|preview|intermediate)$/iu;

/**
 * Reads the events of a streamed response: `*.partial_image`, then `*.completed`, by the type inside the event's JSON or else by its
 * `event:` line. Images are written to disk while their bytes arrive. A damaged event is skipped; it is an error only when the stream ends
 * without all requested images. An event of unknown type that has an image counts as a finished image. JSON without `data:` is read as
 * an event too: some servers send comments to keep the connection alive, then a plain document, or one document a line.
 */
export class EventStreamReader implements AnswerReader {
  readonly #delivery: AnswerCollector;
  readonly #lines = new EventLineParser();
  #name = '';
  #document: JsonDocumentReader | null = null;
  /** The text of an event that is not a JSON object, such as `[DONE]`. */
  #plain = '';
  /** The current event is damaged; its bytes are skipped up to the blank line. */
  #skipping = false;
  #completed = false;
  /** The server sends images in `*.partial_succeeded` events before a `completed` event without images. */
  #oneByOne = false;
  #done = false;
  /** The current document is not in a `data` line. */
  #bare = false;
  /** The current document is made of a text that isn't JSON. */
  #isText = false;
  /** The current line of data has just begun. */
  #atLineStart = true;
  /** What a task or a bare document without an image says. */
  #words: JsonObject | null = null;
  /** Documents that were read to their end. */
  documents = 0;

  constructor(delivery: AnswerCollector) {
    this.#delivery = delivery;
  }

  /** Reads a complete document as the first event. */
  async take(document: JsonDocumentReader): Promise<void> {
    this.#document = document;
    this.#bare = true;
    await this.#endEvent();
  }

  async feed(chunk: Buffer): Promise<boolean> {
    for (const step of this.#lines.feed(chunk)) {
      await this.#step(step);
      if (this.#done) return true;
    }
    return false;
  }

  async #step(step: EventLineStep): Promise<void> {
    if (step.type === 'name') {
      // A second name: the blank line between two events is missing.
      if (this.#name !== '' && this.#document?.ended) await this.#endEvent();
      this.#name = step.name;
    } else if (step.type === 'event') await this.#endEvent();
    else if (step.type === 'bare') await this.#takeBare(step.bytes);
    else if (this.#skipping) return;
    else if (step.type === 'data') await this.#data(step.bytes);
    else {
      this.#atLineStart = true;
      // Data lines of one event are joined by a line feed (WHATWG HTML 9.2.6), which JSON treats as white space.
      if (this.#document) await this.#read(this.#document, NEWLINE);
    }
  }

  async #takeBare(bytes: Buffer): Promise<void> {
    if (!this.#bare) {
      if (this.#document) await this.#endEvent();
      this.#bare = true;
      this.#document = this.#delivery.openDocument({ eager: true });
    }
    const document = this.#document;
    if (!document) return;
    await document.feed(bytes);
    if (!document.ended) return;
    this.#lines.endBare(document.unread);
    await this.#endEvent();
  }

  async #data(bytes: Buffer): Promise<void> {
    // A document that has ended before this line: the blank line between two events is missing.
    if (this.#atLineStart && this.#document?.ended) await this.#endEvent();
    this.#atLineStart = false;
    if (this.#document) return this.#read(this.#document, bytes);
    if (this.#plain.length >= MAX_PLAIN) return;
    const text = this.#plain + bytes.toString('latin1', 0, MAX_PLAIN);
    this.#plain = '';
    this.#isText = beginsImage(text);
    if (!this.#isText && beginsJson(text) === null) {
      this.#plain = text;
      return;
    }
    this.#document = this.#delivery.openDocument({ eager: false, event: this.#name });
    if (this.#isText) await this.#document.feed(TEXT_START);
    await this.#read(this.#document, Buffer.from(text, 'latin1'));
    if (bytes.length > MAX_PLAIN) await this.#read(this.#document, bytes.subarray(MAX_PLAIN));
  }

  async #read(document: JsonDocumentReader, bytes: Buffer): Promise<void> {
    try {
      await document.feed(this.#isText ? escapeText(bytes) : bytes);
    } catch (error) {
      if (!(error instanceof StudioError) || error.code !== 'answer-garbled') throw error;
      this.#delivery.fault ??= error;
      this.#skipping = true;
      await this.#abandonEvent(document, this.#name);
    }
    // Its type has come: its image needn't stay undecided until the blank line.
    if (document.ended && isJsonObject(document.value) && typeof document.value.type === 'string')
      await this.#endEvent();
  }

  async #endEvent(): Promise<void> {
    const document = this.#document;
    const name = this.#name;
    if (DONE.test(this.#plain)) this.#done = true;
    this.#document = null;
    this.#plain = '';
    this.#name = '';
    const wasSkipped = this.#skipping;
    this.#skipping = false;
    if (this.#isText) await document?.feed(TEXT_END);
    this.#isText = false;
    this.#atLineStart = true;
    const bare = this.#bare;
    this.#bare = false;
    if (!document || wasSkipped) return;
    if (!document.ended) {
      this.#delivery.fault ??= damagedAnswer('event');
      await this.#abandonEvent(document, name);
      return;
    }
    this.documents += 1;
    // After the images, which must not wait for it.
    await this.#event(document, name, bare).finally(() => {
      this.#delivery.keepDocument(document);
      return this.#delivery.settle(document);
    });
  }

  async #event(document: JsonDocumentReader, name: string, bare: boolean): Promise<void> {
    const { value } = document;
    const fields = isJsonObject(value) ? value : {};
    const type = typeof fields.type === 'string' ? fields.type : name;
    const task = readTask(fields);
    const all = document.find(isJsonObject(value) ? { ...value, type: undefined } : value);
    const found = task?.state === 'pending' ? all.filter(({ held }) => held.length > 0) : all;
    // A `completed` event is final even if it has a partial image index.
    const finished = type.endsWith('.completed');
    if (!finished && (typeof fields.partial_image_index === 'number' || PARTIAL.test(type))) {
      await this.#delivery.collectPartial(document, found);
      this.#delivery.fault ??= document.fault();
      return;
    }
    // Before its images: the usage is known even if one of them can't be kept.
    if (finished) this.#delivery.describe(fields);
    const before = this.#delivery.images;
    await this.#delivery.collectAll(
      document,
      found.map((one, index) => ({ ...one, index: bare ? one.index : before + index })),
    );
    this.#delivery.fault ??= document.fault();
    if (type.endsWith('.partial_succeeded')) this.#oneByOne = true;
    else if (type.endsWith('.partial_failed'))
      this.#delivery.fault ??= this.#delivery.options.toError(fields.error ?? fields);
    else if (hasError(fields) || (type === 'error' && !isEmpty({ ...fields, type: null })) || type.endsWith('.failed'))
      throw this.#delivery.options.toError(fields);
    else if (finished || this.#delivery.images > 0) this.#complete(fields, finished || (bare && found.length > 0));
    else if (task || (bare && type === '')) this.#words = fields;
  }

  #complete(fields: JsonObject, finished: boolean): void {
    if (finished) this.#completed = true;
    this.#delivery.describe(fields);
    const enough = this.#delivery.images >= this.#delivery.options.wanted;
    if (this.#completed && (enough || this.#oneByOne)) this.#done = true;
  }

  async finish(): Promise<void> {
    // The last event may be complete without the blank line that should end it.
    if (!this.#done && (this.#document?.ended || this.#isText || this.#plain !== '')) await this.#endEvent();
    const cutOff = this.#document;
    const { images, options, fault } = this.#delivery;
    const isCutJson = cutOff !== null && this.#bare;
    const complete = !isCutJson && (this.#completed || (images > 0 && !this.#oneByOne));
    if (complete && images >= options.wanted) return;
    if (fault) throw fault;
    if (!complete && images === 0 && !cutOff && this.#words) throw errorWithoutImage(this.#words, options.toError);
    if (!complete) throw isCutJson ? truncatedJson() : truncatedStream();
    if (images === 0) throw emptyAnswer();
  }

  async abandon(): Promise<void> {
    if (this.#document) await this.#abandonEvent(this.#document, this.#name);
  }

  async #abandonEvent(document: JsonDocumentReader, name: string): Promise<void> {
    this.#delivery.keepDocument(document);
    const isPartial = name.endsWith('.partial_image') || document.isPartial;
    await document.abandon(isPartial);
    if (!isPartial) await this.#delivery.collectReceived(document);
    await this.#delivery.settle(document);
  }
}

/** Whether the first characters of an event are those of an image, or of Markdown with one. */
function beginsImage(text: string): boolean {
  return (
    /^\s*(?:data:image\/|!\[)/iu.test(text) ||
    (text.length >= PIXELS_HEAD && looksLikePixels(text.slice(0, PIXELS_HEAD)))
  );
}

/** Where JSON begins in the first characters of a line of data; null when it isn't JSON or not known to be yet. */
function beginsJson(text: string): number | null {
  const start = text.search(/\S/u);
  return start !== -1 && /^(?:\{|\[\s*[{["\]])/u.test(text.slice(start)) ? start : null;
}

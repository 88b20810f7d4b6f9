import { StudioError } from '../../contract/errors/errors.ts';
import { truncatedStream, emptyAnswer, damagedAnswer } from '../errors/answer-errors.ts';
import { isJsonObject, type AnswerReader, type AnswerCollector } from './answer-collector.ts';
import type { JsonDocumentReader, JsonObject } from './json-document-reader.ts';
import { EventLineParser, type EventLineStep } from './event-line-parser.ts';

const OPENING_BRACE = 0x7b;
const MAX_PLAIN = 256;
const NEWLINE = Buffer.from('\n');

/**
 * Reads the events of a streamed response: `*.partial_image`, then `*.completed`, by the type inside the event's JSON or else by its
 * `event:` line. Images are written to disk while their bytes arrive. A damaged event is skipped; it is an error only when the stream ends
 * without all requested images. An event of unknown type that has an image counts as a finished image.
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

  constructor(delivery: AnswerCollector) {
    this.#delivery = delivery;
  }

  async feed(chunk: Buffer): Promise<boolean> {
    for (const step of this.#lines.feed(chunk)) {
      await this.#take(step);
      if (this.#done) return true;
    }
    return false;
  }

  async #take(step: EventLineStep): Promise<void> {
    if (step.type === 'name') this.#name = step.name;
    else if (step.type === 'event') await this.#endEvent();
    else if (this.#skipping) return;
    else if (step.type === 'data') await this.#data(step.bytes);
    // Data lines of one event are joined by a line feed (WHATWG HTML 9.2.6), which JSON treats as white space.
    else if (this.#document) await this.#read(this.#document, NEWLINE);
  }

  async #data(bytes: Buffer): Promise<void> {
    if (this.#document) return this.#read(this.#document, bytes);
    const start = this.#plain === '' ? bytes.findIndex((byte) => byte !== 0x20 && byte !== 0x09) : 0;
    if (start === -1) return;
    if (this.#plain === '' && bytes[start] === OPENING_BRACE) {
      this.#document = this.#delivery.openDocument();
      return this.#read(this.#document, bytes.subarray(start));
    }
    if (this.#plain.length < MAX_PLAIN) this.#plain += bytes.toString('utf8', start, start + MAX_PLAIN);
  }

  async #read(document: JsonDocumentReader, bytes: Buffer): Promise<void> {
    try {
      await document.feed(bytes);
    } catch (error) {
      if (!(error instanceof StudioError) || error.code !== 'answer-garbled') throw error;
      this.#delivery.fault ??= error;
      this.#skipping = true;
      await this.#abandonEvent();
    }
  }

  async #endEvent(): Promise<void> {
    const document = this.#document;
    const name = this.#name;
    if (this.#plain.trim() === '[DONE]') this.#done = true;
    if (document && !this.#skipping) {
      if (document.ended) {
        this.#delivery.fault ??= document.fault;
        // After the images, which must not wait for it.
        if (isJsonObject(document.value))
          await this.#event(document, document.value, name).finally(() => this.#delivery.keepDocument(document));
      } else {
        this.#delivery.fault ??= damagedAnswer('event');
        await this.#abandonEvent();
      }
    }
    this.#document = null;
    this.#plain = '';
    this.#name = '';
    this.#skipping = false;
  }

  async #event(document: JsonDocumentReader, fields: JsonObject, name: string): Promise<void> {
    const type = typeof fields.type === 'string' ? fields.type : name;
    // A `completed` event is final even if it has a partial image index.
    const finished = type.endsWith('.completed');
    if (!finished && (typeof fields.partial_image_index === 'number' || type.endsWith('.partial_image'))) {
      return this.#delivery.collectPartial(document, fields);
    }
    await this.#deliverAll(document, fields);
    if (type.endsWith('.partial_succeeded')) this.#oneByOne = true;
    else if (type.endsWith('.partial_failed'))
      this.#delivery.fault ??= this.#delivery.options.toError(fields.error ?? fields);
    else if (fields.error != null || type === 'error' || type.endsWith('.failed'))
      throw this.#delivery.options.toError(fields);
    else if (type.endsWith('.completed') || this.#delivery.images > 0) this.#complete(fields, type);
  }

  #complete(fields: JsonObject, type: string): void {
    this.#delivery.describe(fields);
    if (type.endsWith('.completed')) this.#completed = true;
    const enough = this.#delivery.images >= this.#delivery.options.wanted;
    if (this.#completed && (enough || this.#oneByOne)) this.#done = true;
  }

  /** Collects the finished image of an event, or those of its `data` when a server puts a complete response into one event. */
  async #deliverAll(document: JsonDocumentReader, fields: JsonObject): Promise<void> {
    const items: unknown[] = Array.isArray(fields.data) ? fields.data : [];
    this.#delivery.rememberUrls(document, [fields, ...items]);
    for (const item of [fields, ...items]) {
      if (isJsonObject(item)) await this.#delivery.collectImage(document, item, this.#delivery.images);
    }
  }

  async finish(): Promise<void> {
    // The last event may be complete without the blank line that should end it.
    if (!this.#done && (this.#document?.ended || this.#plain !== '')) await this.#endEvent();
    const { images, options, fault } = this.#delivery;
    const complete = this.#completed || (images > 0 && !this.#oneByOne);
    if (complete && images >= options.wanted) return;
    if (fault) throw fault;
    if (!complete) throw truncatedStream();
    if (images === 0) throw emptyAnswer();
  }

  async abandon(): Promise<void> {
    await this.#abandonEvent();
  }

  async #abandonEvent(): Promise<void> {
    if (this.#document) this.#delivery.keepDocument(this.#document);
    if (this.#name.endsWith('.partial_image')) await this.#document?.abandon(true);
    else await this.#document?.abandon();
  }
}

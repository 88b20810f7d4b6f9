import type { StudioError } from '../../contract/errors/errors.ts';
import { truncatedJson, emptyAnswer } from '../errors/answer-errors.ts';
import { isJsonObject } from './answer-shapes.ts';
import type { AnswerReader, AnswerCollector } from './answer-collector.ts';
import { isError } from './answer-error.ts';
import type { EventStreamReader } from './event-stream-reader.ts';
import type { JsonDocumentReader } from './json-document-reader.ts';

/**
 * Reads an `ImagesResponse` as one JSON document: `{created, data: [{b64_json | url, revised_prompt}], usage, …}`, or any other shape of
 * `answer-shapes.ts`. Each image is emitted as soon as its object closes. A document without an image may be the first of several, one a
 * line: what follows it is read as events.
 */
export class JsonAnswerReader implements AnswerReader {
  readonly #delivery: AnswerCollector;
  readonly #document: JsonDocumentReader;
  readonly #openLines: () => EventStreamReader;
  #lines: EventStreamReader | null = null;

  constructor(delivery: AnswerCollector, openLines: () => EventStreamReader) {
    this.#delivery = delivery;
    this.#openLines = openLines;
    this.#document = delivery.openDocument({ eager: true });
  }

  async feed(chunk: Buffer): Promise<boolean> {
    if (this.#lines) return this.#lines.feed(chunk);
    const document = this.#document;
    await document.feed(chunk);
    if (!document.ended) return false;
    if (document.find().length > 0 && !document.isPartial) return true;
    if (isJsonObject(document.value) && isError(document.value)) return true;
    this.#lines = this.#openLines();
    await this.#lines.take(document);
    return this.#lines.feed(chunk.subarray(chunk.length - document.unread));
  }

  async finish(): Promise<void> {
    const document = this.#document;
    if (this.#lines && (this.#delivery.images > 0 || this.#lines.documents > 1)) return this.#lines.finish();
    if (!document.ended) throw document.fault() ?? truncatedJson();
    this.#delivery.keepDocument(document);
    const found = document.find();
    if (isJsonObject(document.value)) this.#delivery.describe(document.value);
    await this.#delivery.collectAll(document, found);
    await this.#delivery.settle(document);
    const { images, fault } = this.#delivery;
    const lost = document.fault(images === 0 ? undefined : found) ?? fault;
    if (lost) throw lost;
    if (images === 0) throw this.#nothing(document.value);
  }

  /** The error of a response without an image: the server's, if it has one. */
  #nothing(value: unknown): StudioError {
    if (!isJsonObject(value)) return emptyAnswer();
    return isError(value) ? this.#delivery.options.toError(value) : emptyAnswer();
  }

  async abandon(): Promise<void> {
    const document = this.#document;
    this.#delivery.keepDocument(document);
    // URLs are fetched only at the document's end, so a truncated document loses them all unless they are remembered.
    if (!document.ended) await this.#delivery.collectReceived(document);
    await document.abandon();
    await this.#delivery.settle(document);
    await this.#lines?.abandon();
  }
}

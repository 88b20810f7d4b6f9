import type { StudioError } from '../../contract/errors/errors.ts';
import { truncatedJson, emptyAnswer } from '../errors/answer-errors.ts';
import { isJsonObject, type AnswerReader, type AnswerCollector } from './answer-collector.ts';
import type { JsonDocumentReader } from './json-document-reader.ts';

/**
 * Reads an `ImagesResponse` as one JSON document: `{created, data: [{b64_json | url, revised_prompt}], usage, …}`. Each image is emitted as
 * soon as its object closes. Also accepts an image at the top level and a list without an enclosing object, which some servers send.
 */
export class JsonAnswerReader implements AnswerReader {
  readonly #delivery: AnswerCollector;
  readonly #document: JsonDocumentReader;

  constructor(delivery: AnswerCollector) {
    this.#delivery = delivery;
    this.#document = delivery.openDocument((fields, index) => delivery.collectImage(this.#document, fields, index));
  }

  async feed(chunk: Buffer): Promise<boolean> {
    await this.#document.feed(chunk);
    return this.#document.ended;
  }

  async finish(): Promise<void> {
    if (!this.#document.ended) throw this.#document.fault ?? truncatedJson();
    this.#delivery.keepDocument(this.#document);
    const { value, fault } = this.#document;
    const fields = isJsonObject(value) ? value : {};
    this.#delivery.describe(fields);
    const items: unknown[] = Array.isArray(value) ? value : Array.isArray(fields.data) ? fields.data : [];
    this.#delivery.rememberUrls(this.#document, [fields, ...items]);
    await this.#delivery.collectImage(this.#document, fields, 0);
    for (const [position, item] of items.entries()) {
      if (isJsonObject(item)) await this.#delivery.collectImage(this.#document, item, position);
    }
    const lost = fault ?? this.#delivery.fault;
    if (lost) throw lost;
    if (this.#delivery.images === 0) throw this.#nothing(fields);
  }

  /** The error of a response without an image: the server's, if it has one. */
  #nothing(fields: Record<string, unknown>): StudioError {
    const words = fields.error ?? fields.detail ?? fields.message;
    return words == null ? emptyAnswer() : this.#delivery.options.toError(fields);
  }

  async abandon(): Promise<void> {
    this.#delivery.keepDocument(this.#document);
    // URLs are fetched only at the document's end, so a truncated document loses them all unless they are remembered.
    if (!this.#document.ended && this.#delivery.images === 0) this.#delivery.rememberUrlsInTruncated(this.#document);
    await this.#document.abandon();
  }
}

import type { StudioError } from '../../contract/errors.ts';
import { cutDocument, emptyAnswer } from '../errors/answer-errors.ts';
import { isFields, type AnswerReader, type Delivery } from './answer-collector.ts';
import type { DocumentReader } from './json-document-reader.ts';

/**
 * Reads an `ImagesResponse` in one piece of JSON: `{created, data: [{b64_json | url, revised_prompt}], usage, …}`. Each picture is
 * announced as soon as its own object closes. Some servers put the picture at the top level or the list without an object around it.
 */
export class ResponseReader implements AnswerReader {
  readonly #delivery: Delivery;
  readonly #document: DocumentReader;

  constructor(delivery: Delivery) {
    this.#delivery = delivery;
    this.#document = delivery.openDocument((fields, index) => delivery.deliver(this.#document, fields, index));
  }

  async feed(chunk: Buffer): Promise<boolean> {
    await this.#document.feed(chunk);
    return this.#document.ended;
  }

  async finish(): Promise<void> {
    if (!this.#document.ended) throw this.#document.fault ?? cutDocument();
    this.#delivery.keepDocument(this.#document);
    const { value, fault } = this.#document;
    const fields = isFields(value) ? value : {};
    this.#delivery.describe(fields);
    const items: unknown[] = Array.isArray(value) ? value : Array.isArray(fields.data) ? fields.data : [];
    this.#delivery.noteAddresses(this.#document, [fields, ...items]);
    await this.#delivery.deliver(this.#document, fields, 0);
    for (const [position, item] of items.entries()) {
      if (isFields(item)) await this.#delivery.deliver(this.#document, item, position);
    }
    const lost = fault ?? this.#delivery.fault;
    if (lost) throw lost;
    if (this.#delivery.pictures === 0) throw this.#nothing(fields);
  }

  /** Why an answer without a picture has none: by its own words, where it has some. */
  #nothing(fields: Record<string, unknown>): StudioError {
    const words = fields.error ?? fields.detail ?? fields.message;
    return words == null ? emptyAnswer() : this.#delivery.options.toError(fields);
  }

  async abandon(): Promise<void> {
    this.#delivery.keepDocument(this.#document);
    // Pictures by address are only fetched at the document's end, so that a cut takes all of them.
    if (!this.#document.ended && this.#delivery.pictures === 0) this.#delivery.noteCut(this.#document);
    await this.#document.abandon();
  }
}

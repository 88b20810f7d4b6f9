import { truncatedJson, emptyAnswer } from '../errors/answer-errors.ts';
import { documentInText, isJsonObject, type FoundImage } from './answer-shapes.ts';
import type { AnswerReader, AnswerCollector } from './answer-collector.ts';
import { errorWithoutImage, isError } from './answer-error.ts';
import type { EventStreamReader } from './event-stream-reader.ts';
import type { JsonDocumentReader } from './json-document-reader.ts';
import { readTask } from './task.ts';

/** Documents that are kept of a task while it goes on; there may be hundreds. */
const MAX_PENDING_DOCUMENTS = 10;

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
    if (this.#found().length > 0 && !document.isPartial) return true;
    if (isJsonObject(document.value) && (isError(document.value) || readTask(document.value))) return true;
    this.#lines = this.#openLines();
    await this.#lines.take(document);
    return this.#lines.feed(chunk.subarray(chunk.length - document.unread));
  }

  async finish(): Promise<void> {
    const document = this.#document;
    if (this.#lines && (this.#delivery.images > 0 || this.#lines.documents > 1)) return this.#lines.finish();
    if (!document.ended) throw document.fault() ?? truncatedJson();
    if (readTask(document.value)?.state !== 'pending') this.#delivery.keepDocument(document);
    else if (this.#delivery.pendingDocuments++ < MAX_PENDING_DOCUMENTS) this.#delivery.keepDocument(document);
    const found = this.#found();
    const inner = documentInText(document.value);
    if (isJsonObject(document.value)) this.#delivery.describe({ ...inner, ...document.value });
    await this.#delivery.collectAll(document, found);
    await this.#delivery.settle(document);
    const { images, fault } = this.#delivery;
    const lost = document.fault(images === 0 ? undefined : found) ?? fault;
    if (lost) throw lost;
    if (images === 0) throw this.#nothing(document.value);
  }

  /** The answer's images. An address in a task that goes on is the task's. */
  #found(): FoundImage[] {
    const found = this.#document.find();
    return readTask(this.#document.value)?.state === 'pending' ? found.filter(({ held }) => held.length > 0) : found;
  }

  #nothing(value: unknown): Error {
    if (!isJsonObject(value)) return emptyAnswer();
    const said = isError(value) ? value : (documentInText(value) ?? value);
    return errorWithoutImage(said, this.#delivery.options.toError);
  }

  async abandon(): Promise<void> {
    const document = this.#document;
    if (!document.ended) this.#delivery.keepDocument(document);
    // URLs are fetched only at the document's end, so a truncated document loses them all unless they are remembered.
    if (!document.ended) await this.#delivery.collectReceived(document);
    await document.abandon();
    await this.#delivery.settle(document);
    await this.#lines?.abandon();
  }
}

import * as v from 'valibot';
import { UsageSchema, type ResponseMetadata } from '../../contract/entities/generations.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import type { AnswerDocuments } from './answer-documents.ts';
import { answerTooLarge } from '../errors/answer-errors.ts';
import { JsonDocumentReader, type DocumentOptions, type JsonObject } from './json-document-reader.ts';
import type { Limits } from '../transport/limits.ts';
import { ImageFile, type ReceivedImage } from './image-file.ts';
import { redactKey, redactValue } from '../errors/redact.ts';

/**
 * What arrives while a call runs, in order. `head`: the server has begun to answer. `partial`: an early look; `index` is our own count
 * of those that arrived in this call, 0, 1, 2, …, since servers send any number as theirs, the same one each time, or none.
 * `unfinished-file`: the beginning of a finished image that will not become whole; its file is closed when the call has ended.
 * `image`: a finished image, `position` from 0. `document`: a piece of JSON that the server answered, without pixels and without the
 * key: the whole answer, one event of a stream, or the body of a refusal.
 */
export type AnswerEvent =
  | { type: 'head'; status: number; requestId: string | null }
  | { type: 'partial'; index: number; image: ReceivedImage }
  | { type: 'unfinished-file'; path: string }
  | { type: 'image'; position: number; image: ReceivedImage; revisedPrompt: string | null }
  | { type: 'document'; document: unknown };

interface CollectorOptions {
  folder: string;
  /** Is removed from everything that the answer says: it goes to the library and its records. */
  apiKey: string | null;
  limits: Limits;
  /** Keeps what is read. */
  documents: AnswerDocuments;
  /** Called at once for every whole image; must not throw. */
  emit(arrival: AnswerEvent): void;
  /** Fetches an image that the answer gave as an address, and finishes the file. */
  download(url: string, file: ImageFile): Promise<ReceivedImage>;
  /** The server's `error` object, in whatever form, as an error for a person. */
  toError(body: unknown): StudioError;
  /** How many images were asked for. */
  wanted: number;
  /** Aborted when the call is over before its answer is. */
  signal: AbortSignal;
}

/** How an answer is read, whatever its form: chunk by chunk, then its end. */
export interface AnswerReader {
  /** True: the answer is complete, the rest need not be read. */
  feed(chunk: Buffer): Promise<boolean>;
  /** The body has ended: throws when the answer is not whole. */
  finish(): Promise<void>;
  /** Gives up whatever is half-done. Never throws. */
  abandon(): Promise<void>;
}

/** Hands the images of one answer on and gathers its fields, for both forms of answer. */
export class AnswerCollector {
  readonly options: CollectorOptions;
  readonly #delivered = new Set<string>();
  #files = 0;
  /** Early looks that were announced. */
  #partials = 0;
  /** Unfinished images whose beginning stayed on disk. */
  #parts = 0;
  /** Addresses of finished images that have not been fetched, in the answer's order. */
  readonly unfetchedUrls = new Set<string>();
  /** Finished images that were announced. */
  images = 0;
  answer: ResponseMetadata = {};
  /** The first image that did not make it. The others are still taken. */
  fault: StudioError | null = null;

  constructor(options: CollectorOptions) {
    this.options = options;
  }

  /** Whether anything of an image is there, whole or not. */
  get hasSavedData(): boolean {
    return this.images + this.#partials + this.#parts > 0;
  }

  openDocument(onItem?: DocumentOptions['onItem']): JsonDocumentReader {
    return new JsonDocumentReader({
      maxTextBytes: this.options.limits.maxTextBytes,
      openFile: () => this.#openFile(),
      onItem,
    });
  }

  async #openFile(): Promise<ImageFile> {
    this.#files += 1;
    if (this.#files > this.options.limits.maxImages) throw answerTooLarge('image-count');
    return ImageFile.create(this.options.folder, this.options.limits.maxImageBytes, (path) => {
      this.#parts += 1;
      this.options.emit({ type: 'unfinished-file', path });
    });
  }

  /** Keeps what a reader has read, whole or not, for the record. */
  keepDocument(document: JsonDocumentReader): void {
    this.options.documents.keep(document);
  }

  /** Remembers where the images of these objects lie, so that none is lost when fetching one of them ends the call. */
  rememberUrls(document: JsonDocumentReader, items: readonly unknown[]): void {
    for (const item of items) {
      const address = isJsonObject(item) ? urlOf(document, item) : null;
      if (address === null) continue;
      // An address is worth as much as its image: it is kept before anything is fetched.
      if (document.ended) this.keepDocument(document);
      if (this.unfetchedUrls.size < this.options.limits.maxImages) this.unfetchedUrls.add(address);
    }
  }

  /** The same for a document that was cut. */
  rememberUrlsInTruncated(document: JsonDocumentReader): void {
    const urls = document.addresses.map((url) => ({ url }));
    this.rememberUrls(document, urls);
  }

  /** Announces the finished image of an object, if it has one that was not announced before. */
  async collectImage(document: JsonDocumentReader, fields: JsonObject, position: number): Promise<void> {
    this.rememberUrls(document, [fields]);
    const image = await this.#obtain(document, fields, true);
    if (!image) return;
    const said = fields.revised_prompt;
    const revisedPrompt = typeof said === 'string' ? redactKey(said, this.options.apiKey) : null;
    this.images += 1;
    this.options.emit({ type: 'image', position, image, revisedPrompt });
  }

  /** Announces the early look of an event. One given as an address is worth the download too, while it lasts. */
  async collectPartial(document: JsonDocumentReader, fields: JsonObject): Promise<void> {
    const image = await this.#obtain(document, fields, false);
    if (!image) return;
    const index = this.#partials;
    this.#partials += 1;
    this.options.emit({ type: 'partial', index, image });
  }

  async #obtain(document: JsonDocumentReader, fields: JsonObject, isFinal: boolean): Promise<ReceivedImage | null> {
    const held = document.imageOf(fields);
    if (held) {
      if (this.#delivered.has(held.path)) return null;
      this.#delivered.add(held.path);
      return held;
    }
    const address = urlOf(document, fields);
    return address === null ? null : this.#download(address, isFinal);
  }

  async #download(url: string, isFinal: boolean): Promise<ReceivedImage | null> {
    const file = await this.#openFile();
    try {
      const image = await this.options.download(url, file);
      this.unfetchedUrls.delete(url);
      return image;
    } catch (error) {
      await file.abandon(isFinal);
      if (!(error instanceof StudioError) || this.options.signal.aborted) throw error;
      // An early look that lies nowhere is no reason why the image does not come.
      if (isFinal || error.code !== 'connection-lost') this.fault ??= error;
      return null;
    }
  }

  /** Keeps what an answer or a `completed` event says besides images, without the key. */
  describe(fields: JsonObject): void {
    this.answer = { ...this.answer, ...readAnswer(fields, this.options.apiKey) };
  }
}

/** Where the image of an object lies, when the answer holds only its address. */
function urlOf(document: JsonDocumentReader, fields: JsonObject): string | null {
  const { url } = fields;
  return document.imageOf(fields) === undefined && typeof url === 'string' && url !== '' ? url : null;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
/** JSON has numbers that are none here, such as 1e999: they could not be written down and read again. */
const number = (value: unknown): number | undefined => (Number.isFinite(value) ? (value as number) : undefined);

/** The known fields of an answer, each only if it has the type that it should have. A stream calls `created` `created_at`. */
function readAnswer(fields: JsonObject, apiKey: string | null): ResponseMetadata {
  const usage = v.safeParse(UsageSchema, fields.usage);
  const svgUsage = v.safeParse(v.record(v.string(), v.unknown()), fields.svg_usage);
  const answer: ResponseMetadata = {
    created: number(fields.created) ?? number(fields.created_at),
    background: text(fields.background),
    output_format: text(fields.output_format),
    quality: text(fields.quality),
    size: text(fields.size),
    safety_identifier: fields.safety_identifier === null ? null : text(fields.safety_identifier),
    usage: usage.success ? usage.output : undefined,
    svg_usage: svgUsage.success ? svgUsage.output : undefined,
  };
  const said = Object.entries<unknown>(answer).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said.map(([name, value]) => [name, redactValue(value, apiKey)]));
}

/** Whether a value of a JSON document is an object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

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
 * The parts of a response in the order of their arrival. `head`: status and headers were received. `partial`: a partial image; `index`
 * counts those of this call from 0, because servers send arbitrary numbers, the same one each time, or none. `unfinished-file`: the
 * beginning of a final image that will not be completed; its file is closed when the call has ended. `image`: a finished image,
 * `position` from 0. `document`: JSON from the server, without pixels and without the key: a complete response, one event of a stream, or
 * the body of an error response.
 */
export type AnswerEvent =
  | { type: 'head'; status: number; requestId: string | null }
  | { type: 'partial'; index: number; image: ReceivedImage }
  | { type: 'unfinished-file'; path: string }
  | { type: 'image'; position: number; image: ReceivedImage; revisedPrompt: string | null }
  | { type: 'document'; document: unknown };

interface CollectorOptions {
  folder: string;
  /** Removed from every text of the response, which is stored in the library. */
  apiKey: string | null;
  limits: Limits;
  /** Collects the JSON documents of the response. */
  documents: AnswerDocuments;
  /** Called for every part as soon as it is complete; must not throw. */
  emit(arrival: AnswerEvent): void;
  /** Downloads an image that the response gave as a URL, and finishes the file. */
  download(url: string, file: ImageFile): Promise<ReceivedImage>;
  /** Converts the server's `error` value, of any form. */
  toError(body: unknown): StudioError;
  /** Number of requested images. */
  wanted: number;
  /** Aborted when the call ends before its response does. */
  signal: AbortSignal;
}

/** Reads a response body of one format: chunk by chunk, then its end. */
export interface AnswerReader {
  /** Returns true when the response is complete and the rest need not be read. @throws StudioError */
  feed(chunk: Buffer): Promise<boolean>;
  /** The body has ended. @throws StudioError when the response is incomplete or has no image */
  finish(): Promise<void>;
  /** Abandons an unfinished image. Does not reject. */
  abandon(): Promise<void>;
}

/** Emits the images of one response and collects its fields; shared by the readers of JSON and of event streams. */
export class AnswerCollector {
  readonly options: CollectorOptions;
  readonly #delivered = new Set<string>();
  #files = 0;
  /** Partial images that were emitted. */
  #partials = 0;
  /** Incomplete images whose beginning stayed on disk. */
  #parts = 0;
  /** URLs of finished images that have not been downloaded, in the response's order. */
  readonly unfetchedUrls = new Set<string>();
  /** Finished images that were emitted. */
  images = 0;
  answer: ResponseMetadata = {};
  /** The error of the first image that failed. Later images are still read. */
  fault: StudioError | null = null;

  constructor(options: CollectorOptions) {
    this.options = options;
  }

  /** Whether any part of an image is on disk. */
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

  /** Records what a reader has read, complete or not. */
  keepDocument(document: JsonDocumentReader): void {
    this.options.documents.keep(document);
  }

  /** Remembers the image URLs of these objects, because downloading one of them can end the call. */
  rememberUrls(document: JsonDocumentReader, items: readonly unknown[]): void {
    for (const item of items) {
      const address = isJsonObject(item) ? urlOf(document, item) : null;
      if (address === null) continue;
      // The URL is as valuable as the image, so it is recorded before the download starts.
      if (document.ended) this.keepDocument(document);
      if (this.unfetchedUrls.size < this.options.limits.maxImages) this.unfetchedUrls.add(address);
    }
  }

  /** The same for a truncated document. */
  rememberUrlsInTruncated(document: JsonDocumentReader): void {
    const urls = document.addresses.map((url) => ({ url }));
    this.rememberUrls(document, urls);
  }

  /** Emits the finished image of an object, if it has one that was not emitted before. */
  async collectImage(document: JsonDocumentReader, fields: JsonObject, position: number): Promise<void> {
    this.rememberUrls(document, [fields]);
    const image = await this.#obtain(document, fields, true);
    if (!image) return;
    const said = fields.revised_prompt;
    const revisedPrompt = typeof said === 'string' ? redactKey(said, this.options.apiKey) : null;
    this.images += 1;
    this.options.emit({ type: 'image', position, image, revisedPrompt });
  }

  /** Emits the partial image of an event. One given as a URL is downloaded too, because the URL expires. */
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
      // A partial image that cannot be downloaded does not explain a missing final image.
      if (isFinal || error.code !== 'connection-lost') this.fault ??= error;
      return null;
    }
  }

  /** Records the fields of a response or of a `completed` event except images, without the key. */
  describe(fields: JsonObject): void {
    this.answer = { ...this.answer, ...readAnswer(fields, this.options.apiKey) };
  }
}

/** The URL of an object's image when the response has no image data for it, else null. */
function urlOf(document: JsonDocumentReader, fields: JsonObject): string | null {
  const { url } = fields;
  return document.imageOf(fields) === undefined && typeof url === 'string' && url !== '' ? url : null;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
/** `1e999` is valid JSON but parses to Infinity, which cannot be stored as JSON. */
const number = (value: unknown): number | undefined => (Number.isFinite(value) ? (value as number) : undefined);

/** The known fields of a response, each only if it has the expected type. Streams name `created` `created_at`. */
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

import { rm } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { readResponseMetadata } from '../../contract/costs/kept-response.ts';
import type { ResponseMetadata } from '../../contract/entities/generations.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import type { Echoes } from './echoes.ts';
import type { AnswerDocuments } from './answer-documents.ts';
import { answerTooLarge } from '../errors/answer-errors.ts';
import { type FoundImage, type JsonObject } from './answer-shapes.ts';
import { JsonDocumentReader } from './json-document-reader.ts';
import { resolveAddresses, textOfDataUrl } from './resolve-addresses.ts';
import type { Limits } from '../transport/limits.ts';
import { ImageFile, type ReceivedImage } from './image-file.ts';
import type { ImagePlace, OpenImageSink } from './image-sink.ts';
import { redactKey, redactValue } from '../errors/redact.ts';

/**
 * The parts of a response in the order of their arrival. `head`: status and headers were received. `partial`: a partial image; `index`
 * counts those of this call from 0, because servers send arbitrary numbers, the same one each time, or none. `unfinished-file`: the
 * beginning of a final image that will not be completed, or an image that isn't one of the answer's; its file is closed when the call has
 * ended. `image`: a finished image, `position` from 0. `answer`: what the response says about itself so far, such as its usage. `document`:
 * JSON from the server, without pixels and without the key: a complete response, one event of a stream, or the body of an error response.
 */
export type AnswerEvent =
  | { type: 'head'; status: number; requestId: string | null }
  | { type: 'partial'; index: number; image: ReceivedImage }
  | { type: 'unfinished-file'; path: string }
  | { type: 'image'; position: number; image: ReceivedImage; revisedPrompt: string | null }
  | { type: 'answer'; answer: ResponseMetadata }
  | { type: 'document'; document: unknown };

interface CollectorOptions {
  openSink: OpenImageSink;
  /** Removed from every text of the response, which is stored in the library. */
  apiKey: string | null;
  limits: Limits;
  /** Collects the JSON documents of the response. */
  documents: AnswerDocuments;
  /** Called for every part as soon as it is complete; must not throw. */
  emit(arrival: AnswerEvent): void;
  /** URL of the request. */
  requestUrl: string;
  /** What the response may repeat of the request. */
  echoes: Echoes;
  /** Downloads an image from the first of these URLs that has it, and finishes the file. */
  download(urls: readonly string[], file: ImageFile): Promise<ReceivedImage>;
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
  /** Paths of the files that were emitted. */
  readonly #delivered = new Set<string>();
  readonly #hashes = new Set<string>();
  readonly #positions = new Set<number>();
  /** URLs whose download was tried. */
  readonly #tried = new Set<string>();
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

  /** URL of the request that is answered, for relative addresses. */
  requestUrl: string;
  /** Documents of a task that had not ended. */
  pendingDocuments = 0;

  constructor(options: CollectorOptions) {
    this.options = options;
    this.requestUrl = options.requestUrl;
  }

  /** Whether any part of an image is on disk. */
  get hasSavedData(): boolean {
    return this.images + this.#partials + this.#parts > 0;
  }

  /**
   * @param eager emits an image as soon as its object has ended, of the first list that has one
   * @param event name of the event that the document belongs to; left out for a document of its own
   */
  openDocument({ eager, event }: { eager: boolean; event?: string }): JsonDocumentReader {
    let first: string | null = null;
    const document: JsonDocumentReader = new JsonDocumentReader({
      maxTextBytes: this.options.limits.maxTextBytes,
      ...kindsOfEvent(event),
      isEcho: (found) => this.options.echoes.isOfPrompt(found),
      openFile: (kind) => this.#openFile(kind),
      ...(eager && {
        onItem: async (value, { list, index }) => {
          first ??= list;
          if (list === first) await this.#collectHeld(document, document.find(value), index);
        },
      }),
    });
    return document;
  }

  async #openFile(kind: ImagePlace['kind']): Promise<ImageFile> {
    this.#files += 1;
    if (this.#files > this.options.limits.maxImages) throw answerTooLarge('image-count');
    const place = { kind, position: kind === 'partial' ? this.#partials : this.images };
    return ImageFile.create(this.options.openSink, place, {
      maxBytes: this.options.limits.maxImageBytes,
      onKept: (path) => {
        this.#parts += 1;
        this.options.emit({ type: 'unfinished-file', path });
      },
    });
  }

  /** Creates the file of an answer that is the image itself. */
  openImage(): Promise<ImageFile> {
    return this.#openFile('image');
  }

  /** Emits the image of an answer that is the image itself. */
  async collectFile(file: ImageFile): Promise<void> {
    const image = await file.finish();
    this.#delivered.add(image.path);
    this.images += 1;
    this.options.emit({ type: 'image', position: this.#positionFor(0), image, revisedPrompt: null });
  }

  /** Records what a reader has read, complete or not. */
  keepDocument(document: JsonDocumentReader): void {
    this.options.documents.keep(document);
  }

  /** Remembers the URLs of images that came without pixels, because downloading one of them can end the call. */
  rememberUrls(document: JsonDocumentReader, found: readonly FoundImage[]): void {
    for (const one of found) {
      if (one.url === null || heldImage(document, one)) continue;
      const [address = one.url] = resolveAddresses(one.url, this.requestUrl);
      if (this.#tried.has(address)) continue;
      // The URL is as valuable as the image, so it is recorded before the download starts.
      if (document.ended) this.keepDocument(document);
      if (this.unfetchedUrls.size < this.options.limits.maxImages) this.unfetchedUrls.add(address);
    }
  }

  /** Emits finished images that were not emitted before, each at its index in its list. */
  async collectAll(document: JsonDocumentReader, found: readonly FoundImage[]): Promise<void> {
    this.rememberUrls(document, found);
    for (const one of found) await this.#collect(document, one, one.index);
  }

  /** Emits the whole images of a document that was cut off, and remembers the URLs of the others. */
  async collectReceived(document: JsonDocumentReader): Promise<void> {
    const found = document.findDecided();
    if (!document.isPartial) this.rememberUrls(document, found);
    await this.#collectHeld(document, found);
  }

  async #collectHeld(document: JsonDocumentReader, found: readonly FoundImage[], index?: number): Promise<void> {
    for (const one of found) {
      if (!heldImage(document, one)) continue;
      if (document.isPartial) await this.collectPartial(document, [one]);
      else await this.#collect(document, one, index ?? one.index);
    }
  }

  async #collect(document: JsonDocumentReader, found: FoundImage, index: number): Promise<void> {
    const image = await this.#obtain(document, found, true);
    if (!image) return;
    const { revisedPrompt: said } = found;
    const revisedPrompt = said === null ? null : redactKey(said, this.options.apiKey);
    this.images += 1;
    this.options.emit({ type: 'image', position: this.#positionFor(index), image, revisedPrompt });
  }

  /** The index, or the next one that no image has. */
  #positionFor(index: number): number {
    let position = index;
    while (this.#positions.has(position)) position += 1;
    this.#positions.add(position);
    return position;
  }

  /** Emits the partial image of an event. One given as a URL is downloaded too, because the URL expires. */
  async collectPartial(document: JsonDocumentReader, [found]: readonly FoundImage[]): Promise<void> {
    const image = found ? await this.#obtain(document, found, false) : null;
    if (!image) return;
    const index = this.#partials;
    this.#partials += 1;
    this.options.emit({ type: 'partial', index, image });
  }

  async #obtain(document: JsonDocumentReader, found: FoundImage, isFinal: boolean): Promise<ReceivedImage | null> {
    const held = heldImage(document, found);
    if (held && this.#delivered.has(held.path)) return null;
    const image = held ?? (found.url === null ? null : await this.#download(found.url, isFinal));
    if (!image) return null;
    document.forgive(found.held);
    if (found.inText && (await this.#isInput(image))) {
      if (!held) this.options.emit({ type: 'unfinished-file', path: image.path });
      return null;
    }
    this.#delivered.add(image.path);
    this.#hashes.add(image.sha256);
    return image;
  }

  /** Whether the response repeats an input. One that can't be read isn't compared: an image more is better than a lost one. */
  #isInput(image: ReceivedImage): Promise<boolean> {
    return this.options.echoes.isInput(image).catch(() => false);
  }

  async #download(url: string, isFinal: boolean): Promise<ReceivedImage | null> {
    const addresses = resolveAddresses(url, this.requestUrl);
    const [address = url] = addresses;
    if (this.#tried.has(address)) return null;
    this.#tried.add(address);
    const file = await this.#openFile(isFinal ? 'image' : 'partial');
    try {
      const inline = textOfDataUrl(address);
      if (inline !== null) await file.write(Buffer.from(inline));
      const image = inline === null ? await this.options.download(addresses, file) : await file.finish();
      this.unfetchedUrls.delete(address);
      return image;
    } catch (error) {
      await file.abandon(isFinal);
      if (!(error instanceof StudioError) || this.options.signal.aborted) throw error;
      // A partial image that cannot be downloaded does not explain a missing final image.
      if (isFinal || error.code !== 'connection-lost') this.fault ??= error;
      return null;
    }
  }

  /** Hands over the files of a document's images that were not emitted. A second copy of an image is removed. */
  async settle(document: JsonDocumentReader): Promise<void> {
    for (const image of document.images.values()) {
      if (!image || this.#delivered.has(image.path)) continue;
      this.#delivered.add(image.path);
      if (this.#hashes.has(image.sha256)) await rm(image.path, { force: true }).catch(() => undefined);
      else this.options.emit({ type: 'unfinished-file', path: image.path });
    }
  }

  /** Records the fields of a response or of a `completed` event except images, without the key. */
  describe(fields: JsonObject): void {
    const described = readResponseMetadata(fields);
    const safe = Object.entries(described).map(([name, value]) => [name, redactValue(value, this.options.apiKey)]);
    const answer = { ...this.answer, ...(Object.fromEntries(safe) as ResponseMetadata) };
    if (isDeepStrictEqual(answer, this.answer)) return;
    this.answer = answer;
    this.options.emit({ type: 'answer', answer });
  }
}

/** What an event's images are by its name alone. A document of its own is an `ImagesResponse`, if it has a list, or one of several. */
function kindsOfEvent(event: string | undefined): { kind: ImagePlace['kind']; itemKind: ImagePlace['kind'] } {
  if (event === undefined) return { kind: 'undecided', itemKind: 'image' };
  const kind = event.endsWith('.completed') ? 'image' : event.endsWith('.partial_image') ? 'partial' : 'undecided';
  return { kind, itemKind: kind };
}

function heldImage(document: JsonDocumentReader, { held }: FoundImage): ReceivedImage | null {
  return held.map((placeholder) => document.images.get(placeholder)).find((image) => image) ?? null;
}

import { StudioError } from '../../contract/errors/errors.ts';
import { damagedAnswer } from '../errors/answer-errors.ts';
import { findImages, type FoundImage } from './answer-shapes.ts';
import { JsonScanner, type ScanStep } from './json-scanner.ts';
import type { ImageFile, ReceivedImage } from './image-file.ts';
import type { ImagePlace } from './image-sink.ts';

export interface DocumentOptions {
  maxTextBytes: number;
  /**
   * What the images of the document are, if the text before them doesn't tell. `itemKind`: those in a list, as in an `ImagesResponse`.
   * An object that is alone may be an event whose type comes after its pixels.
   */
  kind: ImagePlace['kind'];
  itemKind: ImagePlace['kind'];
  /** Whether an image inside a text is a repetition of the request's. */
  isEcho(found: FoundImage): boolean;
  /** Creates the file for the next image. */
  openFile(kind: ImagePlace['kind']): Promise<ImageFile>;
  /**
   * Called when an object below the top level that has an image, or an image alone in a list, has ended. `list` names the list or field
   * that it is in, `index` the position in the enclosing array.
   */
  onItem?(value: unknown, place: { list: string; index: number }): Promise<void>;
}

/** Reads one JSON document: its images are written to files as they arrive, the rest is parsed. Placeholders stand for the images. */
export class JsonDocumentReader {
  readonly #options: DocumentOptions;
  readonly #scanner: JsonScanner;
  /** By placeholder; null for a damaged or unfinished image. */
  readonly #images = new Map<string, ReceivedImage | null>();
  /** By placeholder. Reading continues after a damaged image: later ones may be complete. */
  readonly #faults = new Map<string, StudioError>();
  /** Placeholders of images whose kind only the end of the document tells. */
  readonly #undecided = new Set<string>();
  #placeholder = '';
  #certain = false;
  #inList = false;
  #file: ImageFile | null = null;
  /** The parsed document, once it has closed. */
  value: unknown = undefined;
  ended = false;

  constructor(options: DocumentOptions) {
    this.#options = options;
    this.#scanner = new JsonScanner(options.maxTextBytes);
  }

  /** Reads the next bytes, which may be reused once this resolves. Bytes after the document's end are ignored. @throws StudioError */
  async feed(bytes: Buffer): Promise<void> {
    for (const step of this.#scanner.feed(bytes)) {
      if (step.type === 'image-text') {
        const wait = this.#take(step.text);
        if (wait) await wait;
      } else await this.#step(step);
    }
  }

  #take(text: Buffer): Promise<void> | null {
    try {
      return this.#file?.writeBase64(text)?.catch((error: unknown) => this.#skipDamagedImage(error)) ?? null;
    } catch (error) {
      return this.#skipDamagedImage(error);
    }
  }

  async #step(step: Exclude<ScanStep, { type: 'image-text' }>): Promise<void> {
    if (step.type === 'image-start') {
      this.#placeholder = step.placeholder;
      this.#certain = step.certain;
      this.#inList = step.inList;
      this.#images.set(step.placeholder, null);
      this.#file = await this.#options.openFile(this.#kind);
    } else if (step.type === 'image-end') await this.#finishImage();
    else if (step.type === 'item') await this.#options.onItem?.(parse(step.json), step);
    else {
      this.value = parse(step.json);
      this.ended = true;
    }
  }

  async #finishImage(): Promise<void> {
    if (!this.#file) return;
    try {
      const kind = this.#isFound() ? this.#kind : 'undecided';
      if (kind === 'undecided') this.#undecided.add(this.#placeholder);
      this.#file.setKind(kind);
      this.#images.set(this.#placeholder, await this.#file.finishBase64());
      this.#file = null;
    } catch (error) {
      await this.#skipDamagedImage(error);
    }
  }

  /** Abandons a damaged image and continues. @throws any other error */
  async #skipDamagedImage(error: unknown): Promise<void> {
    if (!(error instanceof StudioError) || error.code !== 'answer-garbled') throw error;
    this.#faults.set(this.#placeholder, error);
    await this.abandon();
  }

  /** The error of the first damaged image that was not received in another form. @param among those to consider */
  fault(among?: readonly FoundImage[]): StudioError | null {
    const placeholders = among ? among.flatMap(({ held }) => held) : [...this.#faults.keys()];
    return placeholders.map((placeholder) => this.#faults.get(placeholder)).find((fault) => fault) ?? null;
  }

  /** Forgets that these images are damaged, because they were received in another form. */
  forgive(placeholders: readonly string[]): void {
    for (const placeholder of placeholders) this.#faults.delete(placeholder);
  }

  /** The images of the document, or of the part of it that was received. */
  find(value: unknown = this.ended ? this.value : this.#received()): FoundImage[] {
    if (value !== undefined)
      return findImages(value, (text) => this.#images.has(text)).filter((found) => !this.#options.isEcho(found));
    // The rest isn't JSON, but the images are whole.
    return [...this.#images.keys()].map((name, index) => ({ held: [name], url: null, revisedPrompt: null, index }));
  }

  /**
   * The images of the document, or of the part of it that was received, that nothing can show to be partial images or inputs anymore. What
   * isn't decided when a document is cut off is no image of the answer, here as after a kill.
   */
  findDecided(): FoundImage[] {
    const found = this.find();
    if (this.ended) return found;
    return found.filter(({ held }) => held.length === 0 || held.some((name) => !this.#undecided.has(name)));
  }

  /** The part that was received, closed after its last whole value. */
  #received(): unknown {
    try {
      return JSON.parse(this.#scanner.closed);
    } catch {
      // The document is reported as damaged elsewhere.
      return undefined;
    }
  }

  /** Images by their placeholders in {@link value} and {@link kept}; null for a damaged or unfinished image. */
  get images(): ReadonlyMap<string, ReceivedImage | null> {
    return this.#images;
  }

  /** Bytes after the document's end in what was fed last. */
  get unread(): number {
    return this.#scanner.unread;
  }

  /** The text received so far, without images. */
  get kept(): string {
    return this.#scanner.kept;
  }

  /** Whether the text so far belongs to a partial image. */
  get isPartial(): boolean {
    return /"[^"]*\.partial_image"|"partial_image_index"/u.test(this.#scanner.kept);
  }

  /** What the next image is, by the text so far. */
  get #kind(): ImagePlace['kind'] {
    if (this.isPartial) return 'partial';
    if (!this.#certain) return 'undecided';
    if (/"[^"]*\.completed"/u.test(this.#scanner.kept)) return 'image';
    return this.#inList ? this.#options.itemKind : this.#options.kind;
  }

  /** Whether the image that has just ended is one of the answer, by what was received of the document. */
  #isFound(): boolean {
    return this.isPartial || this.find().some(({ held: [best] }) => best === this.#placeholder);
  }

  /**
   * Abandons an unfinished image. A partial image is removed; any other one stays on disk because it may have been billed.
   */
  async abandon(isPartial = this.isPartial): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.abandon(!isPartial);
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw damagedAnswer('json', error);
  }
}

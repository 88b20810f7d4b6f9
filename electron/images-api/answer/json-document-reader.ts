import { StudioError } from '../../contract/errors/errors.ts';
import { damagedAnswer } from '../errors/answer-errors.ts';
import { JsonScanner, type ScanStep } from './json-scanner.ts';
import type { ImageFile, ReceivedImage } from './image-file.ts';

/** A JSON object of a response. Image data is replaced by a placeholder, which {@link JsonDocumentReader.imageOf} resolves. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface DocumentOptions {
  maxTextBytes: number;
  /** Creates the file for the next image. */
  openFile(): Promise<ImageFile>;
  /** Called when an object below the top level that has an image closes; `index` is its position in the enclosing array. */
  onItem?(fields: JsonObject, index: number): Promise<void>;
}

/** Reads one JSON document: its images are written to files as they arrive, the rest is parsed. */
export class JsonDocumentReader {
  readonly #options: DocumentOptions;
  readonly #scanner: JsonScanner;
  /** By placeholder; null for a damaged or unfinished image. */
  readonly #images = new Map<string, ReceivedImage | null>();
  #placeholder = '';
  #file: ImageFile | null = null;
  /** The error of the first damaged image. Reading continues: later images may be complete. */
  fault: StudioError | null = null;
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
      this.#images.set(step.placeholder, null);
      this.#file = await this.#options.openFile();
    } else if (step.type === 'image-end') await this.#finishImage();
    else if (step.type === 'item') await this.#options.onItem?.(parse(step.json) as JsonObject, step.index);
    else {
      this.value = parse(step.json);
      this.ended = true;
    }
  }

  async #finishImage(): Promise<void> {
    if (!this.#file) return;
    try {
      this.#images.set(this.#placeholder, await this.#file.finishBase64());
      this.#file = null;
    } catch (error) {
      await this.#skipDamagedImage(error);
    }
  }

  /** Abandons a damaged image and continues. @throws any other error */
  async #skipDamagedImage(error: unknown): Promise<void> {
    if (!(error instanceof StudioError) || error.code !== 'answer-garbled') throw error;
    this.fault ??= error;
    await this.abandon();
  }

  /** The image of an object, from `b64_json` or a `data:` URL in `url`; null when it is damaged, undefined when there is none. */
  imageOf(fields: JsonObject): ReceivedImage | null | undefined {
    const names = [fields.b64_json, fields.url].filter((value) => typeof value === 'string' && this.#images.has(value));
    return names.length === 0 ? undefined : (names.map((name) => this.#images.get(String(name))).find(Boolean) ?? null);
  }

  /** Images by their placeholders in {@link value} and {@link kept}; null for a damaged or unfinished image. */
  get images(): ReadonlyMap<string, ReceivedImage | null> {
    return this.#images;
  }

  /** The text received so far, without images. */
  get kept(): string {
    return this.#scanner.kept;
  }

  /** The image URLs in the part of a truncated document that was received. */
  get addresses(): string[] {
    const { kept } = this.#scanner;
    // The URL of an error is its documentation, not an image.
    if (/"error"\s*:\s*[{"]/u.test(kept)) return [];
    const texts = kept.matchAll(/"url"\s*:\s*("https?:(?:[^"\\]|\\.)*")/giu);
    return [...texts].map(([, text = '']) => textOf(text)).filter((address) => address !== '');
  }

  /**
   * Abandons an unfinished image. A partial image is removed; any other one stays on disk as `….part` because it may have been billed.
   */
  async abandon(isPartial = /"[^"]*\.partial_image"|"partial_image_index"/u.test(this.#scanner.kept)): Promise<void> {
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

/** The value of a JSON string; '' when it is not valid JSON. */
function textOf(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    // The document is reported as damaged elsewhere.
    return '';
  }
}

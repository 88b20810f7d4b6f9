import { StudioError } from '../../contract/errors/errors.ts';
import { damagedAnswer } from '../errors/answer-errors.ts';
import { JsonScanner, type ScanStep } from './json-scanner.ts';
import type { ImageFile, ReceivedImage } from './image-file.ts';

/** A JSON object of an answer. Where an image stood there is a placeholder, which {@link JsonDocumentReader.imageOf} resolves. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface DocumentOptions {
  maxTextBytes: number;
  /** Makes the file for the next image. */
  openFile(): Promise<ImageFile>;
  /** An object below the top level that holds an image has closed; `index` is its place in the array around it. */
  onItem?(fields: JsonObject, index: number): Promise<void>;
}

/** Reads one JSON document: its images go to files while they pass, the rest is parsed. */
export class JsonDocumentReader {
  readonly #options: DocumentOptions;
  readonly #scanner: JsonScanner;
  /** By placeholder; null for a damaged one. */
  readonly #images = new Map<string, ReceivedImage | null>();
  #placeholder = '';
  #file: ImageFile | null = null;
  /** The first damaged image. The document is read on: the images after it may be whole. */
  fault: StudioError | null = null;
  /** The whole document, once it has closed. */
  value: unknown = undefined;
  ended = false;

  constructor(options: DocumentOptions) {
    this.#options = options;
    this.#scanner = new JsonScanner(options.maxTextBytes);
  }

  /** Takes the next bytes; settles when they are no longer needed. What follows the document's end is not looked at. */
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

  /** Gives a damaged image up and goes on; anything else that went wrong is thrown. */
  async #skipDamagedImage(error: unknown): Promise<void> {
    if (!(error instanceof StudioError) || error.code !== 'answer-garbled') throw error;
    this.fault ??= error;
    await this.abandon();
  }

  /** The image of an object of this document, from `b64_json` or a `data:` address in `url`; null when it is damaged, undefined when there is none. */
  imageOf(fields: JsonObject): ReceivedImage | null | undefined {
    const names = [fields.b64_json, fields.url].filter((value) => typeof value === 'string' && this.#images.has(value));
    return names.length === 0 ? undefined : (names.map((name) => this.#images.get(String(name))).find(Boolean) ?? null);
  }

  /** By the placeholders that stand for them in {@link value} and {@link kept}; null for one that is damaged or unfinished. */
  get images(): ReadonlyMap<string, ReceivedImage | null> {
    return this.#images;
  }

  /** The document's text as far as it came, without its images. */
  get kept(): string {
    return this.#scanner.kept;
  }

  /** The addresses that a document holds which was cut, as far as it came. */
  get addresses(): string[] {
    const { kept } = this.#scanner;
    // What an error points to is its explanation, not an image.
    if (/"error"\s*:\s*[{"]/u.test(kept)) return [];
    const texts = kept.matchAll(/"url"\s*:\s*("https?:(?:[^"\\]|\\.)*")/giu);
    return [...texts].map(([, text = '']) => textOf(text)).filter((address) => address !== '');
  }

  /**
   * Gives up an image that is unfinished. Of a partial image nothing is kept; of anything else, what arrived stays on disk as `….part`,
   * since it may have been paid for.
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

/** The text of a JSON string; '' when it is none. */
function textOf(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    // The document is told to be damaged already; here only what can be read of it counts.
    return '';
  }
}

import { createHash } from 'node:crypto';
import { PLACEHOLDER } from './answer-shapes.ts';
import type { JsonDocumentReader } from './json-document-reader.ts';
import type { ReceivedImage } from './image-file.ts';
import { sanitizeUrl, redactKey, redactValue } from '../errors/redact.ts';

/** Limit for all documents of one call, in bytes of JSON. */
const MAX_BYTES = 1024 * 1024;
/** Limit for the number of documents of one call. Ten images with three partial images each make forty events. */
const MAX_DOCUMENTS = 128;
/** Characters of a text that could not be read as JSON. */
const MAX_TEXT_LENGTH = 32 * 1024;
/** Deeper than any known response; stored documents must stay readable by other programs. */
const MAX_DEPTH = 70;

/** Replaces a document, or a part of one, that is not stored as the server sent it. `emulsion` is a sentence. */
interface Note {
  emulsion: string;
  /** The server's text as far as it was received and fits. */
  text?: string;
}

/**
 * Collects the response to one call as JSON, without pixels and without the key: the complete response, each event of a stream, or the
 * body of an error response. An image is replaced by `{ bytes, sha256 }` of its file. Beyond the limits, a {@link Note} is stored instead.
 */
export class AnswerDocuments {
  readonly #apiKey: string | null;
  readonly #emit: (document: unknown) => void;
  readonly #kept = new WeakSet<JsonDocumentReader>();
  #bytes = 0;
  #full = false;
  readonly all: unknown[] = [];

  /** @param emit called for each document; must not throw */
  constructor(apiKey: string | null, emit: (document: unknown) => void) {
    this.#apiKey = apiKey;
    this.#emit = emit;
  }

  /** Records a reader's document, or the part that was received. Repeated calls for the same reader do nothing. */
  keep(reader: JsonDocumentReader): void {
    // Documents beyond the limit are not processed: they may be a gigabyte.
    if (this.#full || this.#kept.has(reader)) return;
    this.#kept.add(reader);
    if (reader.ended) this.#add(reader.value, reader.images);
    else if (reader.kept !== '')
      this.#addTruncated(
        'This part of the response is incomplete or isn’t JSON.',
        withoutPlaceholders(reader.kept, reader.images),
      );
  }

  /** Records a complete body, JSON or not. */
  keepBody(text: string): void {
    if (this.#full || text.trim() === '') return;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      // For example a web page or a truncated body.
      this.#addTruncated('This isn’t JSON, or it is incomplete.', text);
      return;
    }
    this.#add(value, new Map());
  }

  #add(value: unknown, images: Images): void {
    const document = redactValue(withoutPixels(value, images, this.#apiKey, 0), this.#apiKey);
    const json = JSON.stringify(document);
    if (this.#fits(json)) this.#store(document, json);
    else this.#addTruncated('This response is longer than the part that is kept.', json);
  }

  #addTruncated(emulsion: string, text: string): void {
    // Truncated before redaction to limit the work, and again after it: the first cut may leave half a key at the end.
    const clean = redactKey(text.slice(0, 2 * MAX_TEXT_LENGTH), this.#apiKey);
    const remark: Note = { emulsion, text: clean.slice(0, MAX_TEXT_LENGTH) };
    if (clean.length > MAX_TEXT_LENGTH) remark.emulsion = `${emulsion} Its end was left out.`;
    this.#store(remark, JSON.stringify(remark));
  }

  #fits(json: string): boolean {
    return this.#bytes + Buffer.byteLength(json) <= MAX_BYTES && this.all.length < MAX_DOCUMENTS - 1;
  }

  #store(document: unknown, json: string): void {
    if (this.#full) return;
    this.#full = !this.#fits(json);
    this.#bytes += Buffer.byteLength(json);
    const kept = this.#full ? { emulsion: 'The rest of the response was left out because it is too long.' } : document;
    this.all.push(kept);
    this.#emit(kept);
  }
}

type Images = ReadonlyMap<string, ReceivedImage | null>;

/** The value with image data replaced by its summary and with credentials removed from URLs. */
function withoutPixels(value: unknown, images: Images, apiKey: string | null, depth: number): unknown {
  if (typeof value === 'string') return describeString(value, images, apiKey);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === MAX_DEPTH) return { emulsion: 'Nested too deeply. Left out.' };
  const inner = (held: unknown): unknown => withoutPixels(held, images, apiKey, depth + 1);
  if (Array.isArray(value)) return value.map(inner);
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, inner(held)]));
}

function describeString(text: string, images: Images, apiKey: string | null): unknown {
  const image = images.get(text);
  if (image !== undefined) return summaryOf(image);
  if (text.includes(PLACEHOLDER)) return describeString(withSummaries(text, images), new Map(), apiKey);
  if (/^https?:\/\//iu.test(text)) return sanitizeUrl(text, apiKey);
  const head = /^data:[\w-]+\/[^\s,]{0,200},/iu.exec(text)?.[0];
  if (head === undefined) return text;
  const bytes = Buffer.from(text.slice(head.length), /;base64,$/iu.test(head) ? 'base64' : 'utf8');
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function summaryOf(image: ReceivedImage | null): object {
  return image
    ? { bytes: image.bytes, sha256: image.sha256 }
    : { emulsion: 'An image that wasn’t received completely.' };
}

/** A text with images inside it. */
function withSummaries(text: string, images: Images): string {
  let rest = text;
  for (const [placeholder, image] of images)
    rest = rest.replace(new RegExp(`${placeholder}(?!\\d)`, 'u'), `(${describeImage(image)})`);
  return rest;
}

const describeImage = (image: ReceivedImage | null): string =>
  image ? `image, ${image.bytes} bytes, SHA-256 ${image.sha256}` : 'image, not received completely';

/** The same for the text of a truncated document. */
function withoutPlaceholders(text: string, images: Images): string {
  let rest = text;
  for (const [placeholder, image] of images) rest = rest.replace(`"${placeholder}"`, JSON.stringify(summaryOf(image)));
  return withSummaries(rest, images).replace(/(data:[\w-]+\/[^\s",]{0,200},)[^"]*/giu, '$1…');
}

import { createHash } from 'node:crypto';
import type { JsonDocumentReader } from './json-document-reader.ts';
import type { ReceivedImage } from './image-file.ts';
import { sanitizeUrl, redactKey, redactValue } from '../errors/redact.ts';

/** All that is kept of one call's documents, in bytes of JSON. */
const MAX_BYTES = 1024 * 1024;
/** Documents of one call. Ten images with three partial images each are forty events. */
const MAX_DOCUMENTS = 128;
/** Characters of a text that could not be read as JSON. */
const MAX_TEXT_LENGTH = 32 * 1024;
/** Nothing that a server says about an image is nested so deeply; what is written down is read again by others. */
const MAX_DEPTH = 70;

/** What stands for a document, or a part of one, that is not there as the server sent it. `emulsion` is a sentence. */
interface Note {
  emulsion: string;
  /** As much of the server's text as came, or as fits. */
  text?: string;
}

/**
 * Gathers everything that a server answers to one call as JSON, without pixels and without the key: the whole answer, each event of a
 * stream, the body of a refusal. An image's place is taken by `{ bytes, sha256 }` of its file. Bounded; what is beyond is a remark.
 */
export class AnswerDocuments {
  readonly #apiKey: string | null;
  readonly #emit: (document: unknown) => void;
  readonly #kept = new WeakSet<JsonDocumentReader>();
  #bytes = 0;
  #full = false;
  readonly all: unknown[] = [];

  /** @param announce called at once for each document; must not throw */
  constructor(apiKey: string | null, emit: (document: unknown) => void) {
    this.#apiKey = apiKey;
    this.#emit = emit;
  }

  /** Keeps what a reader has read: its document, or as much of it as came. Once, however often it is told. */
  keep(reader: JsonDocumentReader): void {
    // What is left out anyway is not read, cleaned and written either: it may be a gigabyte.
    if (this.#full || this.#kept.has(reader)) return;
    this.#kept.add(reader);
    if (reader.ended) this.#add(reader.value, reader.images);
    else if (reader.kept !== '')
      this.#addTruncated(
        'This part of the response is incomplete or isn’t JSON.',
        withoutPlaceholders(reader.kept, reader.images),
      );
  }

  /** Keeps a body that was read as a whole, JSON or not. */
  keepBody(text: string): void {
    if (this.#full || text.trim() === '') return;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      // A web page, for instance, or a body that was cut.
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
    // Cut before it is cleaned, so that a huge page costs nothing, and after, so that no half of a key is left at the end.
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

/** The value with what stands for pixels in their place; an address in it names nobody. */
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

/** The same for the text of a document that was cut. */
function withoutPlaceholders(text: string, images: Images): string {
  let rest = text;
  for (const [placeholder, image] of images) rest = rest.replace(`"${placeholder}"`, JSON.stringify(summaryOf(image)));
  return rest.replace(/(data:[\w-]+\/[^\s",]{0,200},)[^"]*/giu, '$1…');
}

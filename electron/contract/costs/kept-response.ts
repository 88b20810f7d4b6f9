import * as v from 'valibot';
import { UsageSchema, type ResponseMetadata } from '../entities/generations.ts';
import type { Billing } from '../errors/codes.ts';
import { parseTruncatedJson } from './truncated-json.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What the stored documents of a response say. */
export interface KeptResponse {
  /** Null if no document describes a response. */
  answer: ResponseMetadata | null;
  /** Finished images that arrived, saved or not. */
  images: number;
  /** The server had finished: a `completed` event, or a complete `ImagesResponse`, is among the documents. */
  complete: boolean;
  /** The server's error, if it sent one. */
  error: { message: string; param: string | null } | null;
}

/**
 * Reads the documents of a response as the library stores them: one JSON document, or one for each event of a stream; a truncated one as
 * the text that was received. A later document's fields replace an earlier one's.
 */
export function readKeptResponse(documents: readonly unknown[]): KeptResponse {
  const kept: KeptResponse = { answer: null, images: 0, complete: false, error: null };
  for (const document of documents) addDocument(kept, document);
  return kept;
}

function addDocument(kept: KeptResponse, document: unknown): void {
  if (!isFields(document)) {
    kept.images += countImages(document, 0);
    return;
  }
  const truncated = typeof document.emulsion === 'string';
  const fields = truncated ? parseTruncatedJson(textOf(document.text) ?? '') : document;
  if (!isFields(fields)) return;
  const metadata = readResponseMetadata(fields);
  if (Object.keys(metadata).length > 0) kept.answer = { ...kept.answer, ...metadata };
  kept.error ??= readError(fields.error);
  const type = textOf(fields.type) ?? '';
  if (type.endsWith('.partial_image') || typeof fields.partial_image_index === 'number') return;
  const images = countImages(fields, 0);
  kept.images += images;
  const finished = type === '' ? images > 0 || metadata.usage !== undefined : type.endsWith('.completed');
  if (finished && !truncated && fields.error == null) kept.complete = true;
}

/** Longer messages are cut; the whole one is among the documents. */
const MAX_MESSAGE = 500;

function readError(error: unknown): KeptResponse['error'] {
  if (typeof error === 'string') return error === '' ? null : { message: error.slice(0, MAX_MESSAGE), param: null };
  const message = isFields(error) ? textOf(error.message) : undefined;
  if (!isFields(error) || message === undefined) return null;
  return { message: message.slice(0, MAX_MESSAGE), param: textOf(error.param) ?? null };
}

/** Deeper than any response has its images. */
const MAX_DEPTH = 6;

/** Objects with an image, which is stored as `{ bytes, sha256 }` in the place of its pixels, or with an image's URL. */
function countImages(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return 0;
  const held: unknown[] = Object.values(value);
  const own = isFields(value) && (held.some(isImageSummary) || /^https?:/iu.test(textOf(value.url) ?? ''));
  return own ? 1 : held.reduce((sum: number, inner) => sum + countImages(inner, depth + 1), 0);
}

const isImageSummary = (value: unknown): boolean => isFields(value) && textOf(value.sha256)?.length === 64;

/** What some servers wrap a response in. */
const WRAPPERS = /^(?:data|images?|outputs?|results?|predictions|artifacts|response)$/iu;

/**
 * The known fields of a response, each only if it has the expected type. Streams name `created` `created_at`; some servers wrap the
 * response in one of its fields, whose own fields count where the outer ones are missing.
 */
export function readResponseMetadata(fields: Fields): ResponseMetadata {
  const wrapped = Object.entries(fields).flatMap(([name, value]) =>
    WRAPPERS.test(name) && isFields(value) ? [readOwnMetadata(value)] : [],
  );
  return Object.assign({}, ...wrapped, readOwnMetadata(fields)) as ResponseMetadata;
}

function readOwnMetadata(fields: Fields): ResponseMetadata {
  const usage = v.safeParse(UsageSchema, fields.usage);
  const svgUsage = v.safeParse(v.record(v.string(), v.unknown()), fields.svg_usage);
  const metadata: ResponseMetadata = {
    created: numberOf(fields.created) ?? numberOf(fields.created_at),
    background: textOf(fields.background),
    output_format: textOf(fields.output_format),
    quality: textOf(fields.quality),
    size: textOf(fields.size),
    safety_identifier: fields.safety_identifier === null ? null : textOf(fields.safety_identifier),
    usage: usage.success ? usage.output : undefined,
    svg_usage: svgUsage.success ? svgUsage.output : undefined,
  };
  return Object.fromEntries(Object.entries<unknown>(metadata).filter(([, value]) => value !== undefined));
}

/** Whether a response reports that tokens were used. Zeros say nothing. */
export function reportsUsage(answer: ResponseMetadata | null): boolean {
  return [answer?.usage, answer?.svg_usage].some((usage) => usage && Object.values(usage).some(isPositive));
}

/** What is known about a request's bill: at least what was reported, and `billed` once an image or a usage figure arrived. */
export function knownBilling(reported: Billing, { answer, images }: Pick<KeptResponse, 'answer' | 'images'>): Billing {
  return images > 0 || reportsUsage(answer) ? 'billed' : reported;
}

const isPositive = (value: unknown): boolean => typeof value === 'number' && value > 0;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
/** `1e999` is valid JSON but parses to Infinity, which cannot be stored as JSON. */
const numberOf = (value: unknown): number | undefined => (Number.isFinite(value) ? (value as number) : undefined);

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/*
 * Where servers put the images of an answer. Read together with `json-scanner.ts`, which applies the same table while a document arrives.
 *
 * | in the answer                                         | taken as                                                              |
 * | ----------------------------------------------------- | --------------------------------------------------------------------- |
 * | an object or list under a name of LISTS, at any depth  | searched, as long as all names above it are of LISTS too               |
 * | a string under a `base64` name of FIELDS               | base64 or a data URL; an address if it begins with http(s)://          |
 * | a string under a `url` name of FIELDS                  | an address, absolute or relative; a data URL; base64 of a known format |
 * | a string under an `either` name, or alone in a list    | a data URL, base64 (by its first bytes), or what looks like an address |
 * | several forms in one object                            | one image: base64 first, then the address                              |
 * | the same address twice                                 | one image                                                              |
 * | several lists beside each other                        | the first that has base64, else the first that has an address          |
 * | a list beside fields of the same object                | the list: the field is then a copy or an echo of an input              |
 * | a name of NEVER: input, mask, thumbnail, error, …      | never an image of the answer                                           |
 * | an object whose `type` or `role` says input, mask, …   | never an image of the answer                                           |
 * | any other name                                         | searched for base64 only, and only if nothing else was found           |
 * | a text: a string under a `text` or `either` name, or    | `texts-with-images.ts`, only if nothing else was found, and never what |
 * | alone in a list, that is none of these                 | the prompt says too                                                    |
 */

import { randomUUID } from 'node:crypto';
import { imagesInText, isImageFile, jsonInText } from './texts-with-images.ts';

/** Of every placeholder. Random, so that no text of a server can be mistaken for one. */
export const PLACEHOLDER = `image-${randomUUID()}-`;

/** A JSON object of a response. A placeholder stands for each image. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value of a JSON document is an object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a string of the answer holds, by the name of its field. */
export type FieldKind = 'base64' | 'url' | 'either' | 'text';

/** By name without case, underscores and hyphens. */
const FIELDS: Readonly<Record<string, FieldKind>> = {
  b64json: 'base64',
  b64: 'base64',
  base64: 'base64',
  imageb64: 'base64',
  b64image: 'base64',
  imagebase64: 'base64',
  base64image: 'base64',
  bytesbase64encoded: 'base64',
  url: 'url',
  uri: 'url',
  imageurl: 'url',
  imageuri: 'url',
  downloadurl: 'url',
  fileurl: 'url',
  signedurl: 'url',
  image: 'either',
  img: 'either',
  imagedata: 'either',
  data: 'either',
  images: 'either',
  output: 'either',
  outputs: 'either',
  result: 'either',
  results: 'either',
  artifacts: 'either',
  sample: 'either',
  href: 'url',
  resultimage: 'either',
  outputimage: 'either',
  generatedimage: 'either',
  imagebytes: 'either',
  datauri: 'either',
  dataurl: 'either',
  imagedatauri: 'either',
  answer: 'text',
  body: 'text',
  content: 'text',
  html: 'text',
  markdown: 'text',
  message: 'text',
  payload: 'text',
  reply: 'text',
  response: 'text',
  text: 'text',
};

/** Names made of the same words in other combinations: `result_image_url`, `imageBase64Data`, `b64_data`. */
const PREFIX = '(?:result|output|generated|final|signed|public|cdn|download|full|remote|hosted)?';
const ADDRESS_NAME = new RegExp(`^${PREFIX}(?:image|img|picture|file|output|result)(?:ur[il]|link|href)$`, 'u');
const PIXELS_NAME = new RegExp(
  `^${PREFIX}(?:image|img|picture|file|binary)?(?:data|bytes)?(?:b64|base64)(?:json|data|encoded|string|image)?$`,
  'u',
);

const LISTS = new Set([
  'data',
  'body',
  'candidates',
  'choices',
  'content',
  'delta',
  'file',
  'files',
  'generatedimages',
  'generations',
  'generationsbypk',
  'imagelist',
  'inlinedata',
  'item',
  'media',
  'message',
  'outputimage',
  'outputimages',
  'parts',
  'payload',
  'resultimage',
  'resultimages',
  'taskresult',
  'uri',
  'url',
  'image',
  'images',
  'imageurl',
  'imageurls',
  'urls',
  'output',
  'outputs',
  'result',
  'results',
  'artifacts',
  'predictions',
  'response',
]);

/** Names without case, underscores and hyphens of what is no answer. */
const NEVER =
  /^(?:input|mask|thumb|preview|reference|ref(?:image|s)|init|source|original|control|request|param|prompt|error|meta|usage|links?$)/u;
/** Of an object's `type`, `role`, `kind` or `purpose`. */
const NOT_AN_ANSWER = /(?:^|[^a-z])(?:input|mask|thumb(?:nail)?|preview|reference|init|source|control|user)/iu;
/** A place in a list that is written as an object. */
const POSITION = /^\d{1,4}$/u;

const bare = (name: string): string => name.toLowerCase().replace(/[_-]/gu, '');

/** What a string under this name may be; null when it is never an image. */
export function fieldKind(name: string): FieldKind | null {
  const key = bare(name);
  if (Object.hasOwn(FIELDS, key)) return FIELDS[key] ?? null;
  if (POSITION.test(key)) return 'either';
  if (ADDRESS_NAME.test(key)) return 'url';
  return PIXELS_NAME.test(key) ? 'either' : null;
}

/** Whether the object or list under this name is searched for images. */
export function isListName(name: string): boolean {
  return LISTS.has(bare(name)) || POSITION.test(name) || isImageFile(name);
}

/** Where an object or list is: `listed` below names of lists only, `never` below a name of what is no answer, else `other`. */
export type Place = 'listed' | 'other' | 'never';

/** The place of the object or list under a name, in an object at `around`. */
export function placeOf(name: string, around: Place): Place {
  if (around === 'never' || NEVER.test(bare(name))) return 'never';
  return around === 'listed' && isListName(name) ? 'listed' : 'other';
}

/** One image of an answer in the forms that the server gave. */
export interface FoundImage {
  /** Placeholders of its pixels, best first. */
  held: string[];
  url: string | null;
  revisedPrompt: string | null;
  /** Index in the list that it is in. */
  index: number;
  /** Inside a longer text, not in a place of its own. */
  inText?: true;
}

type IsHeld = (text: string) => boolean;

/**
 * Finds the images of a parsed answer or of a part of it that has ended.
 * @param isHeld whether a text is a placeholder of an image
 */
export function findImages(value: unknown, isHeld: IsHeld): FoundImage[] {
  const known = new Set<string>();
  const all = search(value, 'listed', isHeld, 0);
  const own = all.filter(({ inText }) => !inText);
  return (own.length > 0 ? own : all).filter(({ held, url }) => {
    const repeated = held.length === 0 && url !== null && known.has(url);
    if (url !== null) known.add(url);
    return !repeated;
  });
}

const isOwn = (found: readonly FoundImage[]): boolean => found.some(({ inText }) => !inText);

const hasPixels = (found: readonly FoundImage[]): boolean => found.some(({ held }) => held.length > 0);

function search(value: unknown, place: Place, isHeld: IsHeld, index: number): FoundImage[] {
  if (place === 'never') return [];
  if (Array.isArray(value)) return value.flatMap((item: unknown, at) => search(item, place, isHeld, at));
  if (typeof value === 'string') {
    const own = fromText(value, 'either', isHeld, index);
    return own.length > 0 ? pixelsIf(place, own) : fromTexts([value], place, isHeld);
  }
  if (!isJsonObject(value) || isMarkedAsOther(value)) return [];
  const below = (wanted: Place): FoundImage[][] =>
    Object.entries(value)
      .filter(([name, inner]) => typeof inner === 'object' && placeOf(name, place) === wanted)
      .map(([, inner]) => search(inner, wanted, isHeld, index))
      .filter((found) => found.length > 0);
  const all = below('listed');
  const lists = all.filter(isOwn);
  const own = ownImage(value, isHeld, index);
  const found =
    lists.find(hasPixels) ??
    (own.certain ? own.found : null) ??
    lists[0] ??
    (hasPixels(own.found) ? own.found : null) ??
    below('other')[0] ??
    (own.found.length > 0 ? own.found : null) ??
    all[0] ??
    fromTexts(textsOf(value), place, isHeld);
  const revised = textOf(value.revised_prompt);
  return pixelsIf(place, found).map((one) => ({ ...one, revisedPrompt: one.revisedPrompt ?? revised }));
}

/** Outside of lists, an address may be anything. */
function pixelsIf(place: Place, found: FoundImage[]): FoundImage[] {
  return place === 'listed' ? found : found.filter(({ held }) => held.length > 0);
}

const textsOf = (fields: JsonObject): string[] =>
  Object.entries(fields).flatMap(([name, text]) =>
    typeof text === 'string' && ['text', 'either'].includes(fieldKind(name) ?? '') ? [text] : [],
  );

/** Names under which gateways and functions put the whole answer of another server. */
const DOCUMENTS = new Set(['body', 'data', 'response', 'result']);

/** The document that an answer is the text of: encoded twice, or the `body` that a function returns. Null for any other answer. */
export function documentInText(value: unknown): JsonObject | null {
  if (!isJsonObject(value)) return null;
  const texts = Object.entries(value).filter(([name], _at, all) => all.length === 1 || DOCUMENTS.has(name));
  return texts.map(([, text]) => (typeof text === 'string' ? jsonInText(text) : null)).find(isJsonObject) ?? null;
}

/** The images inside texts; a text that is JSON is searched like an answer. */
function fromTexts(texts: readonly string[], place: Place, isHeld: IsHeld): FoundImage[] {
  if (place !== 'listed') return [];
  const found = texts.flatMap((text) => {
    const inner = jsonInText(text);
    if (inner !== null) return search(inner, 'listed', isHeld, 0);
    return imagesInText(text, PLACEHOLDER).flatMap((image, index) => fromText(image, 'either', isHeld, index));
  });
  return found.map((one): FoundImage => ({ ...one, inText: true }));
}

/** The image in an object's own fields. `certain`: under a name that holds nothing else. */
function ownImage(fields: JsonObject, isHeld: IsHeld, index: number): { found: FoundImage[]; certain: boolean } {
  const forms = Object.entries(fields).flatMap(([name, text]) => {
    const kind = fieldKind(name);
    if (kind === null || kind === 'text' || typeof text !== 'string') return [];
    return fromText(text, kind, isHeld, index).map((found) => ({ ...found, kind }));
  });
  if (forms.length === 0) return { found: [], certain: false };
  // Of an object with `image` beside `b64_json` or `url`, the former is the copy.
  const sorted = [...forms.filter(({ kind }) => kind !== 'either'), ...forms.filter(({ kind }) => kind === 'either')];
  const held = sorted.flatMap((form) => form.held);
  const url = sorted.find((form) => form.url !== null)?.url ?? null;
  return {
    found: [{ held, url, revisedPrompt: null, index }],
    certain: sorted.some((form) => form.kind === 'base64' && form.held.length > 0),
  };
}

function fromText(text: string, kind: FieldKind, isHeld: IsHeld, index: number): FoundImage[] {
  if (isHeld(text)) return [{ held: [text], url: null, revisedPrompt: null, index }];
  return isAddress(text, kind) ? [{ held: [], url: text.trim(), revisedPrompt: null, index }] : [];
}

function isAddress(text: string, kind: FieldKind): boolean {
  const address = text.trim();
  if (/^https?:\/\//iu.test(address)) return true;
  if (kind === 'url') return address !== '';
  return kind === 'either' && !/\s/u.test(address) && (/^\.{0,2}\/./u.test(address) || isImageFile(address));
}

function isMarkedAsOther({ type, role, kind, purpose }: JsonObject): boolean {
  return [type, role, kind, purpose].some((said) => typeof said === 'string' && NOT_AN_ANSWER.test(said));
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** First characters of base64 by format: PNG, JPEG, GIF, RIFF (WebP), TIFF twice, ISO media (AVIF, HEIC), SVG twice, JPEG XL twice, ICO. */
const PIXELS = /^(?:iVBORw0KGgo|\/9j\/|R0lGOD|UklGR|SUkqA|TU0AK|AAAA..Z0eX|PHN2Zy|PD94bWw|AAAADEpYTCAN|\/wr|AAABAA)/u;
/** Characters after which base64 of a known format is certain. */
export const PIXELS_HEAD = 16;

/** Whether text begins like the base64 of an image format. */
export function looksLikePixels(start: string): boolean {
  const digits = start.replace(/\s/gu, '').replaceAll('-', '+').replaceAll('_', '/');
  return PIXELS.test(digits) && /^[A-Za-z0-9+/]+=*$/u.test(digits);
}

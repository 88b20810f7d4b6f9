import { fileFormatFacts, type FileFormat } from '../catalogue/file-formats.ts';
import type { NamedImage } from '../entities/exports.ts';
import type { ImageRecord } from '../entities/image-records.ts';

/** What a file name may be made of, in braces in a pattern. */
export const NAME_TOKENS = ['date', 'time', 'prompt', 'model', 'size', 'quality', 'rating', 'counter', 'id'] as const;
export type NameToken = (typeof NAME_TOKENS)[number];

export const DEFAULT_NAME_PATTERN = '{date} {prompt}';

/** The facts of an image that names are made of. */
export function namedImage(record: ImageRecord): NamedImage {
  const { createdAt, prompt, model, width, height, sha256, marks, generation } = record;
  const quality = generation && 'quality' in generation.parameters ? generation.parameters.quality : null;
  return { createdAt, prompt, model, width, height, sha256, quality: quality ?? '', rating: marks.rating };
}

/** Where a name is given. */
export interface NamePlace {
  /** 1-based place among the named images. */
  counter: number;
  /** Of local time from UTC in minutes, as `Date.getTimezoneOffset` counts it. */
  offset: number;
}

/** Characters of a prompt in a name: enough to know the image by. */
const MAX_PROMPT = 60;
/** File systems take 255 bytes; an ending, a number and the temporary name of an unfinished file need room too. */
const MAX_BYTES = 180;

/** Names that Windows keeps for devices, with any extension. */
const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:[ .]|$)/iu;
/** Characters that Windows doesn't allow, control characters, and those that turn the direction of text, which can hide an extension. */
const FORBIDDEN = /[<>:"/\\|?*\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]+/gu;
const TOKEN = /\{(\w+)\}/gu;

/**
 * A file's name by a pattern, without its extension. Safe on Windows, macOS and Linux: no forbidden characters, no device, no dot or space at
 * either end, at most 180 bytes, composed (NFC). Where nothing is left of the pattern, it is named by its date.
 */
export function nameByPattern(pattern: string, image: NamedImage, place: NamePlace): string {
  const filled = (text: string): string =>
    safeName(text.replace(TOKEN, (whole, token: string) => (isToken(token) ? valueOf(token, image, place) : whole)));
  return filled(pattern) || filled('{date} {time}');
}

function isToken(token: string): token is NameToken {
  return NAME_TOKENS.some((known) => known === token);
}

/** The parts in braces of a pattern that mean nothing. */
export function unknownTokens(pattern: string): string[] {
  return [...pattern.matchAll(TOKEN)].flatMap(([whole, token = '']) => (isToken(token) ? [] : [whole]));
}

function valueOf(token: NameToken, image: NamedImage, { counter, offset }: NamePlace): string {
  const local = (): string => new Date(image.createdAt - offset * 60_000).toISOString();
  switch (token) {
    case 'date':
      return local().slice(0, 10);
    case 'time':
      return local().slice(11, 19).replaceAll(':', '-');
    case 'prompt':
      return shorten(image.prompt);
    case 'model':
      return image.model;
    case 'size':
      return `${image.width}x${image.height}`;
    case 'quality':
      return image.quality;
    case 'rating':
      return String(image.rating);
    case 'counter':
      return String(counter).padStart(4, '0');
    case 'id':
      return image.sha256.slice(0, 8);
  }
}

/** The first words of a prompt, at most 60 characters. */
function shorten(prompt: string): string {
  const plain = prompt
    .slice(0, 40 * MAX_PROMPT)
    .replace(/\s+/gu, ' ')
    .trim();
  const parts = graphemes(plain).slice(0, MAX_PROMPT + 1);
  if (parts.length <= MAX_PROMPT) return plain;
  const cut = parts.slice(0, MAX_PROMPT).join('');
  const space = cut.lastIndexOf(' ');
  return space > MAX_PROMPT / 2 ? cut.slice(0, space) : cut;
}

/** Makes any text a name that every file system takes; '' if nothing of it is left. */
export function safeName(text: string): string {
  const plain = text
    .toWellFormed()
    .normalize('NFC')
    .replace(FORBIDDEN, '-')
    .replace(/\s+/gu, ' ')
    .replace(/^[\s.-]+/u, '');
  const short = withoutEnd(cutToBytes(plain, MAX_BYTES));
  return RESERVED.test(short) ? `_${short}` : short;
}

/** Windows drops dots and spaces at a name's end. */
function withoutEnd(name: string): string {
  let end = name.length;
  while (end > 0 && ' .-'.includes(name.charAt(end - 1))) end -= 1;
  return name.slice(0, end);
}

function cutToBytes(text: string, max: number): string {
  const encoder = new TextEncoder();
  let bytes = 0;
  let kept = '';
  for (const part of graphemes(text.slice(0, 2 * max))) {
    bytes += encoder.encode(part).length;
    if (bytes > max) break;
    kept += part;
  }
  return kept;
}

function graphemes(text: string): string[] {
  return [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment);
}

/** A file's name with its extension. */
export function withExtension(name: string, format: FileFormat): string {
  return `${name}.${fileFormatFacts(format).extension}`;
}

/** Gives names once each: where one was given before, also in other letters' case or composition, a number follows. */
export class UniqueNames {
  readonly #taken = new Set<string>();
  /** The last number given to a name, so that a thousand equal ones aren't tried one after the other. */
  readonly #numbers = new Map<string, number>();

  /** @param taken names that are there already, with their extensions */
  constructor(taken: Iterable<string> = []) {
    for (const name of taken) this.#taken.add(keyOf(name));
  }

  /** @param ending the extension with its dot */
  take(name: string, ending: string): string {
    const key = keyOf(name + ending);
    let number = this.#numbers.get(key) ?? 1;
    let given = name + ending;
    while (this.#taken.has(keyOf(given))) {
      number += 1;
      given = `${name} (${number})${ending}`;
    }
    this.#numbers.set(key, number);
    this.#taken.add(keyOf(given));
    return given;
  }
}

/** Equal for names that a file system may hold to be the same. */
function keyOf(name: string): string {
  return name.normalize('NFKC').toLowerCase().toUpperCase().normalize('NFC');
}

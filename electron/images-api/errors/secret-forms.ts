import { foldText, foldView, type TextView } from './text-views.ts';

/** A part of a text: begin, end. */
export type Span = readonly [from: number, to: number];

/**
 * Beginnings that providers give all their keys. They are no secret, so an ordinary text about keys is left alone; and the usual masked
 * form (`sk-…wxyz`) shows fewer characters of the rest than {@link GRAM}.
 */
const PUBLIC_PREFIX = /^(?:sk-(?:proj|svcacct|admin|ant|or)-(?:v1-|api\d\d-)?|sk-|pk-|rk-|xai-|gsk_|hf_|r8_|AIza)/u;

/** This many letters and digits of a secret in a row, in any of its forms, are a part of it. */
const GRAM = 8;

/** Finds a secret in the views of a text. */
export interface SecretFinder {
  find(view: TextView): Span[];
  /** Whether a text as it is contains a part of the secret; faster than `find`. */
  isIn(text: string): boolean;
  /** The part before the secret that goes with it, or ''. */
  prefix: string;
}

/**
 * A finder of every part of a secret, at least {@link GRAM} characters long, in every form: plain, reversed, ROT13, hexadecimal, base32,
 * base64 at any alignment, UTF-16, UTF-32, and these within each other; in any case and with anything between the letters. A secret with fewer
 * letters and digits would match ordinary words, so it is found only as a whole.
 */
export function createFinder(secret: string): SecretFinder {
  const prefix = PUBLIC_PREFIX.exec(secret)?.[0] ?? '';
  const body = secret.slice(prefix.length);
  if (foldText(body).length >= GRAM) return { ...gramFinder(new Set(formsOf(body).map(foldText))), prefix };
  const forms = basicForms(secret).filter((form) => form.length >= 4);
  return { ...wholeFinder(forms.map((form) => form.toLowerCase())), prefix: '' };
}

type Finder = Pick<SecretFinder, 'find' | 'isIn'>;

function wholeFinder(forms: readonly string[]): Finder {
  const find: Finder['find'] = (view) => {
    const text = view.text.toLowerCase();
    return forms.flatMap((form) => {
      const spans: Span[] = [];
      // A lower-case form may be longer than its letter; then positions are only near.
      for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length))
        spans.push(sourceSpan(view, at, at + form.length));
      return spans;
    });
  };
  // Invisible characters between the letters matter here, so there is no shorter way.
  return { find, isIn: () => true };
}

function gramFinder(forms: ReadonlySet<string>): Finder {
  const grams = new Set<string>();
  const filter = new Uint8Array(1 << 17);
  for (const form of forms) {
    for (let at = 0; at + GRAM <= form.length; at += 1) {
      const gram = form.slice(at, at + GRAM);
      grams.add(gram);
      const hash = hashOf(gram);
      filter[hash >>> 3] = (filter[hash >>> 3] ?? 0) | (1 << (hash & 7));
    }
  }
  const positionsIn = (folded: string): number[] => {
    const positions: number[] = [];
    scanHashes(folded, (at, hash) => {
      const passes = ((filter[hash >>> 3] ?? 0) >> (hash & 7)) & 1;
      if (passes === 1 && grams.has(folded.slice(at, at + GRAM))) positions.push(at);
    });
    return positions;
  };
  return {
    find(view) {
      if (positionsIn(foldText(view.text)).length === 0) return [];
      const folded = foldView(view);
      return positionsIn(folded.text).map((at) => sourceSpan(folded, at, at + GRAM));
    },
    isIn: (text) => positionsIn(foldText(text)).length > 0,
  };
}

const BASE = 0x01000193;
/** BASE to the power of GRAM, to take the oldest character out of a rolling hash. */
const OLDEST = Array.from({ length: GRAM }).reduce<number>((power) => Math.imul(power, BASE), 1);

/** Calls back with the hash, 20 bits, of every gram of a text. */
function scanHashes(text: string, visit: (at: number, hash: number) => void): void {
  let hash = 0;
  for (let end = 0; end < text.length; end += 1) {
    hash = (Math.imul(hash, BASE) + text.charCodeAt(end)) | 0;
    if (end >= GRAM) hash = (hash - Math.imul(OLDEST, text.charCodeAt(end - GRAM))) | 0;
    if (end >= GRAM - 1) visit(end - GRAM + 1, hash >>> 12);
  }
}

function hashOf(gram: string): number {
  let found = 0;
  scanHashes(gram, (_, hash) => (found = hash));
  return found;
}

function sourceSpan({ from, to }: TextView, begin: number, end: number): Span {
  return [from[begin] ?? 0, to[end - 1] ?? 0];
}

/** All forms in which a secret is looked for. */
function formsOf(secret: string): string[] {
  const once = [...basicForms(secret), ...basicForms(rot13(secret)), ...wideForms(secret), ...base32Forms(secret)];
  const twice = basicForms(secret).flatMap((form) => [hexOf(form), ...base64Forms(Buffer.from(form))]);
  const all = [...once, ...twice];
  return [...all, ...all.map(reverse)];
}

function basicForms(secret: string): string[] {
  return [secret, reverse(secret)].flatMap((text) => [text, hexOf(text), ...base64Forms(Buffer.from(text))]);
}

function wideForms(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf16le');
  const wider = Buffer.from(Array.from(secret, (letter) => `${letter}\0\0\0`).join(''));
  return [bytes, Buffer.from(bytes).swap16(), wider, Buffer.from(wider).swap32()].flatMap((wide) => [
    wide.toString('hex'),
    ...base64Forms(wide),
  ]);
}

const hexOf = (text: string): string => Buffer.from(text).toString('hex');
const reverse = (text: string): string => Array.from(text).reverse().join('');

function rot13(text: string): string {
  return text.replace(/[a-z]/giu, (letter) => {
    const base = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });
}

/** Base64 at each of the three offsets within a group, without characters that depend on neighbouring bytes. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
    const first = Math.ceil((shift * 8) / 6);
    const last = Math.floor((padded.length * 8) / 6);
    return [padded.toString('base64').slice(first, last), padded.toString('base64url').slice(first, last)];
  });
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The same of base32, at each of its five offsets. */
function base32Forms(secret: string): string[] {
  return [0, 1, 2, 3, 4].map((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]);
    const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    const groups = bits.match(/.{5}/gu) ?? [];
    return groups
      .slice(Math.ceil((shift * 8) / 5))
      .map((group) => BASE32[Number.parseInt(group, 2)])
      .join('');
  });
}

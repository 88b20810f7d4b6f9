import { createFinder, type SecretFinder, type Span } from './secret-forms.ts';
import { redactSpread } from './spread-secrets.ts';
import { characterCodes, hasOtherViews, viewsOf, wholeOf } from './text-views.ts';

/** Replaces every part of a key. It says that something was left out, and isn't itself a trace of the key. */
const MASK = '[key removed]';
const MAX_TEXT = 2000;
/**
 * C0 and C1 except tab and line feed, and characters that hide or reorder text. The joiners U+200C and U+200D stay: scripts and emoji need
 * them.
 */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;

/**
 * A server's text for display and storage: without control characters, at most `max` characters, and without any part of the key in any
 * form, see {@link redactKey}.
 */
export function sanitizeText(text: string, apiKey: string | null, max = MAX_TEXT): string {
  // Truncated first to limit the work, at four times the final length. Half a key at the cut is found too.
  const rough = text.slice(0, 4 * max);
  return redactKey(rough, apiKey).replace(CONTROL, '').trim().slice(0, max);
}

/** Signed URLs are long. Characters. */
const MAX_ADDRESS = 4000;

/** An image's URL for display and storage: it still works, but has no user name, password or API key. */
export function sanitizeUrl(address: string, apiKey: string | null): string {
  return sanitizeText(withoutCredentials(address), apiKey, MAX_ADDRESS);
}

function withoutCredentials(address: string): string {
  if (!URL.canParse(address)) return address.replace(/^([a-z][a-z\d+.-]*:)?[/\\]*[^/\\?#]*@/iu, '$1//');
  const url = new URL(address);
  // Returned unchanged without credentials: a signature may cover every character.
  if (url.username === '' && url.password === '') return address;
  url.username = '';
  url.password = '';
  return url.href;
}

/**
 * Replaces the key, parts of it and proxy credentials in a text, in every form in which a server could echo them: also with invisible
 * characters, tags or anything else between the letters, escaped, encoded, reversed, or several of these.
 */
export function redactKey(text: string, apiKey: string | null): string {
  return redactAll(text, findersFor(apiKey));
}

/** The same for all strings and property names of a JSON value, also where a key is spread over several. Returns a copy. */
export function redactValue(value: unknown, apiKey: string | null): unknown {
  const finders = findersFor(apiKey);
  if (finders.length === 0) return value;
  const clean = (inner: unknown): unknown => {
    if (typeof inner === 'string') return redactAll(inner, finders);
    if (Array.isArray(inner)) return inner.map(clean);
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([name, held]) => [redactAll(name, finders), clean(held)]));
  };
  return redactSpread(clean(value), (text) => plainSpansOf(text, finders));
}

function redactAll(text: string, finders: readonly SecretFinder[]): string {
  const spans = spansOf(text, finders);
  return spans.length === 0 ? text : maskSpans(text, spans);
}

/** The parts of a text to be removed, in order, without overlaps. */
function spansOf(text: string, finders: readonly SecretFinder[], depth = MAX_ENCODINGS): Span[] {
  if (text.length < MIN_SECRET || finders.length === 0) return [];
  const encoded = depth > 0 ? encodedSpansOf(text, finders, depth - 1) : [];
  if (!hasOtherViews(text) && !finders.some(({ isIn }) => isIn(text))) return encoded;
  const views = viewsOf(text);
  const found = finders.flatMap(({ find, prefix }) =>
    views.flatMap((view) => find(view)).map((span) => withPrefix(text, span, prefix)),
  );
  return mergeSpans([...found, ...encoded]);
}

/** Base64 within base64, and so on. */
const MAX_ENCODINGS = 4;
const ENCODED = /[A-Za-z0-9+/_-]{24,}={0,2}/gu;

/** Whole base64 texts that hold the secret in any form, as a part of JSON or escaped. What is no text inside isn't looked at. */
function encodedSpansOf(text: string, finders: readonly SecretFinder[], depth: number): Span[] {
  return [...text.matchAll(ENCODED)].flatMap(({ 0: run, index }): Span[] => {
    const decoded = Buffer.from(run, 'base64').toString('latin1');
    return isReadable(decoded) && spansOf(decoded, finders, depth).length > 0 ? [[index, index + run.length]] : [];
  });
}

/** Whether most of a text is ASCII, or ASCII in wider units. */
function isReadable(text: string): boolean {
  let readable = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0 || code === 10 || code === 13 || (code >= 0x20 && code < 0x7f)) readable += 1;
  }
  return readable >= 0.8 * text.length;
}

/** The same without decoding: every part of the text has been searched in all forms already. */
function plainSpansOf(text: string, finders: readonly SecretFinder[]): Span[] {
  const codes = characterCodes(text);
  return mergeSpans(
    finders.flatMap(({ find, isIn }) => [
      ...(isIn(text) ? find(wholeOf(text)) : []),
      ...codes.flatMap((view) => find(view)),
    ]),
  );
}

function mergeSpans(found: readonly Span[]): Span[] {
  const merged: [number, number][] = [];
  for (const [from, to] of found.toSorted(([one], [other]) => one - other)) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

function withPrefix(text: string, [from, to]: Span, prefix: string): Span {
  const before = text.slice(Math.max(0, from - prefix.length), from);
  return [before.toLowerCase() === prefix.toLowerCase() ? from - prefix.length : from, to];
}

function maskSpans(text: string, spans: readonly Span[]): string {
  let [rest, done] = ['', 0];
  for (const [from, to] of spans) {
    rest += text.slice(done, from) + MASK;
    done = to;
  }
  return rest + text.slice(done);
}

/** Placeholders for servers without keys. They are not secret, and redacting them would remove ordinary words. */
const PLACEHOLDERS = new Set([
  'dummy',
  'empty',
  'local',
  'none',
  'not-needed',
  'nokey',
  'no-key',
  'no-key-required',
  'ollama',
  'lm-studio',
  'sk-no-key-required',
  'test',
  'unused',
]);
const MIN_SECRET = 4;

/** A shorter password would match ordinary words, so it is redacted only together with its user name. */
const MIN_PASSWORD = 8;
/** Of proxies that were used. A forwarding proxy may echo them in a response that seems to be the server's. */
const credentials = new Set<string>();

/** Adds a proxy's credentials to those that are redacted from every text from now on. */
export function redactCredentials(name: string, password: string): void {
  if (password === '') return;
  credentials.add(Buffer.from(`${name}:${password}`).toString('base64'));
  credentials.add(password.length < MIN_PASSWORD ? `${name}:${password}` : password);
}

/** Made once per secret: the forms of a long key are some thousand. */
const finderCache = new Map<string, SecretFinder>();
const MAX_CACHED = 32;

function finderOf(secret: string): SecretFinder {
  const known = finderCache.get(secret);
  if (known) return known;
  if (finderCache.size >= MAX_CACHED) finderCache.clear();
  const finder = createFinder(secret);
  finderCache.set(secret, finder);
  return finder;
}

function findersFor(apiKey: string | null): SecretFinder[] {
  const isSecret = apiKey !== null && apiKey.length >= MIN_SECRET && !PLACEHOLDERS.has(apiKey.toLowerCase());
  return [...(isSecret ? [apiKey] : []), ...credentials].map(finderOf);
}

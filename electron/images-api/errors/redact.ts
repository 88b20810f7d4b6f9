const MASK = '[key removed]';
const MAX_TEXT = 2000;
/** Everything below U+0020 but tab and line feed, and U+007F to U+009F. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;

/**
 * A server's text as it may be shown and stored: without control characters, at most `max` characters, and without the key in any form
 * in which a server could echo it: plain, URL-coded, hexadecimal, or anywhere inside base64 (of `Bearer …` or `user:…`, for instance).
 */
export function sanitizeText(text: string, apiKey: string | null, max = MAX_TEXT): string {
  // Cut first, so that a huge page costs nothing, but generously, so that no half of a key is left at the end.
  const rough = text.slice(0, 4 * max);
  return redactKey(rough, apiKey).replace(CONTROL, '').trim().slice(0, max);
}

/** A signed address carries its permission with it, which is long. */
const MAX_ADDRESS = 4000;

/** The address of an image as it may be shown and stored: it still leads there, but names nobody and holds no key. */
export function sanitizeUrl(address: string, apiKey: string | null): string {
  return sanitizeText(withoutCredentials(address), apiKey, MAX_ADDRESS);
}

function withoutCredentials(address: string): string {
  if (!URL.canParse(address)) return address.replace(/^([a-z][a-z\d+.-]*:)?[/\\]*[^/\\?#]*@/iu, '$1//');
  const url = new URL(address);
  // Untouched where nothing has to go: a signature may cover every character.
  if (url.username === '' && url.password === '') return address;
  url.username = '';
  url.password = '';
  return url.href;
}

/** Replaces every form of the key in a text. */
export function redactKey(text: string, apiKey: string | null): string {
  return replaceAll(text, patternsOf(apiKey));
}

/** The same in every text of a JSON value, and in the names of its fields. */
export function redactValue(value: unknown, apiKey: string | null): unknown {
  const patterns = patternsOf(apiKey);
  const clean = (inner: unknown): unknown => {
    if (typeof inner === 'string') return replaceAll(inner, patterns);
    if (Array.isArray(inner)) return inner.map(clean);
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([name, held]) => [replaceAll(name, patterns), clean(held)]));
  };
  return clean(value);
}

/** What people type where a server wants no key: no secrets, and they would hit ordinary words. */
const PLACEHOLDERS = new Set([
  'dummy',
  'empty',
  'local',
  'none',
  'not-needed',
  'nokey',
  'no-key',
  'ollama',
  'lm-studio',
  'test',
  'unused',
]);
const MIN_SECRET = 4;

/** A shorter one would hit ordinary words, in prompts too; it is hidden where it stands beside its name, as it travels. */
const MIN_PASSWORD = 8;
/** Of proxies that were used. A proxy that is no tunnel may repeat what it was sent, in an answer that passes for the server's. */
const credentials = new Set<string>();

/** From now on the name and password of a proxy are in no text that is cleaned here, whoever it comes from. */
export function redactCredentials(name: string, password: string): void {
  if (password === '') return;
  credentials.add(Buffer.from(`${name}:${password}`).toString('base64'));
  credentials.add(password.length < MIN_PASSWORD ? `${name}:${password}` : password);
}

/** The longest form first. */
function patternsOf(apiKey: string | null): RegExp[] {
  const isSecret = apiKey !== null && apiKey.length >= MIN_SECRET && !PLACEHOLDERS.has(apiKey.toLowerCase());
  return [...(isSecret ? [apiKey] : []), ...credentials]
    .flatMap(encodingsOf)
    .filter((form) => form.length >= 4)
    .sort((left, right) => right.length - left.length)
    .map((form) => new RegExp(form.replace(/[.*+?^${}()|[\]\\/]/gu, '\\$&'), 'giu'));
}

function replaceAll(text: string, patterns: readonly RegExp[]): string {
  return patterns.reduce((rest, pattern) => rest.replace(pattern, MASK), text);
}

function encodingsOf(key: string): string[] {
  const hex = Buffer.from(key).toString('hex');
  return [...new Set([key, encodeURIComponent(key), JSON.stringify(key).slice(1, -1), hex, ...base64Encodings(key)])];
}

/** The key's base64 at each of the three places where it can begin in a group, without the characters that its neighbours share. */
function base64Encodings(key: string): string[] {
  const bytes = Buffer.from(key);
  return [0, 1, 2].flatMap((shift) => {
    const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
    const first = Math.ceil((shift * 8) / 6);
    const last = Math.floor((padded.length * 8) / 6);
    return [padded.toString('base64').slice(first, last), padded.toString('base64url').slice(first, last)];
  });
}

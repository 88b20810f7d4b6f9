const MASK = '[key removed]';
const MAX_TEXT = 2000;
/** U+0000 to U+001F except tab and line feed, and U+007F to U+009F. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;

/**
 * A server's text for display and storage: without control characters, at most `max` characters, and with the key removed in every form in
 * which a server could echo it: plain, percent-encoded, hexadecimal, or inside base64 (of `Bearer …` or `user:…`, for example).
 */
export function sanitizeText(text: string, apiKey: string | null, max = MAX_TEXT): string {
  // Truncated first to limit the work, at four times the final length: a key that is cut in half there is not in the result.
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

/** Replaces every encoding of the key and of proxy credentials in a text. */
export function redactKey(text: string, apiKey: string | null): string {
  return replaceAll(text, patternsOf(apiKey));
}

/** The same for all strings and property names of a JSON value. Returns a copy. */
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

/** Placeholders for servers without keys. They are not secret, and redacting them would remove ordinary words. */
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

/** Longest pattern first, so that no part of a longer one remains. */
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

/** The key's base64 at each of the three offsets within a group, without characters that depend on neighbouring bytes. */
function base64Encodings(key: string): string[] {
  const bytes = Buffer.from(key);
  return [0, 1, 2].flatMap((shift) => {
    const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
    const first = Math.ceil((shift * 8) / 6);
    const last = Math.floor((padded.length * 8) / 6);
    return [padded.toString('base64').slice(first, last), padded.toString('base64url').slice(first, last)];
  });
}

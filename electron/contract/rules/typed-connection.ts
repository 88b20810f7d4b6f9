/*
 * What people paste as an address or a key, with what came along: quotes, invisible characters, the header's name, the endpoint. Only what
 * is certain is removed; the rest is left for the checks, which refuse it. The page says what was changed.
 */

/** Control characters other than white space, soft hyphen, zero-width and bidirectional marks, and other characters without a picture. */
const INVISIBLE = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f]|[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** The same, percent-encoded, as a browser's address bar writes some of them. */
const ENCODED_INVISIBLE = /%E2%80%(?:8[B-F]|A[A-E])|%E2%81%A0|%EF%BB%BF|%C2%AD/giu;
const FULL_WIDTH = /[\uff01-\uff5e]/gu;
const QUOTES = '"\'`´‘’‚‹›“”„«»<>「」『』';
const OPENING = new RegExp(`^[\\s${QUOTES}]+`, 'u');
/** Text that was copied with its quotes often ends with a comma too. */
const CLOSING = new RegExp(`[\\s${QUOTES},;]+$`, 'u');

/** What a request's path ends with; Emulsion adds it to the base URL. */
const ENDPOINT =
  /\/+(?:images\/+(?:generations|edits|variations)|chat\/+completions|completions|responses|embeddings|models|files)\/*$/iu;

/** Without invisible characters, and without quotes around it: an address may end with one of its own. */
function withoutWrapping(text: string): string {
  const visible = text
    .replace(INVISIBLE, '')
    .replace(FULL_WIDTH, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0))
    .trim();
  return OPENING.test(visible) ? visible.replace(OPENING, '').replace(CLOSING, '') : visible;
}

/** A typed base URL without quotes, invisible characters and the endpoint at its end. Not yet checked. */
export function cleanBaseUrl(text: string): string {
  const plain = withoutWrapping(text.replace(ENCODED_INVISIBLE, ''));
  return /^https?:\/\//iu.test(plain) && !/[?#]/u.test(plain) ? withoutEndpoint(plain) : plain;
}

function withoutEndpoint(address: string): string {
  const rest = address.replace(ENDPOINT, '');
  return rest === address ? address : withoutEndpoint(rest);
}

/** The name of a header or a variable before a key. */
const KEY_NAME =
  /^(?:(?:export\s+|set\s+|-H\s+)?["']?(?:authorization|api-key|x-api-key|[A-Z][A-Z0-9_]*_KEY|api_?key)["']?\s*[:=]\s*)?["']?(?:bearer(?:\s+|$))?/iu;

/** A typed API key without quotes, invisible characters, and the name of a header or variable before it. Not yet checked. */
export function cleanApiKey(text: string): string {
  const [plain, named] = [withoutWrapping(text), withoutWrapping(text).replace(KEY_NAME, '')];
  // The quote that opened was before the name, or after it.
  return plain === named ? plain : named.replace(OPENING, '').replace(CLOSING, '');
}

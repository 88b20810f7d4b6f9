/** Longest line in characters. A longer one is cut. */
const MAX_LENGTH = 600;

/** Line breaks and other control characters, which would let one line look like two. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/gu;
/** API keys by their usual prefix, and whatever follows the name of a header that carries one. */
const KEYS = /\bsk-[\w-]{6,}|\b(?:bearer|basic|api-key|authorization|x-api-key)\b["'\s:=]+[^\s"',;]+/giu;
/** Name and password of an address. */
const CREDENTIALS = /(?<=:\/\/)[^\s/?#@]+@/gu;
/** Query of an address: signatures of downloads, Azure's keys. */
const QUERY = /(?<=https?:\/\/[^\s?#]+)\?[^\s"')#]*/giu;
/** Base64 of keys, tokens and pixels. File names made of hexadecimal digits stay. */
const LONG_TOKEN = /(?<![A-Za-z0-9+/_=-])(?![0-9a-fA-F]+(?![A-Za-z0-9+_=-]))[A-Za-z0-9+_=-]{40,}/gu;

/** A text as it may stand in one line of the log: without line breaks, keys, passwords and long tokens, at most 600 characters. */
export function cleanText(text: string): string {
  return text
    .slice(0, 8 * MAX_LENGTH)
    .replace(CONTROL, ' ')
    .replace(KEYS, '[key removed]')
    .replace(CREDENTIALS, '')
    .replace(QUERY, '')
    .replace(LONG_TOKEN, '[removed]')
    .trim()
    .slice(0, MAX_LENGTH);
}

/** The same without everything in double quotes: errors quote there what a person or a server wrote. */
export function cleanMessage(text: string): string {
  return cleanText(
    text
      .replace(/"[^"]*"?/gu, '"…"')
      .replace(/“[^”]*”?/gu, '“…”')
      .replace(/`[^`]*`?/gu, '`…`'),
  );
}

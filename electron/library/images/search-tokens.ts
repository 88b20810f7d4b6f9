/** Scripts written without spaces: each character becomes a token, and a search looks for adjacent tokens. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*/gu;
const WORD = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;
const BODY = /[\p{L}\p{N}\p{Co}]/u;

/** The text as it is indexed. */
export function toIndexText(text: string): string {
  return text.replace(UNSPACED, ' $& ');
}

/**
 * A typed search as an FTS5 query: every word must occur; the last one may be a prefix. Null if there is no word. Words are
 * quoted and consist of letters and digits only, so nothing typed is ever query syntax.
 */
export function toFtsQuery(search: string): string | null {
  const words = (search.match(WORD) ?? []).filter((word) => BODY.test(word));
  if (words.length === 0) return null;
  const terms = words.map((word) => `"${toIndexText(word).trim()}"`);
  const last = terms.pop() ?? '';
  return [...new Set(terms), `${last}*`].join(' ');
}

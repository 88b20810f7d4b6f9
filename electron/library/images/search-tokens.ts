/** Scripts that write without spaces. Each character becomes a word of the index, and a search looks for them side by side. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*/gu;
const WORD = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;
const BODY = /[\p{L}\p{N}\p{Co}]/u;

/** The text as it goes into the index. */
export function toIndexText(text: string): string {
  return text.replace(UNSPACED, ' $& ');
}

/**
 * What a person typed as a query of FTS5: every word has to occur, the last one may be the beginning of a word. Null when there is no
 * word in it. Each word stands in quotes and consists of letters and digits, so nothing that is typed is ever syntax.
 */
export function toFtsQuery(search: string): string | null {
  const words = (search.match(WORD) ?? []).filter((word) => BODY.test(word));
  if (words.length === 0) return null;
  const terms = words.map((word) => `"${toIndexText(word).trim()}"`);
  const last = terms.pop() ?? '';
  return [...new Set(terms), `${last}*`].join(' ');
}

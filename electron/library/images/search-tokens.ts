import { FOLDED_EMOJI, foldText } from './fold-text.ts';

/**
 * Counts changes of what is indexed: rows that were indexed by an earlier one are indexed again (`reindex-images.ts`). 2: not only the prompt.
 */
export const INDEX_VERSION = 2;

/** Marks are spelled as two private characters in folded text. */
const MARKS = '(?:[\\ue200-\\ue3ff][\\ue400-\\ue4ff])*';
/** Scripts written without spaces: each character becomes a token, and a search looks for adjacent tokens. */
const UNSPACED = new RegExp(
  `[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\u30fc\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}]${MARKS}`,
  'gu',
);
const WORD = /[\p{L}\p{N}\p{Co}]+/gu;
/** A phrase in quotes or a run without spaces, excluded where a hyphen stands before it. `--ar` excludes nothing. */
const TERM = /(?<exclude>(?<=^|\s)[-－](?=[^\s\-－]))?(?:["“„](?<phrase>[^"“”„]+)["”“]|(?<run>\S+))/gu;

/** The text as it is indexed: folded, with spaces around each token. */
export function toIndexText(text: string): string {
  return separate(foldText(text));
}

/** Stands between texts, so that a phrase doesn't match across them. A private character that is a token, and is removed from all texts. */
const BETWEEN = '\ue7ff';

/** Several texts as they are indexed together; empty ones are left out. */
export function joinIndexTexts(texts: readonly string[]): string {
  return texts
    .map((text) => toIndexText(text.replaceAll(BETWEEN, ' ')))
    .filter((text) => text.trim() !== '')
    .join(` ${BETWEEN} `);
}

function separate(folded: string): string {
  return folded.replace(UNSPACED, ' $& ').replace(FOLDED_EMOJI, ' $& ');
}

/** A search as FTS5 queries; null for none. Without both, nothing was typed that could be found. */
export interface FtsQuery {
  /** What has to occur. */
  match: string | null;
  /** What must not occur. */
  exclude: string | null;
}

/**
 * Parses a typed search. Every word must occur, the last one may be a prefix; words in quotes must be adjacent; `-word` and `-"two
 * words"` must not occur. Words are quoted and consist of letters and digits only, so nothing typed is ever query syntax.
 */
export function toFtsQuery(search: string): FtsQuery {
  const [wanted, unwanted]: [string[], string[]] = [[], []];
  let prefix = false;
  for (const { groups = {} } of search.replaceAll(BETWEEN, ' ').matchAll(TERM)) {
    const { exclude, phrase, run } = groups;
    const words = (foldText(phrase ?? run ?? '').match(WORD) ?? []).map(toPhrase);
    if (words.length === 0) continue;
    if (exclude !== undefined) unwanted.push(joinPhrases(words));
    else if (phrase !== undefined) wanted.push(joinPhrases(words));
    else wanted.push(...words);
    // The word that is being typed is the last one.
    prefix = exclude === undefined && phrase === undefined;
  }
  const last = wanted.pop();
  const match = last === undefined ? null : [...new Set(wanted), prefix ? `${last}*` : last].join(' ');
  return { match, exclude: unwanted.length === 0 ? null : unwanted.join(' OR ') };
}

function toPhrase(word: string): string {
  return `"${separate(word).trim()}"`;
}

function joinPhrases(phrases: readonly string[]): string {
  return `"${phrases.map((phrase) => phrase.slice(1, -1)).join(' ')}"`;
}

/**
 * An FTS5 query for one word or phrase of a query, which has to occur as it is, or begin like it; null for what has no letter or digit.
 * `"` at both ends makes anything a string, and only letters and digits are in it.
 */
export function toFtsPhrase(text: string, prefix: boolean): string | null {
  const words = (foldText(text.replaceAll(BETWEEN, ' ')).match(WORD) ?? []).map(toPhrase);
  if (words.length === 0) return null;
  return `${joinPhrases(words)}${prefix ? '*' : ''}`;
}

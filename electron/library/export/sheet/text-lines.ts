const WORDS = new Intl.Segmenter('en', { granularity: 'word' });
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** More than any caption shows. */
const MAX_LENGTH = 1000;
/** Control characters, and those that turn the direction of text. */
const UNSEEN = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]+/gu;

/** The beginning of a text as one paragraph of what can be drawn. */
export function plainText(text: string): string {
  return text.slice(0, MAX_LENGTH).toWellFormed().normalize('NFC').replace(UNSEEN, ' ').replace(/\s+/gu, ' ').trim();
}

export function graphemesOf(text: string): string[] {
  return [...GRAPHEMES.segment(text)].map(({ segment }) => segment);
}

/** What is drawn for the rest of a text. */
export const ELLIPSIS = '…';

/**
 * Breaks a text into at most `most` lines; what doesn't fit ends with an ellipsis.
 * @param widthOf the width of a piece of text, in the unit of `width`
 */
export function breakLines(text: string, width: number, most: number, widthOf: (text: string) => number): string[] {
  const fits = (line: string): boolean => widthOf(line) <= width;
  const lines: string[] = [];
  let line = '';
  const waiting = wordsOf(text).reverse();
  for (let word = waiting.pop(); word !== undefined; word = waiting.pop()) {
    if (fits((line + word).trimEnd())) {
      line += word;
      continue;
    }
    if (lines.length === most - 1) return [...lines, ellipsized(line + word, fits)];
    if (line !== '') {
      lines.push(line.trimEnd());
      line = '';
      waiting.push(word);
      continue;
    }
    const [start, rest] = splitToFit(word, fits);
    lines.push(start);
    if (rest !== '') waiting.push(rest);
  }
  return line.trim() === '' ? lines : [...lines, line.trimEnd()];
}

/** Words with the punctuation and spaces that follow them; a break may come before each. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of WORDS.segment(text)) {
    const last = words.at(-1);
    const joins = isWordLike !== true && last !== undefined && (segment.trim() === '' || !last.endsWith(' '));
    if (joins) words[words.length - 1] = last + segment;
    else words.push(segment);
  }
  return words;
}

function ellipsized(text: string, fits: (line: string) => boolean): string {
  const kept = graphemesOf(text);
  const line = (): string => kept.join('').trimEnd() + ELLIPSIS;
  while (kept.length > 0 && !fits(line())) kept.pop();
  return line();
}

/** As much of a word as fits, at least one grapheme, and the rest. */
function splitToFit(word: string, fits: (line: string) => boolean): [start: string, rest: string] {
  const [first = '', ...rest] = graphemesOf(word);
  let start = first;
  while (rest.length > 0 && fits(start + (rest[0] ?? ''))) start += rest.shift() ?? '';
  return [start, rest.join('')];
}

/**
 * Letters that don't decompose into a base and a mark, as people type them without their key. Greek: the final sigma. Arabic: the
 * letters that differ between Arabic and Persian keyboards, and alef maqsura.
 */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ħ: 'h', ŧ: 't', ı: 'i', ς: 'σ' },
  ...{ ک: 'ك', ی: 'ي', ى: 'ي', ـ: '' },
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');

/** Marks of which the same letters are written with and without: of Latin, Greek and Cyrillic, Hebrew points, Arabic vowel signs. */
const DIACRITIC_RANGES = [
  String.raw`\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f`,
  String.raw`\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7`,
  String.raw`\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed`,
  // Variation selectors.
  String.raw`\ufe00-\ufe0f\u{e0100}-\u{e01ef}`,
];
const DIACRITICS = new RegExp(DIACRITIC_RANGES.map((ranges) => `[${ranges}]`).join('|'), 'gu');
/** Cyrillic letters of their own, which decompose like letters with a diacritic: й, ў, ї, ѓ, ќ. ё isn't one: it is written as е. */
const OWN_LETTERS: readonly [decomposed: RegExp, letter: string][] = [
  [/и\u0306/gu, 'й'],
  [/у\u0306/gu, 'ў'],
  [/і\u0308/gu, 'ї'],
  [/г\u0301/gu, 'ѓ'],
  [/к\u0301/gu, 'ќ'],
];

/** Joiners, soft hyphens, direction marks, and the tones of emoji. A zero-width space separates. */
const INVISIBLE = /[\p{Cf}\u{1f3fb}-\u{1f3ff}]/gu;
const EMOJI = /[\p{Extended_Pictographic}\p{Regional_Indicator}\p{So}]/gu;
const MARK = /\p{M}/gu;
const KATAKANA = /[\u30a1-\u30f6]/gu;

/** Where a spelling begins: of an emoji, which is a word, and of a mark, which is a part of one. */
const EMOJI_SPELLING = 0xe000;
const MARK_SPELLING = 0xe200;
const SECOND_HALF = 0xe400;
/** An emoji in folded text. */
export const FOLDED_EMOJI = /[\ue000-\ue1ff][\ue400-\ue4ff]/gu;

/**
 * Returns the text as prompts and searches are compared: compatibility forms, case, width, diacritics, Hebrew points, Arabic vowel signs
 * and tatweel, ligatures and katakana are folded; invisible characters are gone. Hangul is composed, voiced kana (が) and й stay.
 * Emoji and the marks that belong to a word (Devanagari, Thai) are spelled as private characters, because the database's tokenizer
 * takes only letters, numbers and these.
 */
export function foldText(text: string): string {
  let folded = text.replaceAll('\u200b', ' ').normalize('NFKD').toLowerCase().replace(INVISIBLE, '');
  for (const [decomposed, letter] of OWN_LETTERS) folded = folded.replace(decomposed, letter);
  folded = folded.replace(DIACRITICS, '').replace(LETTER, (letter) => LETTERS[letter] ?? letter);
  return folded
    .normalize('NFC')
    .replace(KATAKANA, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
    .replace(EMOJI, (emoji) => spell(emoji, EMOJI_SPELLING))
    .replace(MARK, (mark) => spell(mark, MARK_SPELLING));
}

/** A tag's path as paths are compared. */
export function foldTagPath(path: string): string {
  return path
    .split('/')
    .map((name) => foldText(name.trim()).trim())
    .join('/');
}

function spell(character: string, from: number): string {
  const code = character.codePointAt(0) ?? 0;
  return String.fromCharCode(from + ((code >> 8) & 0x1ff), SECOND_HALF + (code & 0xff));
}

import { NONE } from '../query/fields.ts';

/** Longest name of a tag or collection, in characters. */
export const MAX_NAME_LENGTH = 120;
/** Characters that turn the direction of the text around them, and what can't be seen at all. */
const UNSEEN = /[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u061c\ufeff]/gu;
const CONTROL = /\p{Cc}+/gu;

/** A typed name as it is stored: without control and direction characters, spaces at its ends or several in a row. '' if nothing is left. */
export function cleanName(text: string): string {
  return text.toWellFormed().replace(UNSEEN, '').replace(CONTROL, ' ').replace(/\s+/gu, ' ').trim().normalize('NFC');
}

/** Whether a search by this name means the images without a tag or collection. */
export function isReserved(name: string): boolean {
  return name.toLowerCase() === NONE;
}

/** Why a name can't be a tag's, as a sentence; null if it can. Takes a cleaned name. */
export function tagNameProblem(name: string): string | null {
  if (name === '') return 'A tag needs a name.';
  if (isReserved(name)) return `A tag can’t be called “${name}”: searches use this word for images without a tag.`;
  // Also what is compared like one, such as the wide slash of Japanese keyboards.
  if (name.normalize('NFKC').includes('/'))
    return 'A tag’s name can’t contain a slash. Slashes separate parent and nested tags.';
  return name.length > MAX_NAME_LENGTH ? `A tag’s name has at most ${MAX_NAME_LENGTH} characters.` : null;
}

/** The names of a typed path, `client/acme`, from the top; cleaned. Slashes at its ends are ignored. */
export function tagPathNames(path: string): string[] {
  return path
    .replace(/^[\s/]+|[\s/]+$/gu, '')
    .split('/')
    .map(cleanName);
}

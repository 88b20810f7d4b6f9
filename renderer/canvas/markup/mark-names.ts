import { colourName } from './mark-colours.ts';
import { KIND_WORDS } from './mark-kinds.ts';
import type { Mark } from '../document/mark.ts';

const LONGEST = 40;

/** What a mark is called among the others: "Arrow 2, red"; a text with its words: "Text 1, blue: remove this pear". */
export function markName(mark: Mark, marks: readonly Mark[]): string {
  const alike = marks.filter(({ kind }) => kind === mark.kind);
  const place = alike.findIndex(({ id }) => id === mark.id);
  const number = place === -1 ? alike.length + 1 : place + 1;
  const name = `${KIND_WORDS[mark.kind]} ${number}, ${colourName(mark.colour)}`;
  if (mark.kind !== 'text') return name;
  const words = mark.text.replace(/\s+/gu, ' ').trim();
  return `${name}: ${words.length > LONGEST ? `${words.slice(0, LONGEST - 1)}…` : words}`;
}

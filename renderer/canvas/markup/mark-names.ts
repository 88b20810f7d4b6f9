import { colourName } from './mark-colours.ts';
import { KIND_LABELS } from './mark-kinds.ts';
import type { Mark } from '../document/mark.ts';

const MAX_NAME_LENGTH = 40;

/** A mark's name: "Arrow 2, red"; a text with its words: "Text 1, blue: remove this pear". */
export function markName(mark: Mark, marks: readonly Mark[]): string {
  const alike = marks.filter(({ kind }) => kind === mark.kind);
  const place = alike.findIndex(({ id }) => id === mark.id);
  const number = place === -1 ? alike.length + 1 : place + 1;
  const name = `${KIND_LABELS[mark.kind]} ${number}, ${colourName(mark.colour)}`;
  if (mark.kind !== 'text') return name;
  const words = mark.text.replace(/\s+/gu, ' ').trim();
  return `${name}: ${words.length > MAX_NAME_LENGTH ? `${words.slice(0, MAX_NAME_LENGTH - 1)}…` : words}`;
}

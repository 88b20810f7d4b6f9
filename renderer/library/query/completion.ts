import type { RangeField } from '../../../electron/contract/entities/query.ts';
import type { FacetValue } from '../../../electron/contract/entities/views.ts';
import { DAY_WORDS } from '../../../electron/contract/query/days.ts';
import { FIELDS, isRangeField, isValueField, type Field } from '../../../electron/contract/query/fields.ts';
import { printName } from '../../../electron/contract/query/print-query.ts';
import { scanQuery, type FieldToken, type WordToken } from '../../../electron/contract/query/scan.ts';
import { dateName, FIELD_NOTES, valueName } from './filter-labels.ts';

/** What can be put in place of `from`–`to` of the typed text. */
export interface Completion {
  /** What is inserted. */
  text: string;
  label: string;
  /** What it means. */
  note: string;
  /** Images that have it; null where that is unknown. */
  count: number | null;
  /** A finished filter; otherwise its value is still to be chosen. */
  complete: boolean;
  from: number;
  to: number;
}

/** The values of a field that are known, with counts where the index gave some. */
export type ValuesOf = (field: Field) => readonly (Omit<FacetValue, 'count'> & { count: number | null })[];

const MAX_VALUES = 50;
const MAX_FIELDS = 8;
/** Fields whose values a plain word is completed to. */
const NAMED: readonly Field[] = ['tag', 'in', 'model'];
/** Not written by hand: their values are ids. */
const HIDDEN: ReadonlySet<Field> = new Set(['job', 'stack', 'similar', 'near', 'prompt']);

const RANGE_EXAMPLES: Record<RangeField, readonly string[]> = {
  date: [...DAY_WORDS, '7-days', '30-days'],
  rating: ['>=4', '5', '>=3', '>=1', '0'],
  cost: ['>0.05', '<0.05', 'none'],
  width: ['>=2048', '<1024'],
  height: ['>=2048', '<1024'],
  bytes: ['>5', '<1'],
};

/** @returns what the text at the caret can be completed to; [] for nothing */
export function complete(typed: string, caret: number, valuesOf: ValuesOf): Completion[] {
  const token = scanQuery(typed).find(({ at, length }) => at < caret && caret <= at + length);
  if (!token) return [];
  return token.kind === 'field' ? completeValue(token, caret, typed, valuesOf) : completeWord(token, valuesOf);
}

function completeWord(token: WordToken, valuesOf: ValuesOf): Completion[] {
  if (token.kind !== 'word') return [];
  const word = token.text.toLowerCase();
  const sign = token.not ? '-' : '';
  const [from, to] = [token.at, token.at + token.length];
  const fields = FIELDS.filter((field) => field.startsWith(word) && !HIDDEN.has(field)).slice(0, MAX_FIELDS);
  const values = word.length < 2 ? [] : NAMED.flatMap((field) => namedValues(field, word, valuesOf));
  return [
    ...fields.map((field) => ({
      text: `${sign}${field}:`,
      label: `${sign}${field}:`,
      note: FIELD_NOTES[field],
      count: null,
      complete: false,
      from,
      to,
    })),
    ...values.map(({ field, value, count }) => ({
      text: `${sign}${field}:${printName(value)}`,
      label: `${sign}${field}:${printName(value)}`,
      note: '',
      count,
      complete: true,
      from,
      to,
    })),
  ];
}

function namedValues(field: Field, word: string, valuesOf: ValuesOf) {
  return matching(valuesOf(field), word, 4).map(({ value, count }) => ({ field, value, count }));
}

function completeValue(token: FieldToken, caret: number, typed: string, valuesOf: ValuesOf): Completion[] {
  const { field } = token;
  const value = token.values.find(({ at, length }) => at <= caret && caret <= at + length);
  const from = value?.at ?? caret;
  const to = value ? value.at + value.length : caret;
  // In front of the values, in the field's name.
  if (caret < typed.indexOf(':', token.at) + 1) return [];
  const word = (value?.text ?? '').toLowerCase();
  const base = { complete: true, from, to };
  if (isRangeField(field)) {
    return RANGE_EXAMPLES[field]
      .filter((example) => example.includes(word) && example !== word)
      .map((example) => ({ ...base, text: example, label: example, note: rangeNote(field, example), count: null }));
  }
  if (!isValueField(field)) return [];
  const others = new Set(token.values.filter((each) => each !== value).map(({ text }) => text));
  return matching(valuesOf(field), word, MAX_VALUES)
    .filter((each) => !others.has(each.value))
    .map(({ value: name, label, count }) => {
      const note = valueName(field, name, label);
      return { ...base, text: printName(name), label: name, note: note === name ? '' : note, count };
    });
}

function rangeNote(field: RangeField, example: string): string {
  if (field !== 'date') return '';
  const name = dateName(example);
  return name === example ? '' : name;
}

/** Those that begin with the word, then those that contain it. */
function matching<T extends { value: string; label: string }>(values: readonly T[], word: string, most: number): T[] {
  const starting: T[] = [];
  const containing: T[] = [];
  for (const each of values) {
    const name = each.value.toLowerCase();
    if (name.startsWith(word)) starting.push(each);
    else if (name.includes(word) || each.label.toLowerCase().includes(word)) containing.push(each);
    if (starting.length >= most) break;
  }
  return [...starting, ...containing].slice(0, most);
}

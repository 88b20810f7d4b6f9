import * as v from 'valibot';
import { ImageIdSchema } from '../entities/ids.ts';
import {
  MAX_QUERY_LENGTH,
  type Filter,
  type ParsedQuery,
  type QueryError,
  type RangeField,
  type TextTerm,
  type ValueField,
} from '../entities/query.ts';
import { closestName } from './closest-name.ts';
import { FIELDS, isRangeField, isValueField, KNOWN_VALUES, NONE, tidyValue, type Field } from './fields.ts';
import { rangeHint, readRange } from './ranges.ts';
import { scanQuery, type FieldToken, type ScannedValue, type Span, type WordToken } from './scan.ts';

/** A part of the text and what it means; neither term nor filter for what couldn't be understood. */
export interface QueryPart extends Span {
  term: TextTerm | null;
  filter: Filter | null;
}

/** More errors than this help nobody. */
const MAX_ERRORS = 20;

/** Reads a query. Never throws: what can't be understood is left out, or looked for as text, and `errors` says where. */
export function parseQuery(text: string): ParsedQuery {
  const { parts, errors } = parseParts(text);
  return {
    query: {
      text: parts.flatMap(({ term }) => (term ? [term] : [])),
      filters: parts.flatMap(({ filter }) => (filter ? [filter] : [])),
    },
    errors,
  };
}

/** The parts of a query's text, in its order, each with its place. */
export function parseParts(text: string): { parts: QueryPart[]; errors: QueryError[] } {
  const errors: QueryError[] = [];
  const report = ({ at, length }: Span, message: () => string): void => {
    if (errors.length < MAX_ERRORS) errors.push({ at, length, message: message() });
  };
  const read = text.slice(0, MAX_QUERY_LENGTH);
  if (read.length < text.length)
    report(
      { at: read.length, length: text.length - read.length },
      () => 'A search can have up to 10,000 characters. The rest is left out.',
    );
  const parts = scanQuery(read).map((token): QueryPart => {
    const { at, length } = token;
    return token.kind === 'field'
      ? { at, length, term: null, filter: readFilter(token, report) }
      : { at, length, term: readTerm(token, report), filter: null };
  });
  return { parts, errors };
}

type Report = (where: Span, message: () => string) => void;

function readTerm({ kind, text, not, unknown, at }: WordToken, report: Report): TextTerm | null {
  if (kind === 'phrase' && text.trim() === '') return null;
  if (unknown !== null)
    report({ at: at + (not ? 1 : 0), length: unknown.length }, () => {
      const similar = closestName(unknown, FIELDS);
      return `Unknown filter “${unknown}”. ${similar === null ? 'Searching for it as text.' : `Did you mean “${similar}”?`}`;
    });
  return { kind, text, not };
}

function readFilter({ field, values, not, at, length }: FieldToken, report: Report): Filter | null {
  const [first, ...rest] = values;
  if (first === undefined) {
    report({ at, length }, () => `“${field}:” needs a value.`);
    return null;
  }
  if (isValueField(field)) return readValues(field, values, not, report);
  for (const value of rest.slice(0, 1))
    report(value, () => `“${field}:” takes one ${isRangeField(field) ? 'value or range' : 'image'}.`);
  if (isRangeField(field)) return readRangeFilter(field, first, not, report);
  const image = v.safeParse(ImageIdSchema, first.text.toLowerCase());
  if (image.success) return { field, image: image.output, not };
  report(first, () => `“${field}:” needs an image’s ID.`);
  return null;
}

function readValues(field: ValueField, values: readonly ScannedValue[], not: boolean, report: Report): Filter | null {
  const known = KNOWN_VALUES[field];
  const tidied = values.flatMap((value) => {
    const tidy = tidyValue(field, value.text);
    if (!known || known.includes(tidy)) return [tidy];
    report(value, () => unknownValue(field, value.text, known));
    return [];
  });
  return tidied.length === 0 ? null : { field, values: [...new Set(tidied)], not };
}

function unknownValue(field: Field, typed: string, known: readonly string[]): string {
  const similar = closestName(typed, known);
  const hint =
    similar === null ? `Use ${known.slice(0, -1).join(', ')} or ${known.at(-1)}.` : `Did you mean “${similar}”?`;
  return `“${field}:” has no value “${typed.slice(0, 40)}”. ${hint}`;
}

function readRangeFilter(field: RangeField, value: ScannedValue, not: boolean, report: Report): Filter | null {
  if (value.text.toLowerCase() === NONE) {
    if (field === 'rating') return { field, from: '0', to: '0', not };
    // Without a known cost: not in the range of all costs.
    if (field === 'cost') return { field, from: '0', to: null, not: !not };
  }
  const range = readRange(field, value.text);
  if (range) return { field, ...range, not };
  report(value, () => rangeHint(field));
  return null;
}

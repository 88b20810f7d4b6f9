import type { Filter, Query, TextTerm } from '../entities/query.ts';

/** A query's text, words first: `parseQuery` reads the same query from it. */
export function printQuery({ text, filters }: Query): string {
  return [...text.map(printTerm), ...filters.map(printFilter)].join(' ');
}

function printTerm({ kind, text, not }: TextTerm): string {
  const sign = not ? '-' : '';
  if (kind === 'phrase') return `${sign}${quote(text)}`;
  return `${sign}${escape(text)}${kind === 'prefix' ? '*' : ''}`;
}

export function printFilter(filter: Filter): string {
  return `${filter.not ? '-' : ''}${filter.field}:${printValue(filter)}`;
}

function printValue(filter: Filter): string {
  if ('image' in filter) return filter.image;
  if ('values' in filter) return filter.values.map(printName).join(',');
  const { from, to } = filter;
  if (from !== null && to !== null) return from === to ? from : `${from}..${to}`;
  return from === null ? `<=${to ?? ''}` : `>=${from}`;
}

/** A value as it is written after a field; in quotes where it has spaces, commas, quotes or backslashes. */
export function printName(value: string): string {
  return /^[^\s,"\\]+$/u.test(value) ? value : quote(value);
}

function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/gu, String.raw`\$&`)}"`;
}

function escape(word: string): string {
  return word.replaceAll(/[\s"\\:：*]|^[-－]/gu, String.raw`\$&`);
}

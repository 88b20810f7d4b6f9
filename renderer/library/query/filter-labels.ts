import type { Filter, RangeField, RangeFilter } from '../../../electron/contract/entities/query.ts';
import type { Field } from '../../../electron/contract/query/fields.ts';
import { NONE } from '../../../electron/contract/query/fields.ts';
import { formatQuantity } from '../../shared/format/counts.ts';

/** What a filter is about, as a heading. */
export const FIELD_NAMES: Record<Field, string> = {
  model: 'Model',
  op: 'Operation',
  server: 'Profile',
  size: 'Size',
  asked: 'Requested size',
  ratio: 'Shape',
  format: 'Format',
  background: 'Background',
  quality: 'Quality',
  source: 'Source',
  tag: 'Tags',
  in: 'Collections',
  is: 'Is',
  has: 'Has',
  job: 'Job',
  stack: 'Stack',
  date: 'Date',
  cost: 'Cost',
  rating: 'Rating',
  width: 'Width',
  height: 'Height',
  bytes: 'File size',
  similar: 'Similar look',
  near: 'Near duplicates',
  prompt: 'Same prompt',
};

/** What a filter does, in a few words, for the completion list and the help. */
export const FIELD_NOTES: Record<Field, string> = {
  model: 'Model that created it',
  op: 'Create, edit or variation',
  server: 'Profile it was sent with',
  size: 'Received size, such as 1024x1024',
  asked: 'Requested size',
  ratio: 'square, landscape, portrait or 16:9',
  format: 'File format',
  background: 'Requested background',
  quality: 'Requested quality',
  source: 'Created, imported, or the program',
  tag: 'Tag, with all tags below it',
  in: 'Collection',
  is: 'favourite, rejected, rated …',
  has: 'mask, note, tag, inputs …',
  job: 'Images of a job',
  stack: 'Images of a stack',
  date: 'Day, month or year',
  cost: 'Dollars',
  rating: 'Stars, 0 to 5',
  width: 'Pixels',
  height: 'Pixels',
  bytes: 'Megabytes',
  similar: 'Looks like an image',
  near: 'Almost the same as an image',
  prompt: 'Prompt like that of an image',
};

const VALUE_NAMES: Partial<Record<Field, Readonly<Record<string, string>>>> = {
  op: { create: 'Create', edit: 'Edit', variation: 'Variation', none: 'Imported' },
  is: {
    favourite: 'Favourite',
    rejected: 'Rejected',
    rated: 'Rated',
    animated: 'Animated',
    damaged: 'Damaged',
    stacked: 'In a stack',
    uncertain: 'May have been billed',
    differs: 'Not as requested',
    imported: 'Imported',
    signed: 'Signed',
  },
  has: {
    mask: 'Mask',
    markup: 'Markup',
    inputs: 'Input images',
    children: 'Images made from it',
    alpha: 'Transparency',
    note: 'Note',
    tag: 'Tags',
    collection: 'In a collection',
    strict: 'Masked result',
    revised: 'Revised prompt',
  },
  ratio: { square: 'Square', landscape: 'Landscape', portrait: 'Portrait' },
};

const NONE_NAMES: Partial<Record<Field, string>> = {
  tag: 'No tag',
  in: 'In no collection',
  model: 'No model',
  server: 'No profile',
  quality: 'No quality requested',
  background: 'No background requested',
  asked: 'No size requested',
};

/** A value of a field as a person reads it. `label`: what the index calls it. */
export function valueName(field: Field, value: string, label: string = value): string {
  const known = VALUE_NAMES[field]?.[value];
  if (known !== undefined) return known;
  if (value === NONE) return NONE_NAMES[field] ?? 'None';
  if (field === 'size' || field === 'asked') return value.replace('x', ' × ');
  if (field === 'format') return value.toUpperCase();
  if (field === 'quality' || field === 'background') return value.slice(0, 1).toUpperCase() + value.slice(1);
  return label;
}

/** A filter in a few words, for its chip: "gpt-image-2.6", "not wip", "rating ≥ 4". */
export function filterLabel(filter: Filter): string {
  const not = filter.not ? 'not ' : '';
  if ('image' in filter) return `${not}${FIELD_NAMES[filter.field].toLowerCase()}`;
  if ('values' in filter) {
    const prefix = SELF_EXPLAINING.has(filter.field) ? '' : `${SHORT_NAMES[filter.field] ?? filter.field} `;
    return `${not}${prefix}${filter.values.map((value) => valueName(filter.field, value)).join(' or ')}`;
  }
  return rangeLabel(filter);
}

/** A filter for a screen reader: its chip's words, after its field's name where they don't have it: "model gpt-image-2.6". */
export function spokenFilter(filter: Filter): string {
  const label = filterLabel(filter);
  return SELF_EXPLAINING.has(filter.field) ? `${SHORT_NAMES[filter.field] ?? filter.field} ${label}` : label;
}

/** Their values say what they are about. */
const SELF_EXPLAINING: ReadonlySet<Field> = new Set(['model', 'op', 'size', 'format', 'is', 'ratio']);
const SHORT_NAMES: Partial<Record<Field, string>> = { op: 'operation', in: 'in', asked: 'requested', ratio: 'shape' };

function rangeLabel({ field, from, to, not }: RangeFilter): string {
  if (field === 'cost' && not && from === '0' && to === null) return 'cost unknown';
  if (field === 'rating' && from === '0' && to === '0') return not ? 'rated' : 'unrated';
  const name = `${not ? 'not ' : ''}${FIELD_NAMES[field].toLowerCase()}`;
  if (from !== null && from === to) return `${name} ${rangeValue(field, from)}`;
  if (from !== null && to !== null) return `${name} ${rangeValue(field, from)} – ${rangeValue(field, to)}`;
  return from === null ? `${name} ${upTo(field, to ?? '')}` : `${name} ${startingAt(field, from)}`;
}

/** An end that `>` or `<` left out is stored as its neighbour, a millionth away. */
function startingAt(field: RangeField, from: string): string {
  const before = field === 'cost' || field === 'bytes' ? millionthBefore(from) : null;
  return before === null
    ? `${field === 'date' ? 'from' : '≥'} ${rangeValue(field, from)}`
    : `> ${rangeValue(field, before)}`;
}

function upTo(field: RangeField, to: string): string {
  const after = field === 'cost' || field === 'bytes' ? millionthAfter(to) : null;
  return after === null
    ? `${field === 'date' ? 'until' : '≤'} ${rangeValue(field, to)}`
    : `< ${rangeValue(field, after)}`;
}

function millionthBefore(value: string): string | null {
  const millionths = Math.round(Number(value) * 1e6);
  return millionths % 100 === 1 ? String((millionths - 1) / 1e6) : null;
}

function millionthAfter(value: string): string | null {
  const millionths = Math.round(Number(value) * 1e6);
  return millionths % 100 === 99 ? String((millionths + 1) / 1e6) : null;
}

function rangeValue(field: RangeField, value: string): string {
  if (field === 'cost') return `$${value}`;
  if (field === 'bytes') return `${value} MB`;
  if (field === 'width' || field === 'height') return `${value} px`;
  return field === 'date' ? dateName(value) : value;
}

const month = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** A date or word of the query language: "Nov 2026", "last 7 days". */
export function dateName(value: string): string {
  const days = /^(\d+)-days$/u.exec(value)?.[1];
  if (days !== undefined) return `last ${formatQuantity(Number(days), 'day')}`;
  if (value.length === 7 && /^\d/u.test(value)) return month.format(Date.parse(`${value}-01T00:00:00Z`));
  if (/^\d{4}-\d\d-\d\d$/u.test(value)) return day.format(Date.parse(`${value}T00:00:00Z`));
  return value.replace('-', ' ');
}

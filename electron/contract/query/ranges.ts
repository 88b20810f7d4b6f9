import type { RangeField } from '../entities/query.ts';
import { dayBounds, neighbourDay, tidyDay } from './days.ts';

export interface Range {
  from: string | null;
  to: string | null;
}

/** Reads one value of a range as the language writes it, and finds the next one. Both return null for what the field can't have. */
interface RangeKind {
  tidy(typed: string): string | null;
  neighbour(value: string, step: 1 | -1): string | null;
  /** A sentence for a value that can't be read. */
  hint: string;
}

const MILLION = 1_000_000;

const KINDS: Record<RangeField, RangeKind> = {
  date: {
    tidy: tidyDay,
    neighbour: neighbourDay,
    hint: 'Write a date as 2026, 2026-11 or 2026-11-30, or as today, this-week or 7-days.',
  },
  rating: whole(1, 5, 'Ratings are 0 to 5.'),
  width: whole(6, 999_999, 'Write a width in pixels, such as 1024.'),
  height: whole(6, 999_999, 'Write a height in pixels, such as 1024.'),
  cost: decimal(/^\$/u, 'Write a cost in dollars, such as 0.05.'),
  bytes: decimal(/\s*mb$/iu, 'Write a file size in MB, such as 2.5.'),
};

export function rangeHint(field: RangeField): string {
  return KINDS[field].hint;
}

/**
 * `4`, `>=4`, `>4`, `<4`, `<=4`, `3..5`, `3..` or `..5`. An end that is left out by `>` or `<` becomes its neighbour: costs are whole
 * micro-dollars, dates whole days. @returns null for what can't be read
 */
export function readRange(field: RangeField, typed: string): Range | null {
  const kind = KINDS[field];
  const compared = /^(>=|<=|>|<|≥|≤|=)(.*)$/u.exec(typed);
  if (compared) return readComparison(kind, compared[1] ?? '', compared[2] ?? '');
  const dots = typed.indexOf('..');
  if (dots < 0) {
    const value = kind.tidy(typed);
    return value === null ? null : { from: value, to: value };
  }
  const [from, to] = [typed.slice(0, dots), typed.slice(dots + 2)].map((end) => (end === '' ? null : kind.tidy(end)));
  if ((from ?? null) === null && dots > 0) return null;
  if ((to ?? null) === null && dots + 2 < typed.length) return null;
  return from || to ? inOrder(field, { from: from ?? null, to: to ?? null }) : null;
}

function readComparison(kind: RangeKind, sign: string, typed: string): Range | null {
  const value = kind.tidy(typed);
  if (value === null) return null;
  if (sign === '=') return { from: value, to: value };
  const upward = sign === '>=' || sign === '≥' || sign === '>';
  const step = upward ? 1 : -1;
  const end = sign === '>' || sign === '<' ? kind.neighbour(value, step) : value;
  if (end === null) return null;
  return upward ? { from: end, to: null } : { from: null, to: end };
}

/** The smaller end first. Days that depend on today stay as they are. */
function inOrder(field: RangeField, { from, to }: Range): Range {
  if (from === null || to === null) return { from, to };
  const reversed = field === 'date' ? startsAfter(from, to) : Number(from) > Number(to);
  return reversed ? { from: to, to: from } : { from, to };
}

function startsAfter(from: string, to: string): boolean {
  const [first, last] = [from, to].map((day) => (/^\d{4}(?:-\d\d){0,2}$/u.test(day) ? dayBounds(day, day) : null));
  return first != null && last != null && first.first > last.last;
}

function whole(digits: number, most: number, hint: string): RangeKind {
  const within = (value: number): string | null => (value >= 0 && value <= most ? String(value) : null);
  return {
    tidy: (typed) => (/^\d+$/u.test(typed) && typed.length <= digits ? within(Number(typed)) : null),
    neighbour: (value, step) => within(Number(value) + step),
    hint,
  };
}

/** Up to seven digits and six decimals. */
function decimal(unit: RegExp, hint: string): RangeKind {
  return {
    tidy(typed) {
      const [, left = '', right = ''] = /^(\d{0,7})(?:\.(\d{0,6}))?$/u.exec(typed.replace(unit, '')) ?? [];
      return left + right === '' ? null : fromMillionths(Number(left || 0) * MILLION + Number(right.padEnd(6, '0')));
    },
    neighbour: (value, step) => {
      const next = Math.round(Number(value) * MILLION) + step;
      return next < 0 ? null : fromMillionths(next);
    },
    hint,
  };
}

function fromMillionths(value: number): string {
  const text = String(value).padStart(7, '0');
  return `${text.slice(0, -6)}.${text.slice(-6)}`.replace(/\.?0+$/u, '');
}

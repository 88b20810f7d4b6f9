/*
 * Days as queries name them. Words stay words in a query (`this-week`), so that a smart collection means another week next week; they are
 * resolved when a question is answered. A day is `YYYY-MM-DD` in local time; weeks start on Monday.
 */

/** First and last day, both included. */
export interface DayBounds {
  first: string;
  last: string;
}

export const DAY_WORDS = [
  'today',
  'yesterday',
  'this-week',
  'last-week',
  'this-month',
  'last-month',
  'this-year',
] as const;
type DayWord = (typeof DAY_WORDS)[number];

const DATE = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/u;
/** `7-days`: today and the six days before. */
const LAST_DAYS = /^([1-9]\d{0,3})-days$/u;
const DAY_MS = 86_400_000;

/** @returns a date or word as the language writes it; null for what is neither */
export function tidyDay(typed: string): string | null {
  const word = typed.toLowerCase();
  if (isDayWord(word) || LAST_DAYS.test(word)) return word;
  const [, year, month, day] = DATE.exec(typed) ?? [];
  if (year === undefined || year === '0000') return null;
  const parts = [year, month, day].flatMap((part) => (part === undefined ? [] : [part.padStart(2, '0')]));
  const date = parts.join('-');
  return isRealDate(date) ? date : null;
}

/** The period after (`1`) or before (`-1`) one; null for a word that has none. Dates only have the years 1 to 9999. */
export function neighbourDay(value: string, step: 1 | -1): string | null {
  if (value === 'yesterday' && step === 1) return 'today';
  if (value === 'today' && step === -1) return 'yesterday';
  const [, year, month, day] = DATE.exec(value) ?? [];
  if (year === undefined) return null;
  const next =
    day !== undefined
      ? shift(value, step)
      : month !== undefined
        ? shiftMonth(value, step)
        : String(Number(year) + step).padStart(4, '0');
  return isRealDate(next) ? next : null;
}

/** The days that a date or word covers. `today` is `YYYY-MM-DD`. Null for what `tidyDay` doesn't know. */
export function dayBounds(value: string, today: string): DayBounds | null {
  if (isDayWord(value)) return wordBounds(value, today);
  const days = LAST_DAYS.exec(value)?.[1];
  if (days !== undefined) return { first: shift(today, 1 - Number(days)), last: today };
  if (!DATE.test(value) || !isRealDate(value)) return null;
  if (value.length === 4) return { first: `${value}-01-01`, last: `${value}-12-31` };
  return value.length === 7 ? monthBounds(value) : { first: value, last: value };
}

function wordBounds(word: DayWord, today: string): DayBounds {
  switch (word) {
    case 'today':
      return { first: today, last: today };
    case 'yesterday':
      return { first: shift(today, -1), last: shift(today, -1) };
    case 'this-week':
      return weekBounds(today);
    case 'last-week':
      return weekBounds(shift(today, -7));
    case 'this-month':
      return monthBounds(today.slice(0, 7));
    case 'last-month':
      return monthBounds(shiftMonth(today.slice(0, 7), -1));
    case 'this-year':
      return { first: `${today.slice(0, 4)}-01-01`, last: `${today.slice(0, 4)}-12-31` };
  }
}

function weekBounds(day: string): DayBounds {
  const sinceMonday = (new Date(time(day)).getUTCDay() + 6) % 7;
  const first = shift(day, -sinceMonday);
  return { first, last: shift(first, 6) };
}

function monthBounds(month: string): DayBounds {
  return { first: `${month}-01`, last: shift(`${shiftMonth(month, 1)}-01`, -1) };
}

function shift(day: string, days: number): string {
  return iso(time(day) + days * DAY_MS);
}

function shiftMonth(month: string, months: number): string {
  const date = new Date(time(`${month}-01`));
  date.setUTCMonth(date.getUTCMonth() + months);
  return iso(date.getTime()).slice(0, 7);
}

/** UTC only counts days here: no time zone is involved. */
function time(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function iso(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10);
}

function isRealDate(date: string): boolean {
  if (!/^(?!0000)\d{4}(-\d\d){0,2}$/u.test(date)) return false;
  const whole = date.padEnd(10, '-01');
  return iso(time(whole)) === whole;
}

function isDayWord(word: string): word is DayWord {
  return (DAY_WORDS as readonly string[]).includes(word);
}

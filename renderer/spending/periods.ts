import type { TimeSpan } from '../../electron/contract/entities/spending.ts';

/** The unit of one bar: the chart shows a month of days, a quarter of weeks, or a year of months. */
export const SCALES = ['day', 'week', 'month'] as const;
export type Scale = (typeof SCALES)[number];

/** The time span of one bar. */
export interface Step {
  from: number;
  to: number;
  /** Below the axis, where there is room: "5", "Oct", and "5 Oct" for the first week of a month. */
  tick: string;
  /** In short: "5 Nov", "2 Nov to 8 Nov", "Nov". */
  short: string;
  /** In full: "Thursday 5 November 2026". */
  name: string;
}

/** The shown period. Days, weeks and months are in the local time zone; weeks begin on Monday. */
export interface Period {
  scale: Scale;
  span: TimeSpan;
  /** "November 2026", "Oct to Dec 2026", "2026". */
  name: string;
  /** For a sentence: "30 November", "31 December". */
  lastDay: string;
  steps: Step[];
}

const MONTHS_OF: Record<Scale, number> = { day: 1, week: 3, month: 12 };

const words = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', options);
const shortMonth = words({ month: 'short' });
const monthAndYear = words({ month: 'long', year: 'numeric' });
const dayAndMonth = words({ day: 'numeric', month: 'long' });
const shortDay = words({ day: 'numeric', month: 'short' });
const fullDay = words({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

/** The period that contains a time (ms since 1970). */
export function periodAt(scale: Scale, moment: number): Period {
  const at = new Date(moment);
  const months = MONTHS_OF[scale];
  const first = at.getMonth() - (at.getMonth() % months);
  const from = new Date(at.getFullYear(), first, 1);
  const to = new Date(at.getFullYear(), first + months, 1);
  return {
    scale,
    span: { from: from.getTime(), to: to.getTime() },
    name: nameOf(scale, from, to),
    lastDay: dayAndMonth.format(dayBefore(to)),
    steps: stepsOf(scale, from, to),
  };
}

/** The period before (-1) or after (1) another. */
export function adjacentPeriod({ scale, span }: Period, direction: -1 | 1): Period {
  return periodAt(scale, direction === 1 ? span.to : span.from - 1);
}

function nameOf(scale: Scale, from: Date, to: Date): string {
  if (scale === 'day') return monthAndYear.format(from);
  if (scale === 'month') return String(from.getFullYear());
  return `${shortMonth.format(from)} to ${shortMonth.format(dayBefore(to))} ${from.getFullYear()}`;
}

function stepsOf(scale: Scale, from: Date, to: Date): Step[] {
  const steps: Step[] = [];
  for (let at = from; at < to;) {
    const next = new Date(Math.min(after(scale, at).getTime(), to.getTime()));
    steps.push({ from: at.getTime(), to: next.getTime(), ...stepLabels(scale, at, next) });
    at = next;
  }
  return steps;
}

/** Calendar arithmetic, never hours: a day may have 23 or 25. */
function after(scale: Scale, at: Date): Date {
  const [year, monthIndex, day] = [at.getFullYear(), at.getMonth(), at.getDate()];
  if (scale === 'month') return new Date(year, monthIndex + 1, 1);
  const mondayIs = 1;
  const days = scale === 'day' ? 1 : 7 - ((at.getDay() + 7 - mondayIs) % 7);
  return new Date(year, monthIndex, day + days);
}

function stepLabels(scale: Scale, at: Date, next: Date): Pick<Step, 'tick' | 'short' | 'name'> {
  const from = shortDay.format(at);
  if (scale === 'day') return { tick: String(at.getDate()), short: from, name: fullDay.format(at).replace(',', '') };
  if (scale === 'month')
    return { tick: shortMonth.format(at), short: shortMonth.format(at), name: monthAndYear.format(at) };
  const last = dayBefore(next);
  const isFirst = at.getDate() <= 7;
  return {
    tick: isFirst ? from : String(at.getDate()),
    short: `${from} to ${shortDay.format(last)}`,
    name: `${dayAndMonth.format(at)} to ${dayAndMonth.format(last)}`,
  };
}

function dayBefore(date: Date): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - 1);
}

import type { Micros } from '../../electron/contract/entities/money.ts';
import type { Spending } from '../../electron/contract/entities/spending.ts';
import type { Period, Step } from './periods.ts';

/** Number of models with their own shade; the rest share one. */
const DISTINCT_SHADES = 2;
const OTHERS = 'others';

export interface Bar extends Step {
  total: Micros;
  /** Cost of each series, in the order of the series; micro-dollars. */
  parts: Micros[];
  /** Whether the bar contains the current time. */
  isNow: boolean;
}

/** The chart's data, independent of its size in pixels. */
export interface Chart {
  /** Names, highest cost first. */
  series: string[];
  bars: Bar[];
  /** Lines of the axis, from 0 to at least the highest bar. */
  lines: Micros[];
}

/** Builds the chart's data from spending. */
export function chartOf(spending: Pick<Spending, 'bars' | 'models'>, period: Period, now: number): Chart {
  const paid = spending.models.filter(({ cost }) => cost > 0).map(({ name }) => name);
  const own = paid.slice(0, paid.length === DISTINCT_SHADES + 1 ? DISTINCT_SHADES + 1 : DISTINCT_SHADES);
  const series = paid.length > own.length ? [...own, OTHERS] : own;
  const bars = period.steps.map((step): Bar => {
    const costs = spending.bars.filter(({ at }) => at >= step.from && at < step.to);
    const parts = series.map(() => 0);
    for (const { model, cost } of costs) {
      const place = own.includes(model) ? own.indexOf(model) : series.length - 1;
      parts[place] = (parts[place] ?? 0) + cost;
    }
    const total = costs.reduce((sum, { cost }) => sum + cost, 0);
    return { ...step, total, parts, isNow: step.from <= now && now < step.to };
  });
  return { series, bars, lines: axisLines(Math.max(0, ...bars.map(({ total }) => total))) };
}

const CENT = 10_000;

/** Three to five lines at round amounts, the last at or above the highest; never finer than a cent. */
export function axisLines(highest: Micros): Micros[] {
  const rough = Math.max(highest / 4, CENT);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10) * power;
  const count = Math.max(2, Math.ceil(highest / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) => Math.round(index * step));
}

/** Which bars get a tick label: no more than fit, always the current one. */
export function hasTick(bars: readonly Bar[], index: number): boolean {
  const bar = bars[index];
  if (!bar) return false;
  if (bar.isNow || bars.length <= 14) return true;
  const beside = bars[index - 1]?.isNow || bars[index + 1]?.isNow;
  return !beside && (index === 0 || (index + 1) % 5 === 0);
}

/**
 * Projected total at the end of a period at the current pace, in micro-dollars; null if the period is not the
 * current one, or too little of it has passed.
 */
export function projectedTotal(total: Micros, { from, to }: { from: number; to: number }, now: number): Micros | null {
  const share = (now - from) / (to - from);
  return share >= 1 || share < 0.02 ? null : Math.round(total / share);
}

import type { Random } from './random.ts';

const DAY_MS = 86_400_000;
const MONTHS = 36;
/** Months without any image. */
const EMPTY_MONTHS = 5;
/** How much more the last month has than an average one. */
const LAST_MONTH = 6;

/** A day on which images were made. */
export interface WorkDay {
  /** Start and end of the day's work, ms since 1970. */
  from: number;
  to: number;
  images: number;
}

/** Days over three years that end before `until`, oldest first, with `count` images in all: months of very different sizes, some empty, the last one heavy. */
export function planDays(count: number, until: number, random: Random): WorkDay[] {
  const weights = monthWeights(random);
  const days: { from: number; weight: number }[] = [];
  const lastDay = Math.floor(until / DAY_MS) - 1;
  const firstMonth = new Date(lastDay * DAY_MS);
  for (const [index, weight] of weights.entries()) {
    const start = Date.UTC(firstMonth.getUTCFullYear(), firstMonth.getUTCMonth() - MONTHS + 1 + index, 1);
    const end = Date.UTC(firstMonth.getUTCFullYear(), firstMonth.getUTCMonth() - MONTHS + 2 + index, 1);
    for (let from = start; from < Math.min(end, (lastDay + 1) * DAY_MS); from += DAY_MS)
      days.push({ from, weight: weight * dayWeight(from, random) });
  }
  return shareOut(days, count, random);
}

function monthWeights(random: Random): number[] {
  const weights = Array.from({ length: MONTHS }, (_, index) => (0.3 + random.next() ** 2 * 2) * (1 + index / MONTHS));
  for (let empty = 0; empty < EMPTY_MONTHS; empty += 1) weights[1 + random.below(MONTHS - 2)] = 0;
  weights[MONTHS - 1] = LAST_MONTH;
  return weights;
}

function dayWeight(from: number, random: Random): number {
  const weekday = new Date(from).getUTCDay();
  const free = weekday === 0 || weekday === 6 ? 0.7 : 0.2;
  return random.chance(free) ? 0 : 0.2 + random.next() ** 3 * 3;
}

function shareOut(days: readonly { from: number; weight: number }[], count: number, random: Random): WorkDay[] {
  const whole = days.reduce((sum, { weight }) => sum + weight, 0);
  const planned: WorkDay[] = [];
  let [seen, shared] = [0, 0];
  for (const { from, weight } of days) {
    seen += weight;
    const images = Math.round((count * seen) / whole) - shared;
    if (images <= 0) continue;
    shared += images;
    const hour = 7 + random.below(6);
    planned.push({ from: from + hour * 3_600_000, to: from + (hour + 4 + random.below(7)) * 3_600_000, images });
  }
  return planned;
}

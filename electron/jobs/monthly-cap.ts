import type { Timestamp } from '../contract/entities/ids.ts';
import { StudioError } from '../contract/errors/errors.ts';
import type { Micros, MicrosRange } from '../contract/entities/money.ts';
import type { MonthlyCap } from '../contract/entities/settings.ts';
import type { TimeSpan } from '../contract/entities/spending.ts';

/** The month's budget at the time of a request, in micros. */
interface MonthlyBudget {
  cap: Micros;
  /** Known costs of this month. */
  spent: Micros;
  /** Highest estimates of running and queued requests. */
  reserved: Micros;
}

/** The calendar month of a time, in this computer's time zone. */
export function calendarMonth(at: Timestamp): TimeSpan {
  const day = new Date(at);
  const from = new Date(day.getFullYear(), day.getMonth(), 1);
  return { from: from.getTime(), to: new Date(day.getFullYear(), day.getMonth() + 1, 1).getTime() };
}

/**
 * Checks that a request cannot exceed the monthly cap, by its highest estimate. A request of unknown cost always could.
 * @param estimate in micros; null: unknown
 * @throws StudioError `cap-reached`; nothing was sent
 */
function checkMonthlyCap(estimate: MicrosRange | null, { cap, spent, reserved }: MonthlyBudget): void {
  const left = cap - spent - reserved;
  if (estimate && estimate.max <= Math.max(left, 0)) return;
  const detail = { kind: 'cap-reached', cap, left, pending: reserved, cost: estimate?.max ?? null } as const;
  throw new StudioError({ code: 'cap-reached', detail });
}

/** What a request is checked against: the cap, what was spent in a time span, and what is reserved. */
interface CapFacts {
  cap: MonthlyCap;
  spentBetween(month: TimeSpan): Micros;
  reserved: Micros;
}

/**
 * Checks a request against the cap of the current month.
 * @param estimate in micros; null: unknown
 * @throws StudioError `cap-reached`; nothing was sent
 */
export function checkCapNow(estimate: MicrosRange | null, { cap, spentBetween, reserved }: CapFacts): void {
  if (cap === null || estimate?.max === 0) return;
  if (cap === 'unknown') throw unknownCap(estimate);
  checkMonthlyCap(estimate, { cap, spent: spentBetween(calendarMonth(Date.now())), reserved });
}

/**
 * A request that waited into another month is paid in that month, so it is checked again before it is sent. What the person confirmed was
 * about the month before.
 * @param reserved highest estimates of the requests that run; those that wait are checked in their turn
 * @throws StudioError `cap-reached`; nothing was sent
 */
export function checkCapOfNewMonth(estimate: MicrosRange | null, createdAt: Timestamp, facts: CapFacts): void {
  if (Date.now() >= calendarMonth(createdAt).to) checkCapNow(estimate, facts);
}

/** The refusal of a request that costs something while the stored cap is unknown; the person can confirm it. */
function unknownCap(estimate: MicrosRange | null): StudioError {
  return new StudioError({ code: 'cap-reached', detail: { kind: 'cap-unknown', cost: estimate?.max ?? null } });
}

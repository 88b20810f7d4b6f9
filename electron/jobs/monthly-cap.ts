import type { Timestamp } from '../contract/entities/ids.ts';
import { StudioError } from '../contract/errors/errors.ts';
import type { Micros, MicrosRange } from '../contract/entities/money.ts';
import type { TimeSpan } from '../contract/entities/spending.ts';

/** The month's budget at the time of a request, in micros. */
export interface MonthlyBudget {
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
export function checkMonthlyCap(estimate: MicrosRange | null, { cap, spent, reserved }: MonthlyBudget): void {
  const left = cap - spent - reserved;
  if (estimate && estimate.max <= Math.max(left, 0)) return;
  const detail = { kind: 'cap-reached', cap, left, pending: reserved, cost: estimate?.max ?? null } as const;
  throw new StudioError({ code: 'cap-reached', detail });
}

/** The refusal of a request that costs something while the stored cap is unknown; the person can confirm it. */
export function unknownCap(estimate: MicrosRange | null): StudioError {
  return new StudioError({ code: 'cap-reached', detail: { kind: 'cap-unknown', cost: estimate?.max ?? null } });
}

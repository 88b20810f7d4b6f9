import type { Timestamp } from '../contract/entities/ids.ts';
import { StudioError } from '../contract/errors/errors.ts';
import type { Micros, MicrosRange } from '../contract/entities/money.ts';
import type { TimeSpan } from '../contract/entities/spending.ts';

/** How the month stands when something is asked for. */
export interface MonthlyBudget {
  cap: Micros;
  /** Certain costs of this month. */
  spent: Micros;
  /** The most that is on its way or waits. */
  reserved: Micros;
}

/** The calendar month of a moment, in this computer's time zone. */
export function calendarMonth(at: Timestamp): TimeSpan {
  const day = new Date(at);
  const from = new Date(day.getFullYear(), day.getMonth(), 1);
  return { from: from.getTime(), to: new Date(day.getFullYear(), day.getMonth() + 1, 1).getTime() };
}

/**
 * Refuses what could cross the month's cap. What a request costs is taken as its most; one whose cost nobody can reckon could always
 * cross it.
 * @param estimate null: not known
 * @throws StudioError `cap-reached`; nothing was sent
 */
export function checkMonthlyCap(estimate: MicrosRange | null, { cap, spent, reserved }: MonthlyBudget): void {
  const left = cap - spent - reserved;
  if (estimate && estimate.max <= Math.max(left, 0)) return;
  const detail = { kind: 'cap-reached', cap, left, pending: reserved, cost: estimate?.max ?? null } as const;
  throw new StudioError({ code: 'cap-reached', detail });
}

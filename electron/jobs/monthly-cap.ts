import type { Timestamp } from '../contract/entities/ids.ts';
import { StudioError } from '../contract/errors/errors.ts';
import { MICROS_PER_DOLLAR, type Micros, type MicrosRange } from '../contract/entities/money.ts';
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
  const costs = estimate
    ? `This costs at most ${dollars(Math.ceil(estimate.max / CENT) * CENT)}.`
    : 'What this costs is not known: give its model a price under Spending, or say in Settings that nothing is billed there.';
  const waiting = reserved > 0 ? `, with ${dollars(Math.ceil(reserved / CENT) * CENT)} for what is under way` : '';
  const month =
    left > 0
      ? `you have ${dollars(Math.floor(left / CENT) * CENT)} left this month${waiting}`
      : `nothing is left of it this month${waiting}`;
  const message = `This can go over your cap of ${dollars(cap)}: ${month}. ${costs} Costs that are not certain are not counted. Nothing was sent. Send it anyway, or change the cap under Spending.`;
  throw new StudioError({ code: 'cap-reached', message });
}

const CENT = MICROS_PER_DOLLAR / 100;
const words = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });

function dollars(micros: Micros): string {
  return words.format(micros / MICROS_PER_DOLLAR);
}

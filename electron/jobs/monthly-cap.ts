import type { Timestamp } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { MICROS_PER_DOLLAR, type Micros, type MicrosRange } from '../contract/entities/money.ts';
import type { Span } from '../contract/entities/spending.ts';

/** How the month stands when something is asked for. */
export interface MonthsMoney {
  cap: Micros;
  /** Certain costs of this month. */
  spent: Micros;
  /** The most that is on its way or waits. */
  atStake: Micros;
}

/** The calendar month of a moment, in this computer's time zone. */
export function monthOf(at: Timestamp): Span {
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
export function checkCap(estimate: MicrosRange | null, { cap, spent, atStake }: MonthsMoney): void {
  const left = cap - spent - atStake;
  if (estimate && estimate.most <= Math.max(left, 0)) return;
  const costs = estimate
    ? `This costs at most ${dollars(Math.ceil(estimate.most / CENT) * CENT)}.`
    : 'What this costs is not known: give its model a price under Spending, or say in Settings that nothing is billed there.';
  const waiting = atStake > 0 ? `, with ${dollars(Math.ceil(atStake / CENT) * CENT)} for what is under way` : '';
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

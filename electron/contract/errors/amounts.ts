/** A duration in words, rounded up: "20 seconds", "6 minutes", "3 hours", "4 days". */
export function formatWait(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 120) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.ceil(minutes / 60);
  return hours < 72 ? `${hours} hours` : `${Math.ceil(hours / 24)} days`;
}

/** "in 20 seconds", after "Retry". @param otherwise the words for an unknown wait */
export function whenToRetry(waitMs: number | null, otherwise: string): string {
  return waitMs === null ? otherwise : `in ${formatWait(waitMs)}`;
}

const MEGABYTE = 1_000_000;

/** Whole megabytes; rounded so that room is never overstated and a need never understated. */
export function megabytes(bytes: number, round: 'up' | 'down'): string {
  const whole = round === 'up' ? Math.ceil(bytes / MEGABYTE) : Math.floor(bytes / MEGABYTE);
  return `${whole.toLocaleString('en')} MB`;
}

const MICROS_PER_CENT = 10_000;
const currency = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });

/** Whole cents; rounded so that a remainder is never overstated and a cost never understated. */
export function dollars(micros: number, round: 'up' | 'down' | 'nearest' = 'nearest'): string {
  const cents = micros / MICROS_PER_CENT;
  const whole = round === 'up' ? Math.ceil(cents) : round === 'down' ? Math.floor(cents) : Math.round(cents);
  return currency.format(whole / 100);
}

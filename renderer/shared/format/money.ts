const MICROS = 1_000_000;
const CENT = 10_000;
/** From here on amounts are shown in cents: a tenth of a cent no longer matters, and $0.9995 would round to $1.000. */
const DOLLAR = MICROS - 500;

const whole = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const fine = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', minimumFractionDigits: 3 });

/**
 * Micro-dollars as dollars: "$18.42". Below a dollar always three decimals ("$0.192", "$0.200"), so that amounts in a column align;
 * "under $0.001", "$0".
 */
export function formatMicros(micros: number): string {
  if (micros === 0) return '$0';
  if (micros > 0 && micros < MICROS / 1000) return 'under $0.001';
  return (Math.abs(micros) < DOLLAR ? fine : whole).format(micros / MICROS);
}

/** An amount that a person has entered, without trailing zeros: "$40", "$12.50", "$0.05". */
export function formatMicrosShort(micros: number): string {
  return micros % CENT === 0 ? whole.format(micros / MICROS).replace(/\.00$/u, '') : formatMicros(micros);
}

/** An upper bound: "≤ $0.61"; "unknown" for null. */
export function formatAtMost(micros: number | null): string {
  return micros === null ? 'unknown' : `≤ ${formatMicros(micros)}`;
}

/** What several images cost together: "$2.31", "≥ $2.31" where some costs aren't known; '' where none is, or what is known is next to nothing. */
export function formatKnownCost({ micros, unknown }: { micros: number; unknown: number }): string {
  if (unknown > 0) return micros >= MICROS / 1000 ? `≥ ${formatMicros(micros)}` : '';
  return formatMicros(micros);
}

/** A range of micro-dollars with equal decimals: "$0.041" if both ends are equal, else "$0.040–0.083" or "$0.38–1.04". */
export function formatMicrosRange({ min, max }: { min: number; max: number }): string {
  const [from, to] = [max < DOLLAR ? formatMicros(min) : whole.format(min / MICROS), formatMicros(max)];
  if (from === to) return to;
  const nothing = max < DOLLAR ? MICROS / 1000 : CENT / 2;
  return min < nothing ? formatAtMost(max) : `${from}–${to.replace('$', '')}`;
}

/** Parses dollars as typed ("$40", "40.50", "1,200") into micro-dollars; null if it isn't an amount. */
export function parseDollars(text: string): number | null {
  const plain = text
    .trim()
    .replace(/^\$\s*/u, '')
    .replace(/,(?=\d{3}(?:\D|$))/gu, '');
  if (!/^(?:\d+(?:\.\d*)?|\.\d+)$/u.test(plain)) return null;
  const micros = Math.round(Number(plain) * MICROS);
  return Number.isSafeInteger(micros) ? micros : null;
}

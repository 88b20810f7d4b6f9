const MICROS = 1_000_000;
const CENT = 10_000;
/** From here on the tenth of a cent says nothing, and rounding it would make a dollar of it anyway. */
const DOLLAR = MICROS - 500;

const whole = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const fine = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', minimumFractionDigits: 3 });

/**
 * Micro-dollars as dollars: "$18.42", below a dollar always to the tenth of a cent, "$0.192" and "$0.200", so that amounts beside each
 * other are of one grain; "under $0.001", "$0".
 */
export function formatMicros(micros: number): string {
  if (micros === 0) return '$0';
  if (micros > 0 && micros < MICROS / 1000) return 'under $0.001';
  return (Math.abs(micros) < DOLLAR ? fine : whole).format(micros / MICROS);
}

/** An amount that a person has chosen, without the digits that say nothing: "$40", "$12.50", "$0.05". */
export function formatMicrosShort(micros: number): string {
  return micros % CENT === 0 ? whole.format(micros / MICROS).replace(/\.00$/u, '') : formatMicros(micros);
}

/** An amount that is not certain and at most this: "≤ $0.61"; "unknown" where nothing is known. */
export function formatAtMost(micros: number | null): string {
  return micros === null ? 'unknown' : `≤ ${formatMicros(micros)}`;
}

/** A range of micro-dollars, both ends of one grain: "$0.041", or "$0.040–0.083", "$0.38–1.04" where it is not certain. */
export function formatMicrosRange({ min, max }: { min: number; max: number }): string {
  const [from, to] = [max < DOLLAR ? formatMicros(min) : whole.format(min / MICROS), formatMicros(max)];
  if (from === to) return to;
  const nothing = max < DOLLAR ? MICROS / 1000 : CENT / 2;
  return min < nothing ? formatAtMost(max) : `${from}–${to.replace('$', '')}`;
}

/** Dollars as a person types them, "$40", "40.50" or "1,200", in micro-dollars; null where it is no amount. */
export function parseDollars(text: string): number | null {
  const plain = text
    .trim()
    .replace(/^\$\s*/u, '')
    .replace(/,(?=\d{3}(?:\D|$))/gu, '');
  if (!/^(?:\d+(?:\.\d*)?|\.\d+)$/u.test(plain)) return null;
  const micros = Math.round(Number(plain) * MICROS);
  return Number.isSafeInteger(micros) ? micros : null;
}

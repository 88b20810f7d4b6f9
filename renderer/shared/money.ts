const MICROS = 1_000_000;
const CENT = 10_000;
/** Below this an amount is written to the tenth of a cent. */
const DOLLAR = MICROS;

const whole = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', minimumFractionDigits: 2 });
const fine = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', minimumFractionDigits: 3 });

/**
 * Micro-dollars as dollars: "$18.42", below a dollar to the tenth of a cent, "$0.192", "under $0.001", "$0". A whole number of cents
 * is written in cents: "$0.20".
 */
export function formatMicros(micros: number): string {
  if (micros === 0) return '$0';
  if (micros > 0 && micros < MICROS / 1000) return 'under $0.001';
  const isFine = Math.abs(micros) < DOLLAR - 500 && Math.round(micros / 1000) % (CENT / 1000) !== 0;
  return (isFine ? fine : whole).format(micros / MICROS);
}

/** The same, always to the tenth of a cent below a dollar, for amounts that stand below each other: "$0.120". */
export function formatFineMicros(micros: number): string {
  return micros >= MICROS / 1000 && micros < DOLLAR - 500 ? fine.format(micros / MICROS) : formatMicros(micros);
}

/** The same without cents where there are none: "$40", "$12.50". */
export function formatRoundMicros(micros: number): string {
  return formatMicros(micros).replace(/\.00$/u, '');
}

/** An amount that is not certain and at most this: "≤ $0.61"; "unknown" where nothing is known. */
export function formatAtMost(micros: number | null): string {
  return micros === null ? 'unknown' : `≤ ${formatMicros(micros)}`;
}

/** A range of micro-dollars: "$0.041", or "$0.041–0.083" where it is not certain. */
export function formatMicrosRange({ least, most }: { least: number; most: number }): string {
  const [from, to] = [formatMicros(least), formatMicros(most)];
  if (from === to) return to;
  if (least < MICROS / 1000) return formatAtMost(most);
  return `${from}–${to.replace('$', '')}`;
}

/** Dollars as a person types them, "$40", "40.50" or "1,200", in micro-dollars; null where it is no amount. */
export function readDollars(text: string): number | null {
  const plain = text
    .trim()
    .replace(/^\$\s*/u, '')
    .replace(/,(?=\d{3}(?:\D|$))/gu, '');
  if (!/^(?:\d+(?:\.\d*)?|\.\d+)$/u.test(plain)) return null;
  const micros = Math.round(Number(plain) * MICROS);
  return Number.isSafeInteger(micros) ? micros : null;
}

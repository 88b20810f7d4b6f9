/** One figure of a benchmark, against its bar. */
export interface Figure {
  bench: string;
  figure: string;
  value: number;
  unit: string;
  /** The least that is accepted. Null: there is none, the value is for information. */
  bar: number | null;
  /** Which side of the bar is good. */
  best: 'least' | 'most';
}

/** Prints a figure as one line of JSON on stdout, which carries nothing else. */
export function report({ bench, figure, value, unit, bar, best }: Figure): void {
  const ok = bar === null || (best === 'least' ? value <= bar : value >= bar);
  process.stdout.write(`${JSON.stringify({ bench, figure, value: Math.round(value * 100) / 100, unit, bar, ok })}\n`);
  if (!ok) process.exitCode = 1;
}

/** Says on stderr how far a benchmark is. */
export function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The middle of the values; the mean of the two middle ones when their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * The bucket that typed text means, as the beginning of its key: `2026`, `2026-03` or `2026-03-14`. "2026-03", "2026/3", "mar 2026",
 * "March", "3.2026", each also after the J that starts typing. Null while it can't be a date yet.
 * @param years years that exist, newest first; "mar" alone means the newest one
 */
export function dateKey(typed: string, years: readonly string[]): string | null {
  const text = typed
    .trim()
    .toLowerCase()
    .replace(/^j(?![au])\s*/u, '');
  const year = /\b(\d{4})\b/u.exec(text)?.[1] ?? null;
  const name = /[a-z]{3,}/u.exec(text)?.[0];
  if (name !== undefined) {
    const month = MONTHS.indexOf(name.slice(0, 3));
    const of = year ?? years[0];
    return month < 0 || of === undefined ? null : `${of}-${two(month + 1)}`;
  }
  if (year === null) return null;
  const [month, day] =
    text
      .replace(year, ' ')
      .match(/\d{1,2}/gu)
      ?.map(Number) ?? [];
  if (month === undefined || month < 1 || month > 12) return year;
  return day === undefined || day < 1 || day > 31 ? `${year}-${two(month)}` : `${year}-${two(month)}-${two(day)}`;
}

const two = (part: number): string => String(part).padStart(2, '0');

/** The first position of the bucket with a key, or of the nearest one to it in time. Null without dated buckets. */
export function positionOfDate(buckets: readonly { key: string; first: number }[], key: string): number | null {
  const exact = buckets.find((bucket) => bucket.key.startsWith(key));
  if (exact) return exact.first;
  const dated = buckets.filter((bucket) => /^\d{4}-\d\d/u.test(bucket.key));
  const [begin, end] = [dated.at(0)?.key, dated.at(-1)?.key];
  if (begin === undefined || end === undefined) return null;
  const isPast = begin > end ? (other: string) => other < key : (other: string) => other > key;
  return (dated.find((bucket) => isPast(bucket.key)) ?? dated.at(-1))?.first ?? null;
}

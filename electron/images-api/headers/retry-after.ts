import { header, type ResponseHeaders } from './response-headers.ts';

/** One year in milliseconds. Also keeps the value finite, so that it can be stored. */
const MAX_WAIT_MS = 365 * 86_400_000;

/**
 * Milliseconds to wait before a retry: from `retry-after-ms`, else `retry-after` (seconds or a date), else the longest
 * `x-ratelimit-reset-…` (`1s`, `6m0s`, `20ms`, or seconds); at most a year. Undefined without such a header.
 * @param now Unix time in milliseconds, for dates
 */
export function readRetryAfter(headers: ResponseHeaders, now: number): number | undefined {
  const wait = parseWait(headers, now);
  return wait === undefined ? undefined : Math.min(wait, MAX_WAIT_MS);
}

function parseWait(headers: ResponseHeaders, now: number): number | undefined {
  const milliseconds = readNumber(header(headers, 'retry-after-ms'));
  if (milliseconds !== undefined) return milliseconds;
  const after = header(headers, 'retry-after');
  if (after !== null) {
    const seconds = readNumber(after);
    if (seconds !== undefined) return seconds * 1000;
    const date = Date.parse(after);
    if (!Number.isNaN(date)) return Math.max(0, date - now);
  }
  const resets = Object.keys(headers)
    .filter((name) => name.startsWith('x-ratelimit-reset'))
    .map((name) => readDuration(header(headers, name) ?? ''))
    .filter((reset) => reset !== undefined);
  return resets.length > 0 ? Math.max(...resets) : undefined;
}

function readNumber(text: string | null): number | undefined {
  return text !== null && /^\s*\d+(\.\d+)?\s*$/u.test(text) ? Number(text) : undefined;
}

const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Milliseconds of `1s`, `6m0s`, `20ms` or a number of seconds; undefined for anything else. */
export function readDuration(text: string): number | undefined {
  const seconds = readNumber(text);
  if (seconds !== undefined) return seconds * 1000;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/u.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/gu);
  return [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0);
}

import { header, type ResponseHeaders } from './response-headers.ts';
import { readWait } from './wait-text.ts';

/** A century in milliseconds. Keeps the value finite, so that it can be stored. */
const MAX_WAIT_MS = 100 * 365 * 86_400_000;
/** Longest wait that is followed without asking, in milliseconds. */
export const MAX_RETRY_WAIT_MS = 6 * 3_600_000;
/** A moment that has passed for longer is no rounding and no delay on the way, in milliseconds. */
const MAX_PAST_MS = 60_000;

/**
 * Milliseconds to wait before a retry: from `retry-after-ms`, else `retry-after`, else the longest reset of an exhausted limit
 * (`x-ratelimit-reset-…`, `ratelimit-reset`, `ratelimit`). Each may be a duration, a date or a Unix time. Negative for a time in the past,
 * undefined without such a header.
 * @param now Unix time in milliseconds, used for dates where the response has no `date` of its own
 */
export function readRetryAfter(headers: ResponseHeaders, now: number): number | undefined {
  const wait = parseWait(headers, serverTime(headers, now));
  return wait === undefined ? undefined : Math.max(-MAX_WAIT_MS, Math.min(wait, MAX_WAIT_MS));
}

/** Whether a wait in milliseconds may be followed: not for many hours, and not until a moment in the past. */
export function isPlausibleWait(wait: number): boolean {
  return wait >= -MAX_PAST_MS && wait <= MAX_RETRY_WAIT_MS;
}

/** The server's time when it responded: its clock and ours may differ by hours. */
export function serverTime(headers: ResponseHeaders, now: number): number {
  const date = Date.parse(header(headers, 'date') ?? '');
  return Number.isNaN(date) ? now : date;
}

function parseWait(headers: ResponseHeaders, now: number): number | undefined {
  const milliseconds = header(headers, 'retry-after-ms')?.trim() ?? '';
  if (/^\d+(?:\.\d+)?$/u.test(milliseconds)) return Number(milliseconds);
  return readWait(header(headers, 'retry-after'), now) ?? readResets(headers, now);
}

const RESET = /^(?:x-)?rate-?limit-reset(.*)$/u;

function readResets(headers: ResponseHeaders, now: number): number | undefined {
  const resets = Object.keys(headers).flatMap((name) => {
    const kind = RESET.exec(name)?.[1];
    const text = header(headers, name);
    const isMilliseconds = kind?.endsWith('-ms') === true && /^\d{1,8}$/u.test(text ?? '');
    const wait = kind === undefined ? undefined : isMilliseconds ? Number(text) : readWait(text, now);
    if (wait === undefined) return [];
    const left = [`x-ratelimit-remaining${kind}`, `ratelimit-remaining${kind}`].map((each) => header(headers, each));
    return [{ wait, exhausted: left.some((count) => count !== null && Number(count) === 0) }];
  });
  // The draft of the IETF's working group: `limit=5, remaining=0, reset=8`, or `"default";r=0;t=8`.
  const combined =
    /(?:^|[\s,;])(?:reset|t)\s*=\s*"?([^\s,;"]+)/iu.exec(header(headers, 'ratelimit') ?? '')?.[1] ?? null;
  const own = readWait(combined, now);
  if (own !== undefined) resets.push({ wait: own, exhausted: false });
  const exhausted = resets.filter((reset) => reset.exhausted);
  const waits = (exhausted.length > 0 ? exhausted : resets).map(({ wait }) => wait);
  const plausible = waits.filter((wait) => isPlausibleWait(wait));
  return waits.length === 0 ? undefined : Math.max(...(plausible.length > 0 ? plausible : waits));
}

import { header, type ResponseHeaders } from './response-headers.ts';
import { serverTime } from './retry-after.ts';
import { readWait } from './wait-text.ts';

/** The account's remaining quota of requests or images, whichever is lower, and when it resets. */
export interface RateLimit {
  /** Null when the server sends only the reset time. */
  remaining: number | null;
  /** Milliseconds from the response's arrival; null when not sent. */
  resetMs: number | null;
}

/** Tokens are ignored: the number that an image needs is not known in advance. */
const KINDS = ['requests', 'images'];

/**
 * Reads `x-ratelimit-remaining-…` and `x-ratelimit-reset-…` of requests and images; null when there are none.
 * @param now Unix time in milliseconds
 */
export function readRateLimit(headers: ResponseHeaders, now: number): RateLimit | null {
  const limits = KINDS.map((kind): RateLimit => {
    const left = header(headers, `x-ratelimit-remaining-${kind}`);
    const remaining = left !== null && /^\s*\d+\s*$/u.test(left) ? Number(left) : null;
    const resetMs = readWait(header(headers, `x-ratelimit-reset-${kind}`), serverTime(headers, now)) ?? null;
    return { remaining, resetMs };
  }).filter(({ remaining, resetMs }) => remaining !== null || resetMs !== null);
  const scarcest = (one: RateLimit, other: RateLimit): RateLimit =>
    (other.remaining ?? Infinity) < (one.remaining ?? Infinity) ? other : one;
  return limits.length === 0 ? null : limits.reduce(scarcest);
}

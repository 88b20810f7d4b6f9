import { header, type ResponseHeaders } from './response-headers.ts';
import { readDuration } from './retry-after.ts';

/** What a server says is left for this account: of requests or of images, whichever is scarcer, and when that is filled again. */
export interface RateLimit {
  /** Null where the server only says when. */
  remaining: number | null;
  /** Milliseconds from the answer's arrival. */
  resetMs: number | null;
}

/** Tokens are left out: how many an image will take nobody knows beforehand. */
const KINDS = ['requests', 'images'];

/** Reads `x-ratelimit-remaining-…` and `x-ratelimit-reset-…` of requests and images; null where there are none. */
export function readRateLimit(headers: ResponseHeaders): RateLimit | null {
  const limits = KINDS.map((kind): RateLimit => {
    const left = header(headers, `x-ratelimit-remaining-${kind}`);
    const remaining = left !== null && /^\s*\d+\s*$/u.test(left) ? Number(left) : null;
    return { remaining, resetMs: readDuration(header(headers, `x-ratelimit-reset-${kind}`) ?? '') ?? null };
  }).filter(({ remaining, resetMs }) => remaining !== null || resetMs !== null);
  const scarcest = (one: RateLimit, other: RateLimit): RateLimit =>
    (other.remaining ?? Infinity) < (one.remaining ?? Infinity) ? other : one;
  return limits.length === 0 ? null : limits.reduce(scarcest);
}

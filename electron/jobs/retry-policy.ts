import type { ErrorReport } from '../contract/errors/errors.ts';
import { formatWait } from '../images-api/headers/retry-after.ts';

/** How often one request is sent at most: each time but the last it was refused before processing. */
const MAX_ATTEMPTS = 10;
/** The longest time that a request waits because a server asked for it, in milliseconds. */
export const MAX_RETRY_WAIT_MS = 6 * 60 * 60 * 1000;
/** The shortest, whatever the server says: one that says 0 would be asked ten times in a moment. */
const MIN_RETRY_WAIT_MS = 1000;
/** Where a server says no time: this long, and twice as long each time. Milliseconds. */
const INITIAL_BACKOFF_MS = 5000;
const MAX_BACKOFF_MS = 5 * 60 * 1000;

/**
 * Whether a server refused a request before it did anything with it, because of too many at once: the only end after which a request
 * goes out again by itself. An account without credit is not that, and neither is an error that came after the server had begun.
 */
export function isRetryable({ code, billing, server }: ErrorReport): boolean {
  return code === 'rate-limited' && billing === 'none' && server?.status === 429;
}

/**
 * How long to wait after such a refusal: as long as the server says, whole.
 * @param tries how often the request has been sent
 * @returns the milliseconds, or the error to end with; `unsent`: the error for what waits behind it and was not sent at all
 */
export function nextAttempt(
  error: ErrorReport,
  tries: number,
): { wait: number } | { given: ErrorReport; unsent: ErrorReport | null } {
  const asked = error.server?.retryAfterMs;
  const wait = asked ?? Math.min(MAX_BACKOFF_MS, INITIAL_BACKOFF_MS * 2 ** (tries - 1));
  if (wait > MAX_RETRY_WAIT_MS) {
    const message = `The server takes no more requests from this account for ${formatWait(wait)}, and Emulsion waits six hours at most. This was not sent, and nothing was billed. Run it again when that time is over.`;
    return { given: error, unsent: { code: error.code, message, billing: 'none' } };
  }
  if (tries < MAX_ATTEMPTS) return { wait: Math.max(MIN_RETRY_WAIT_MS, wait) };
  const message = `The server has refused this ${MAX_ATTEMPTS} times: it had too many requests from this account. Emulsion waited each time as long as it was asked to. Nothing was made and nothing was billed. Run it again later.`;
  return { given: { ...error, message }, unsent: null };
}

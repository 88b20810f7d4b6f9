import { amendReport, StudioError, type ErrorReport } from '../contract/errors/errors.ts';

/** How often one request is sent at most; each earlier attempt was refused before processing. */
const MAX_ATTEMPTS = 10;
/** Longest wait that a server may ask for, in ms. */
export const MAX_RETRY_WAIT_MS = 6 * 60 * 60 * 1000;
/** Shortest wait in ms: a server that asks for 0 would get ten requests at once. */
const MIN_RETRY_WAIT_MS = 1000;
/** Wait in ms when the server names none; doubled with each attempt. */
const INITIAL_BACKOFF_MS = 5000;
const MAX_BACKOFF_MS = 5 * 60 * 1000;

/**
 * Whether a request may be sent again: only after HTTP 429 before processing, with nothing billed. Not for an account without credit, and
 * not for an error inside a response that had begun.
 */
export function isRetryable({ code, billing, server }: ErrorReport): boolean {
  return code === 'rate-limited' && billing === 'none' && server?.status === 429;
}

/** What to do after a rate limit: wait and send again, or end the request. */
type NextAttempt =
  | { waitMs: number }
  | {
      /** Of the request that was refused. */
      error: ErrorReport;
      /** Of the requests queued behind it, which then end too; null: they go on. */
      unsentError: ErrorReport | null;
    };

/** Returns the wait before the next attempt, or the final error. @param attempts how often the request has been sent */
export function nextAttempt(error: ErrorReport, attempts: number): NextAttempt {
  const wait = error.server?.retryAfterMs ?? Math.min(MAX_BACKOFF_MS, INITIAL_BACKOFF_MS * 2 ** (attempts - 1));
  if (wait > MAX_RETRY_WAIT_MS) {
    const detail = { kind: 'rate-limited-too-long', waitMs: wait, limitMs: MAX_RETRY_WAIT_MS } as const;
    return { error, unsentError: new StudioError({ code: error.code, detail, billing: 'none' }).report };
  }
  if (attempts < MAX_ATTEMPTS) return { waitMs: Math.max(MIN_RETRY_WAIT_MS, wait) };
  const detail = { kind: 'rate-limited-too-often', tries: MAX_ATTEMPTS } as const;
  return { error: amendReport(error, { detail }), unsentError: null };
}

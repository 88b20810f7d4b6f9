import { amendReport, type ErrorReport } from '../contract/errors/errors.ts';
import { isPlausibleWait } from '../images-api/headers/retry-after.ts';

/** How often one request is sent at most; each earlier attempt was refused before processing. */
const MAX_ATTEMPTS = 10;
/** Shortest wait in ms: a server that asks for 0 would get ten requests at once. */
const MIN_RETRY_WAIT_MS = 1000;
/** First wait in ms when the server names none. */
const INITIAL_BACKOFF_MS = 5000;
/** Longest wait in ms that doubling leads to; a server may ask for longer. */
const MAX_BACKOFF_MS = 15 * 60 * 1000;
/** Largest share by which a repeated wait is lengthened at random, so that several clients don't return together. */
const JITTER = 0.2;

/**
 * Whether a request may be sent again: only after HTTP 429 before processing, with nothing billed. Not for an account without credit, and
 * not for an error inside a response that had begun.
 */
export function isRetryable({ code, billing, server }: ErrorReport): boolean {
  return code === 'rate-limited' && billing === 'none' && server?.status === 429;
}

/** What to do after a rate limit. */
type NextAttempt =
  | { /** Wait so many milliseconds, then send again. */ waitMs: number }
  | {
      /** Ask the person: the server named a moment so many milliseconds from now, which is implausible. */ askMs: number;
    }
  | { /** The request has ended. */ error: ErrorReport };

interface Refusals {
  /** How often the request has been sent. */
  attempts: number;
  /** How often in a row the profile was refused after it had waited. */
  streak: number;
}

/**
 * Returns what to do after a refusal. The wait is the server's own, or five seconds; it doubles with each further refusal.
 * @param random from 0 to 1
 */
export function nextAttempt(error: ErrorReport, { attempts, streak }: Refusals, random: number): NextAttempt {
  if (attempts >= MAX_ATTEMPTS)
    return { error: amendReport(error, { detail: { kind: 'rate-limited-too-often', tries: MAX_ATTEMPTS } }) };
  const asked = error.server?.retryAfterMs;
  if (asked !== undefined && !isPlausibleWait(asked)) return { askMs: asked };
  const first = asked === undefined ? INITIAL_BACKOFF_MS : Math.max(MIN_RETRY_WAIT_MS, asked);
  const doublings = Math.max(attempts, streak) - 1;
  const wait = Math.max(first, Math.min(MAX_BACKOFF_MS, first * 2 ** doublings));
  // The first wait is what the server asked for.
  return { waitMs: Math.ceil(doublings === 0 ? wait : wait * (1 + JITTER * random)) };
}

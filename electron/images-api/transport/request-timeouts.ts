import type { StudioError } from '../../contract/errors/errors.ts';
import { cancelledError, timeoutError } from '../errors/network-errors.ts';

/** How often it looks within the silence that is allowed: bytes that leave are seen only then. */
const CHECKS_PER_LIMIT = 8;

interface TimeoutOptions {
  totalMs: number;
  idleMs: number;
  /** The person's wish to stop. */
  signal: AbortSignal;
  /** Whether the request may have reached the server. */
  sent(): boolean;
  /** Counts bytes that leave, so that a slow upload does not pass for silence. */
  bytesSent(): number;
}

/** What the call that is watched sees of it. */
export interface RequestTimeouts {
  /** Aborted with a {@link StudioError} as its reason: `cancelled` or `timed-out`. */
  signal: AbortSignal;
  /** A byte has arrived. */
  touch(): void;
  /** Why it barked, or null. */
  reason(): StudioError | null;
  stop(): void;
}

/** Watches one call in the place of the HTTP client's own time-outs: its total time, its silence, and the person's Stop. */
export function startTimeouts(options: TimeoutOptions): RequestTimeouts {
  const controller = new AbortController();
  let reason: StudioError | null = null;
  let sentBefore = 0;
  let quiet = 0;
  const expire = (error: StudioError): void => {
    if (reason) return;
    reason = error;
    controller.abort(error);
  };
  const onAbort = (): void => expire(cancelledError(options.sent()));
  const total = setTimeout(() => expire(timeoutError('total', options.totalMs, options.sent())), options.totalMs);
  const idle = setTimeout(() => {
    const sent = options.bytesSent();
    quiet = sent > sentBefore ? 0 : quiet + 1;
    sentBefore = sent;
    if (quiet < CHECKS_PER_LIMIT) idle.refresh();
    else expire(timeoutError('idle', options.idleMs, options.sent()));
  }, options.idleMs / CHECKS_PER_LIMIT);
  if (options.signal.aborted) onAbort();
  else options.signal.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    touch: () => {
      quiet = 0;
      idle.refresh();
    },
    reason: () => reason,
    stop: () => {
      clearTimeout(total);
      clearTimeout(idle);
      options.signal.removeEventListener('abort', onAbort);
    },
  };
}

import type { StudioError } from '../../contract/errors/errors.ts';
import { cancelledError, timeoutError } from '../errors/network-errors.ts';

interface TimeoutOptions {
  totalMs: number;
  idleMs: number;
  /** Aborted when the user stops the request. */
  signal: AbortSignal;
  /** Whether the request may have reached the server. */
  sent(): boolean;
}

/** Running timeouts of one request. */
export interface RequestTimeouts {
  /** Aborted with a {@link StudioError} as its reason: `cancelled` or `timed-out`. */
  signal: AbortSignal;
  /** Resets the idle timeout, for bytes in either direction. */
  touch(): void;
  /** The error that `signal` was aborted with, or null. */
  reason(): StudioError | null;
  stop(): void;
}

/** Starts the timeouts of one request, which replace those of the HTTP client: total time, idle time, and the user's Stop. */
export function startTimeouts(options: TimeoutOptions): RequestTimeouts {
  const controller = new AbortController();
  let reason: StudioError | null = null;
  const expire = (error: StudioError): void => {
    if (reason) return;
    reason = error;
    controller.abort(error);
  };
  const onAbort = (): void => expire(cancelledError(options.sent()));
  const total = setTimeout(() => expire(timeoutError('total', options.totalMs, options.sent())), options.totalMs);
  const idle = setTimeout(() => expire(timeoutError('idle', options.idleMs, options.sent())), options.idleMs);
  if (options.signal.aborted) onAbort();
  else options.signal.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    touch: () => void idle.refresh(),
    reason: () => reason,
    stop: () => {
      clearTimeout(total);
      clearTimeout(idle);
      options.signal.removeEventListener('abort', onAbort);
    },
  };
}

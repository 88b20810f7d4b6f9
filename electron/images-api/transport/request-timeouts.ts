import type { StudioError } from '../../contract/errors.ts';
import { cancelled, timedOut } from '../errors/network-errors.ts';

/** How often it looks within the silence that is allowed: bytes that leave are seen only then. */
const LOOKS = 8;

interface WatchdogOptions {
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
export interface Watchdog {
  /** Aborted with a {@link StudioError} as its reason: `cancelled` or `timed-out`. */
  signal: AbortSignal;
  /** A byte has arrived. */
  touch(): void;
  /** Why it barked, or null. */
  reason(): StudioError | null;
  stop(): void;
}

/** Watches one call in the place of the HTTP client's own time-outs: its total time, its silence, and the person's Stop. */
export function startWatchdog(options: WatchdogOptions): Watchdog {
  const controller = new AbortController();
  let reason: StudioError | null = null;
  let sentBefore = 0;
  let quiet = 0;
  const bark = (error: StudioError): void => {
    if (reason) return;
    reason = error;
    controller.abort(error);
  };
  const onAbort = (): void => bark(cancelled(options.sent()));
  const total = setTimeout(() => bark(timedOut('total', options.totalMs, options.sent())), options.totalMs);
  const idle = setTimeout(() => {
    const sent = options.bytesSent();
    quiet = sent > sentBefore ? 0 : quiet + 1;
    sentBefore = sent;
    if (quiet < LOOKS) idle.refresh();
    else bark(timedOut('idle', options.idleMs, options.sent()));
  }, options.idleMs / LOOKS);
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

import type { CallTimes } from './call-times.ts';
import type { AppLog } from './app-log.ts';

/** The event loop has stalled when a timer is late by more than this, in milliseconds. */
const STALL_MS = 200;
const INTERVAL_MS = 50;
/** A longer time is the computer's sleep, which some systems' monotonic clocks count. */
const SLEEP_MS = 60_000;

/**
 * Writes a line for each time in which the event loop did not run for more than 200 ms, with the calls that were in flight. A timer is checked
 * every 50 ms, so a stall of 200 to 250 ms may be missed. Returns what ends the watch.
 */
export function watchStalls(log: Pick<AppLog, 'stall'>, calls: Pick<CallTimes, 'after'>): () => void {
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const late = now - last - INTERVAL_MS;
    if (late > STALL_MS && late < SLEEP_MS) log.stall({ calls: calls.after(last), ms: late });
    last = now;
  }, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

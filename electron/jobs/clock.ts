import type { Timestamp } from '../contract/entities/ids.ts';

/** Time of day and timers; tests control them. */
export interface Clock {
  now(): Timestamp;
  /** Calls back once after this many ms; the returned function cancels it. */
  after(milliseconds: number, act: () => void): () => void;
}

/** The system clock. Its timers do not keep the process alive and may stop while the computer sleeps. */
export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  after(milliseconds, act) {
    const timer = setTimeout(act, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};

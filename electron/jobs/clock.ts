import type { Timestamp } from '../contract/entities/ids.ts';

/** The time of day and a way to wait, so that tests need not. */
export interface Clock {
  now(): Timestamp;
  /** Calls back once, that many milliseconds later; the returned function calls it off. */
  after(milliseconds: number, act: () => void): () => void;
}

/** The computer's own. Its timers keep no process alive; while the computer sleeps they may sleep too. */
export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  after(milliseconds, act) {
    const timer = setTimeout(act, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};

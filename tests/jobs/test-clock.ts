import type { Clock } from '../../electron/jobs/clock.ts';

/** A clock that a test advances. */
export interface TestClock extends Clock {
  /** Advances the time in ms: timers fire in order, each at its time. */
  pass(milliseconds: number): void;
  /** Advances only the time of day, in ms, as when the computer sleeps. */
  jump(milliseconds: number): void;
}

export function testClock(start = 1_795_000_000_000): TestClock {
  let time = start;
  /** Time of the timers in ms. */
  let ticked = 0;
  const timers = new Map<symbol, { due: number; act: () => void }>();
  const next = (until: number): (() => void) | null => {
    const [first] = [...timers].filter(([, { due }]) => due <= until).sort(([, a], [, b]) => a.due - b.due);
    if (!first) return null;
    const [key, { due, act }] = first;
    timers.delete(key);
    time += due - ticked;
    ticked = due;
    return act;
  };
  return {
    now: () => time,
    after(milliseconds, act) {
      const key = Symbol('timer');
      timers.set(key, { due: ticked + milliseconds, act });
      return () => void timers.delete(key);
    },
    pass(milliseconds) {
      const end = ticked + milliseconds;
      for (let act = next(end); act; act = next(end)) act();
      time += end - ticked;
      ticked = end;
    },
    jump: (milliseconds) => void (time += milliseconds),
  };
}

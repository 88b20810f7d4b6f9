import { expect, test } from 'vitest';
import { DayWatch } from '../../../electron/contract/query/day-watch.ts';

/** A clock with one timer; `sleep` moves the time while timers stand still. */
function clockAt(start: number) {
  let now = start;
  let timer: { at: number; act: () => void } | null = null;
  let waits = 0;
  return {
    now: () => now,
    after(ms: number, act: () => void) {
      waits += 1;
      expect(ms).toBeGreaterThan(0);
      const own = { at: now + ms, act };
      timer = own;
      return () => {
        if (timer === own) timer = null;
      };
    },
    /** Lets timers run until a time. */
    runTo(time: number) {
      while (timer && timer.at <= time) {
        const { at, act } = timer;
        [now, timer] = [Math.max(now, at), null];
        act();
      }
      now = time;
    },
    sleep(ms: number) {
      now += ms;
      if (timer) timer = { ...timer, at: timer.at + ms };
    },
    get waits() {
      return waits;
    },
    get isWaiting() {
      return timer !== null;
    },
  };
}

const HOUR = 3_600_000;
const at = (day: number, hour = 0, minute = 0): number => new Date(2026, 2, day, hour, minute).getTime();

test.each([
  ['a usual night', 10],
  ['the night before summer time in Europe', 28],
  ['summer time in Europe', 29],
  ['the end of a month', 31],
])('the day changes at local midnight, not a moment before: %s', (_, day) => {
  const clock = clockAt(at(day, 20, 3));
  const changes: number[] = [];
  const watch = new DayWatch(clock, () => changes.push(clock.now()));
  clock.runTo(at(day + 1) - 1);
  expect(changes).toEqual([]);
  clock.runTo(at(day + 1));
  expect(changes).toEqual([at(day + 1)]);
  watch.stop();
});

test('it doesn’t drift: after a month, each midnight was met', () => {
  const clock = clockAt(at(1, 13));
  const changes: number[] = [];
  const watch = new DayWatch(clock, () => changes.push(clock.now()));
  clock.runTo(at(31, 1));
  expect(changes).toEqual(Array.from({ length: 30 }, (_, night) => at(night + 2)));
  watch.stop();
});

test('a sleep over midnight is noticed by a look, or soon after by itself, and once', () => {
  const clock = clockAt(at(10, 23));
  let changes = 0;
  const watch = new DayWatch(clock, () => (changes += 1));
  clock.sleep(9 * HOUR);
  watch.check();
  watch.check();
  expect(changes).toBe(1);
  clock.sleep(24 * HOUR);
  clock.runTo(clock.now() + HOUR / 4);
  expect(changes).toBe(2);
  watch.stop();
});

test('a clock that is set back is another day too; one timer waits at a time, none after the end', () => {
  const clock = clockAt(at(10, 12));
  let changes = 0;
  const watch = new DayWatch(clock, () => (changes += 1));
  clock.sleep(-24 * HOUR);
  watch.check();
  expect([changes, clock.isWaiting]).toEqual([1, true]);
  watch.stop();
  expect(clock.isWaiting).toBe(false);
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pace } from '../../../../renderer/state/library/pace.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

test('a rest follows what the work took, within its bounds', async () => {
  const pace = new Pace({ least: 120, most: 1000 });
  const work = (milliseconds: number) => () => Promise.resolve(void vi.advanceTimersByTime(milliseconds));
  expect(pace.rest).toBe(120);
  await pace.measure(work(10));
  expect(pace.rest).toBe(120);
  await pace.measure(work(100));
  expect(pace.rest).toBe(400);
  vi.advanceTimersByTime(150);
  expect(pace.rest).toBe(250);
  vi.advanceTimersByTime(5000);
  expect(pace.rest).toBe(120);
  await pace.measure(work(900));
  expect(pace.rest).toBe(1000);
});

test('work that fails is measured too, and its error is passed on', async () => {
  const pace = new Pace({ least: 0, most: 1000 });
  const failing = pace.measure(() => {
    vi.advanceTimersByTime(50);
    return Promise.reject(new Error('gone'));
  });
  await expect(failing).rejects.toThrow('gone');
  expect(pace.rest).toBe(200);
});

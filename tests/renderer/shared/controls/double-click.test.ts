import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DoubleClickGuard, firstClickOnly } from '../../../../renderer/shared/controls/double-click.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

test('a second press within 500 ms is blocked, for that button only', () => {
  const guard = new DoubleClickGuard();
  expect(guard.blocks('create')).toBe(false);
  guard.press('create');
  expect([guard.blocks('create'), guard.blocks('retry 1')]).toEqual([true, false]);
  vi.advanceTimersByTime(499);
  expect(guard.blocks('create')).toBe(true);
  vi.advanceTimersByTime(1);
  expect(guard.blocks('create')).toBe(false);
});

test('the block ends when the request has an outcome', () => {
  const guard = new DoubleClickGuard();
  guard.press('create');
  guard.release();
  expect(guard.blocks('create')).toBe(false);
});

test('the second click of a double click does nothing; the keyboard always counts', () => {
  const handler = vi.fn();
  const click = firstClickOnly(handler);
  for (const detail of [1, 2, 3]) click(new MouseEvent('click', { detail }));
  expect(handler).toHaveBeenCalledTimes(1);
  click(new MouseEvent('click', { detail: 0 }));
  expect(handler).toHaveBeenCalledTimes(2);
});

import { expect, test } from 'vitest';
import { dollars, formatWait, megabytes, whenToRetry } from '../../../electron/contract/errors/amounts.ts';

test.each([
  [0, '1 second'],
  [1001, '2 seconds'],
  [119_000, '119 seconds'],
  [120_000, '2 minutes'],
  [119 * 60_000 + 1, '2 hours'],
  [72 * 3_600_000, '3 days'],
])('%i ms is %s', (ms, text) => {
  expect(formatWait(ms)).toBe(text);
});

test('an unknown wait has other words', () => {
  expect([whenToRetry(20_000, 'later'), whenToRetry(null, 'later')]).toEqual(['in 20 seconds', 'later']);
});

test('room is never overstated, and a need never understated', () => {
  expect([megabytes(1_999_999, 'down'), megabytes(1_000_001, 'up')]).toEqual(['1 MB', '2 MB']);
});

test('what is left is never overstated, and a cost never understated', () => {
  expect([dollars(19_999, 'down'), dollars(10_001, 'up'), dollars(15_000)]).toEqual(['$0.01', '$0.02', '$0.02']);
});

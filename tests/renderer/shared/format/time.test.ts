import { expect, test } from 'vitest';
import {
  formatTimeOfDay,
  formatDay,
  formatElapsed,
  formatDateTime,
  formatSeconds,
} from '../../../../renderer/shared/format/time.ts';

const at = (text: string) => new Date(text).getTime();

test('elapsed time has minutes and, from one hour, hours', () => {
  expect([0, 999, 41_000, 80_500, 3_599_999, 3_600_000, 3_723_000].map(formatElapsed)).toEqual([
    '0:00',
    '0:00',
    '0:41',
    '1:20',
    '59:59',
    '1:00:00',
    '1:02:03',
  ]);
});

test('a clock set back shows zero, not a negative time', () => {
  expect(formatElapsed(-5000)).toBe('0:00');
  expect(formatSeconds(-1)).toBe('0.0 s');
});

test('days are named in local time', () => {
  const now = at('2026-11-22T00:30:00');
  expect(formatDay(at('2026-11-22T00:05:00'), now)).toBe('Today');
  expect(formatDay(at('2026-11-21T23:59:59'), now)).toBe('Yesterday');
  expect(formatDay(at('2026-11-21T00:00:00'), now)).toBe('Yesterday');
  expect(formatDay(at('2026-11-19T12:00:00'), now)).toBe('Thursday 19 November');
  expect(formatDay(at('2025-05-03T12:00:00'), now)).toBe('3 May 2025');
});

test('a timestamp is shown to the second', () => {
  expect(formatDateTime(at('2026-11-22T11:20:41'))).toBe('22 Nov 2026, 11:20:41');
  expect(formatTimeOfDay(at('2026-11-22T09:05:00'))).toBe('09:05');
  expect(formatSeconds(412)).toBe('0.4 s');
});

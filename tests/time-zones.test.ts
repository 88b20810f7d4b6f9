import { afterEach, expect, it } from 'vitest';
import { startOfDay } from '../renderer/shared/format/time.ts';

// The page's calendar days, in time zones that the browser of the component tests can't change to.
const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

it.each([
  ['UTC', '2026-11-22T00:10:00Z', '2026-11-22T00:00:00Z'],
  ['Asia/Kathmandu', '2026-11-22T03:00:00Z', '2026-11-21T18:15:00Z'],
  ['Pacific/Kiritimati', '2026-11-22T11:00:00Z', '2026-11-22T10:00:00Z'],
  // The clocks go back on this day, which has 25 hours.
  ['America/New_York', '2026-11-02T04:30:00Z', '2026-11-01T04:00:00Z'],
  // The clocks go forward on this day, which has 23 hours.
  ['Europe/Berlin', '2026-03-29T20:00:00Z', '2026-03-28T23:00:00Z'],
  // This day has no midnight: it begins at one o’clock.
  ['Asia/Beirut', '2026-03-29T12:00:00Z', '2026-03-28T22:00:00Z'],
])('in %s, the day of %s begins at %s', (timezone, now, start) => {
  process.env['TZ'] = timezone;
  expect(new Date(startOfDay(Date.parse(now))).toISOString()).toBe(new Date(start).toISOString());
  expect(startOfDay(Date.parse(start))).toBe(Date.parse(start));
  expect(startOfDay(Date.parse(start) - 1)).toBeLessThan(Date.parse(start));
});

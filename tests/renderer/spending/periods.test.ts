import fc from '../../fast-check.ts';
import { describe, expect, test } from 'vitest';
import { adjacentPeriod, periodAt, SCALES } from '../../../renderer/spending/periods.ts';

const at = (text: string): number => new Date(text).getTime();
const day = (moment: number): string => new Date(moment).toISOString().slice(0, 10);

describe('periods', () => {
  test('a month of days', () => {
    const period = periodAt('day', at('2026-11-22T15:00'));
    expect([day(period.span.from), day(period.span.to)]).toEqual(['2026-11-01', '2026-12-01']);
    expect(period).toMatchObject({ name: 'November 2026', lastDay: '30 November' });
    expect(period.steps).toHaveLength(30);
    expect(period.steps[4]).toMatchObject({ tick: '5', short: '5 Nov', name: 'Thursday 5 November 2026' });
  });

  test('a quarter of weeks that begin on Monday, cut at its ends', () => {
    const period = periodAt('week', at('2026-11-22T15:00'));
    expect(period.name).toBe('Oct to Dec 2026');
    expect(period.steps.slice(0, 3).map(({ from, tick }) => [day(from), tick])).toEqual([
      ['2026-10-01', '1 Oct'],
      ['2026-10-05', '5 Oct'],
      ['2026-10-12', '12'],
    ]);
    expect(period.steps.at(-1)).toMatchObject({ name: '28 December to 31 December' });
  });

  test('a year of months', () => {
    const period = periodAt('month', at('2026-11-22T15:00'));
    expect(period.name).toBe('2026');
    expect(period.steps.map(({ tick }) => tick).join(' ')).toBe('Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec');
  });

  test('lie side by side without gap or overlap, each in steps that do so too', () => {
    const moments = fc.date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(moments, fc.constantFrom(...SCALES), (moment, scale) => {
        const period = periodAt(scale, moment.getTime());
        expect(period.span.from).toBeLessThanOrEqual(moment.getTime());
        expect(period.span.to).toBeGreaterThan(moment.getTime());
        const borders = [...period.steps.map(({ from }) => from), period.span.to];
        expect(period.steps.map(({ to }) => to)).toEqual(borders.slice(1));
        expect(borders[0]).toBe(period.span.from);
        const next = adjacentPeriod(period, 1);
        expect(next.span.from).toBe(period.span.to);
        expect(adjacentPeriod(next, -1)).toEqual(period);
      }),
    );
  });
});

import fc from '../../fast-check.ts';
import { describe, expect, test } from 'vitest';
import { axisLines, chartOf, hasTick, projectedTotal } from '../../../renderer/spending/chart.ts';
import { periodAt } from '../../../renderer/spending/periods.ts';

const NOW = new Date('2026-11-22T12:00').getTime();
const PERIOD = periodAt('day', NOW);
const onDay = (date: number): number => new Date(2026, 10, date).getTime();
const models = (...names: string[]) => names.map((name, index) => ({ name, images: 1, cost: 100 - index }));

describe('the chart', () => {
  test('gives the two dearest models a shade of their own and puts the rest together', () => {
    const bars = ['a', 'b', 'c', 'd'].map((model) => ({ at: onDay(3), model, cost: 10 }));
    const chart = chartOf({ bars, models: models('a', 'b', 'c', 'd') }, PERIOD, NOW);
    expect(chart.series).toEqual(['a', 'b', 'others']);
    expect(chart.bars[2]).toMatchObject({ total: 40, parts: [10, 10, 20] });
    expect(chart.bars[3]).toMatchObject({ total: 0, parts: [0, 0, 0] });
  });

  test('names three models, and leaves out what cost nothing', () => {
    const free = { name: 'free', images: 3, cost: 0 };
    expect(chartOf({ bars: [], models: [...models('a', 'b', 'c'), free] }, PERIOD, NOW).series).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(chartOf({ bars: [], models: [] }, PERIOD, NOW)).toMatchObject({ series: [], lines: [0, 10_000, 20_000] });
  });

  test('knows the bar of now, and writes its tick in any case', () => {
    const { bars } = chartOf({ bars: [], models: [] }, PERIOD, NOW);
    expect(bars.findIndex(({ isNow }) => isNow)).toBe(21);
    const ticks = bars.filter((_, index) => hasTick(bars, index)).map(({ tick }) => tick);
    expect(ticks).toEqual(['1', '5', '10', '15', '20', '22', '25', '30']);
  });

  test('has an axis of few round lines that reaches over the highest bar', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), (highest) => {
        const lines = axisLines(highest);
        expect(lines[0]).toBe(0);
        expect(lines.at(-1)).toBeGreaterThanOrEqual(highest);
        expect(lines.length).toBeGreaterThanOrEqual(3);
        expect(lines.length).toBeLessThanOrEqual(5);
        expect(lines.every((line, index) => line === index * (lines[1] ?? 0))).toBe(true);
      }),
    );
    expect(axisLines(3_100_000)).toEqual([0, 1_000_000, 2_000_000, 3_000_000, 4_000_000]);
  });
});

describe('the pace', () => {
  test('goes on as it began, and says nothing too early or too late', () => {
    const span = { from: 0, to: 1000 };
    expect(projectedTotal(300, span, 500)).toBe(600);
    expect(projectedTotal(300, span, 10)).toBeNull();
    expect(projectedTotal(300, span, 1000)).toBeNull();
  });
});

import { describe, expect, test } from 'vitest';
import {
  formatAtMost,
  formatKnownCost,
  formatMicros,
  formatMicrosRange,
  formatMicrosShort,
  parseDollars,
} from '../../../../renderer/shared/format/money.ts';

describe('amounts on the screen', () => {
  test.each([
    [0, '$0'],
    [1, 'under $0.001'],
    [999, 'under $0.001'],
    [1000, '$0.001'],
    [192_000, '$0.192'],
    [192_400, '$0.192'],
    [200_000, '$0.200'],
    [199_600, '$0.200'],
    [999_499, '$0.999'],
    [999_600, '$1.00'],
    [18_420_000, '$18.42'],
    [1_234_567_000_000, '$1,234,567.00'],
  ])('%i is %s', (micros, text) => {
    expect(formatMicros(micros)).toBe(text);
  });

  test('entered amounts have no trailing zeros', () => {
    expect([0, 40_000_000, 12_500_000, 50_000, 64_000].map(formatMicrosShort)).toEqual([
      '$0',
      '$40',
      '$12.50',
      '$0.05',
      '$0.064',
    ]);
  });

  test('ranges and upper bounds', () => {
    expect(formatMicrosRange({ min: 41_000, max: 41_400 })).toBe('$0.041');
    expect(formatMicrosRange({ min: 41_000, max: 83_000 })).toBe('$0.041–0.083');
    expect(formatMicrosRange({ min: 3, max: 83_000 })).toBe('≤ $0.083');
  });

  test('both ends of a range have equal decimals', () => {
    expect(formatMicrosRange({ min: 40_000, max: 712_000 })).toBe('$0.040–0.712');
    expect(formatMicrosRange({ min: 376_000, max: 1_040_000 })).toBe('$0.38–1.04');
    expect(formatMicrosRange({ min: 999_700, max: 1_000_000 })).toBe('$1.00');
    expect(formatMicrosRange({ min: 4_000, max: 1_040_000 })).toBe('≤ $1.04');
    expect(formatAtMost(610_000)).toBe('≤ $0.610');
    expect(formatAtMost(null)).toBe('unknown');
  });

  test('that are known in part are a lower bound, and nothing where none is known', () => {
    expect(formatKnownCost({ micros: 2_310_000, unknown: 0 })).toBe('$2.31');
    expect(formatKnownCost({ micros: 2_310_000, unknown: 3 })).toBe('≥ $2.31');
    expect(formatKnownCost({ micros: 0, unknown: 3 })).toBe('');
    expect(formatKnownCost({ micros: 999, unknown: 1 })).toBe('');
    expect(formatKnownCost({ micros: 999, unknown: 0 })).toBe('under $0.001');
    expect(formatKnownCost({ micros: 0, unknown: 0 })).toBe('$0');
  });

  test.each([
    ['40', 40_000_000],
    ['$40.50', 40_500_000],
    [' $ 1,200 ', 1_200_000_000],
    ['.5', 500_000],
    ['0', 0],
    ['', null],
    ['-3', null],
    ['4,5', null],
    ['forty', null],
    ['1e9', null],
    ['99999999999999999', null],
  ])('reads “%s”', (text, micros) => {
    expect(parseDollars(text)).toBe(micros);
  });
});

import { describe, expect, test } from 'vitest';
import {
  formatAtMost,
  formatMicros,
  formatMicrosRange,
  formatRoundMicros,
  readDollars,
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

  test('that were chosen, without needless digits', () => {
    expect([0, 40_000_000, 12_500_000, 50_000, 64_000].map(formatRoundMicros)).toEqual([
      '$0',
      '$40',
      '$12.50',
      '$0.05',
      '$0.064',
    ]);
  });

  test('ranges and what is not certain', () => {
    expect(formatMicrosRange({ least: 41_000, most: 41_400 })).toBe('$0.041');
    expect(formatMicrosRange({ least: 41_000, most: 83_000 })).toBe('$0.041–0.083');
    expect(formatMicrosRange({ least: 3, most: 83_000 })).toBe('≤ $0.083');
  });

  test('both ends of a range are of one grain', () => {
    expect(formatMicrosRange({ least: 40_000, most: 712_000 })).toBe('$0.040–0.712');
    expect(formatMicrosRange({ least: 376_000, most: 1_040_000 })).toBe('$0.38–1.04');
    expect(formatMicrosRange({ least: 999_700, most: 1_000_000 })).toBe('$1.00');
    expect(formatMicrosRange({ least: 4_000, most: 1_040_000 })).toBe('≤ $1.04');
    expect(formatAtMost(610_000)).toBe('≤ $0.610');
    expect(formatAtMost(null)).toBe('unknown');
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
    expect(readDollars(text)).toBe(micros);
  });
});

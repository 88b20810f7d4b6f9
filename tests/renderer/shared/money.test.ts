import { describe, expect, test } from 'vitest';
import {
  formatAtMost,
  formatFineMicros,
  formatMicros,
  formatMicrosRange,
  formatRoundMicros,
  readDollars,
} from '../../../renderer/shared/money.ts';

describe('amounts on the screen', () => {
  test.each([
    [0, '$0'],
    [1, 'under $0.001'],
    [999, 'under $0.001'],
    [1000, '$0.001'],
    [192_000, '$0.192'],
    [192_400, '$0.192'],
    [200_000, '$0.20'],
    [199_600, '$0.20'],
    [999_499, '$0.999'],
    [999_600, '$1.00'],
    [18_420_000, '$18.42'],
    [1_234_567_000_000, '$1,234,567.00'],
  ])('%i is %s', (micros, text) => {
    expect(formatMicros(micros)).toBe(text);
  });

  test('in columns and without needless cents', () => {
    expect([0, 400, 119_600, 120_000, 999_600, 12_500_000].map(formatFineMicros)).toEqual([
      '$0',
      'under $0.001',
      '$0.120',
      '$0.120',
      '$1.00',
      '$12.50',
    ]);
    expect([40_000_000, 12_500_000, 50_000].map(formatRoundMicros)).toEqual(['$40', '$12.50', '$0.05']);
  });

  test('ranges and what is not certain', () => {
    expect(formatMicrosRange({ least: 41_000, most: 41_400 })).toBe('$0.041');
    expect(formatMicrosRange({ least: 41_000, most: 83_000 })).toBe('$0.041–0.083');
    expect(formatMicrosRange({ least: 3, most: 83_000 })).toBe('≤ $0.083');
    expect(formatAtMost(610_000)).toBe('≤ $0.61');
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

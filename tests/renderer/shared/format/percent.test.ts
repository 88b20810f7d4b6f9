import { expect, test } from 'vitest';
import { formatPercent } from '../../../../renderer/shared/format/percent.ts';

test.each([
  [0, 10, '0%'],
  [0, 0, '0%'],
  [1, 100_000, 'under 0.1%'],
  [21, 1000, '2.1%'],
  [8_294_399, 8_294_400, 'over 99.9%'],
  [5, 5, '100%'],
])('%d of %d is %s: a little is never told as nothing, nor almost all as all', (part, whole, words) => {
  expect(formatPercent(part, whole)).toBe(words);
});

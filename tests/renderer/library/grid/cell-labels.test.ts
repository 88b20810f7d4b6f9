import { expect, test } from 'vitest';
import { bucketFacts } from '../../../../renderer/library/grid/cell-labels.ts';

test.each([
  [{ count: 14, cost: { micros: 2_310_000, unknown: 0 } }, '14 images · $2.31'],
  [{ count: 1, cost: { micros: 40_000, unknown: 0 } }, '1 image · $0.040'],
  [{ count: 3, cost: { micros: 0, unknown: 0 } }, '3 images · $0'],
  [{ count: 3, cost: { micros: 40_000, unknown: 1 } }, '3 images · ≥ $0.040'],
  [{ count: 3, cost: { micros: 0, unknown: 3 } }, '3 images'],
  [{ count: 3, cost: null }, '3 images'],
])('a heading says how many images there are, and what they cost as far as that is known: %j', (bucket, said) => {
  expect(bucketFacts(bucket)).toBe(said);
});

import fc from '../../fast-check.ts';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { CATALOGUE_DATE, MODELS } from '../../../electron/contract/catalogue/models.ts';
import {
  sumMicros,
  findPrices,
  PriceRowSchema,
  tokenPrices,
  type PriceRow,
} from '../../../electron/contract/entities/money.ts';

const row = (model: string, date: string, imageOut: number): PriceRow => ({
  model,
  date,
  prices: tokenPrices({ imageOut }),
});

describe('prices', () => {
  test('come from the catalogue, with its date', () => {
    for (const { name, prices } of MODELS) {
      expect(findPrices(name, [])).toEqual({ prices, date: prices && CATALOGUE_DATE, own: false });
    }
    expect(findPrices('a-model-of-my-own', [])).toEqual({ prices: null, date: null, own: false });
  });

  test('prefer the person’s own, for any model, newest first', () => {
    const rows = [row('gpt-image-2', '2026-11-01', 20), row('mine', '2026-10-01', 1), row('mine', '2026-11-05', 2)];
    expect(findPrices('gpt-image-2', rows)).toEqual({
      prices: tokenPrices({ imageOut: 20 }),
      date: '2026-11-01',
      own: true,
    });
    expect(findPrices('mine', rows)).toMatchObject({ prices: { imageOut: 2 }, date: '2026-11-05', own: true });
    expect(findPrices('mine', rows.toReversed())).toMatchObject({ prices: { imageOut: 2 } });
    expect(findPrices('gpt-image-2.5-flare', rows).own).toBe(false);
  });

  test.each([
    ['a negative price', { prices: tokenPrices({ imageOut: -1 }) }],
    ['an endless price', { prices: tokenPrices({ imageOut: Infinity }) }],
    ['no name', { model: ' ' }],
    ['a day that is none', { date: 'tomorrow' }],
  ])('refuse %s', (_, fields) => {
    expect(v.safeParse(PriceRowSchema, { ...row('m', '2026-11-01', 1), ...fields }).success).toBe(false);
  });
});

describe('micro-dollars', () => {
  test('are rounded half up once, at the end', () => {
    expect(sumMicros([[1, 0.5]])).toBe(1);
    expect(sumMicros([[1, 0.499999]])).toBe(0);
    // Each alone would be rounded to 0.
    expect(
      sumMicros([
        [1, 0.25],
        [1, 0.25],
      ]),
    ).toBe(1);
    // Exact, unlike 0.1 + 0.2 in floating point.
    expect(
      sumMicros([
        [10, 0.15],
        [0, 3],
      ]),
    ).toBe(2);
    expect(sumMicros([])).toBe(0);
  });

  test('are exact for any count and any price in whole cents', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 0, max: 100_000 }), (tokens, cents) => {
        const exact = (BigInt(tokens) * BigInt(cents) + 50n) / 100n;
        expect(sumMicros([[tokens, cents / 100]])).toBe(Number(exact));
      }),
    );
  });
});

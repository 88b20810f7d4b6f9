import { describe, expect, test } from 'vitest';
import type { UncertainCost } from '../../../electron/contract/entities/spending.ts';
import { tokenPrices, type PriceRow } from '../../../electron/contract/entities/money.ts';
import { pricesFrom, priceTexts, writePrice } from '../../../renderer/spending/price-fields.ts';
import {
  formatIsoDay,
  isoDay,
  priceGroups,
  withoutPrices,
  withPrices,
} from '../../../renderer/spending/price-groups.ts';
import { groupUncertain } from '../../../renderer/spending/uncertain-groups.ts';

const OWN: PriceRow = { model: 'gpt-image-2', date: '2026-11-20', prices: tokenPrices({ imageOut: 28 }) };

describe('the price table', () => {
  test('puts models of one price together', () => {
    expect(priceGroups([]).map(({ label, date }) => [label, date])).toEqual([
      ['2.6, 2.5, 2', null],
      ['1.5', null],
      ['1-mini', null],
    ]);
  });

  test('has the person’s own rows first and once', () => {
    const groups = priceGroups([OWN]);
    expect(groups[0]).toMatchObject({ label: 'gpt-image-2', models: ['gpt-image-2'], date: '2026-11-20' });
    expect(groups[1]?.models).not.toContain('gpt-image-2');
    expect(groups[1]?.models).toContain('gpt-image-2-2026-04-21');
  });

  test('takes new prices in place of old ones, and gives them back', () => {
    const rows = withPrices([OWN], ['gpt-image-2', 'mine'], tokenPrices({ imageOut: 1 }), '2026-11-22');
    expect(rows.map(({ model, date }) => [model, date])).toEqual([
      ['gpt-image-2', '2026-11-22'],
      ['mine', '2026-11-22'],
    ]);
    expect(withoutPrices(rows, ['mine'])).toHaveLength(1);
  });

  test('writes and reads prices', () => {
    expect([5, 1.25, 2.5, 0.004, null].map(writePrice)).toEqual(['5', '1.25', '2.50', '0.004', '']);
    const prices = tokenPrices({ textIn: 5, imageOut: 0.125, perImage: 0 });
    expect(pricesFrom(priceTexts(prices))).toEqual({ prices });
    expect(pricesFrom({ ...priceTexts(prices), imageIn: ' $8.50 ' })).toMatchObject({ prices: { imageIn: 8.5 } });
    for (const wrong of ['eight', '-1', '1e3', '8,5', '9999999']) {
      expect(pricesFrom({ ...priceTexts(prices), imageIn: wrong })).toEqual({ fault: 'imageIn' });
    }
  });

  test('knows days', () => {
    expect(isoDay(new Date(2026, 0, 5, 23, 59).getTime())).toBe('2026-01-05');
    expect(formatIsoDay('2026-01-05')).toBe('5 Jan 2026');
  });
});

test('what is not certain stands together by how it ended, with the most that is known', () => {
  const one = (change: Partial<UncertainCost>): UncertainCost => ({
    generationId: 'g' as UncertainCost['generationId'],
    at: 1,
    state: 'failed',
    code: 'timed-out',
    billing: 'possible',
    model: 'm',
    max: 100,
    ...change,
  });
  expect(
    groupUncertain([
      one({}),
      one({ max: null }),
      one({ code: null, state: 'done', max: null }),
      one({ code: 'server-failed' }),
    ]),
  ).toEqual([
    { name: 'Timed out', requests: 2, unknown: 1, max: 100 },
    { name: 'Failed', requests: 1, unknown: 0, max: 100 },
    { name: 'Unpriced', requests: 1, unknown: 1, max: null },
  ]);
});

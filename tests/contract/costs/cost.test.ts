import fc from '../../fast-check.ts';
import { describe, expect, test } from 'vitest';
import { computeCost, type BilledResponse } from '../../../electron/contract/costs/cost.ts';
import type { ResponseMetadata, Usage } from '../../../electron/contract/entities/generations.ts';
import { tokenPrices } from '../../../electron/contract/entities/money.ts';

const PRICES = tokenPrices({ textIn: 5, textCached: 1.25, imageIn: 8, imageCached: 2, imageOut: 30 });
const AUTHOR = tokenPrices({ textIn: 1.25, textCached: 0.125, textOut: 10 });
const bill = (answer: ResponseMetadata | null, more: Partial<BilledResponse> = {}): BilledResponse => ({
  answer,
  images: 1,
  prices: PRICES,
  svgPrices: null,
  free: false,
  ...more,
});
const usage = (fields: Usage): ResponseMetadata => ({ usage: fields });
const IMAGES: Usage = {
  input_tokens: 1050,
  input_tokens_details: { text_tokens: 50, image_tokens: 1000 },
  output_tokens: 4160,
  total_tokens: 5210,
};
const OUT = 4160 * 30;

describe('cost from the server’s token counts', () => {
  test.each<[string, Usage, number]>([
    ['text, images and output', IMAGES, 50 * 5 + 1000 * 8 + OUT],
    [
      'text output without its own price',
      { ...IMAGES, output_tokens_details: { image_tokens: 4000, text_tokens: 160 } },
      50 * 5 + 1000 * 8 + OUT,
    ],
    [
      'cached text and image tokens',
      {
        ...IMAGES,
        input_tokens_details: {
          text_tokens: 50,
          image_tokens: 1000,
          cached_tokens: 640,
          cached_tokens_details: { text_tokens: 40, image_tokens: 600 },
        },
      },
      10 * 5 + 40 * 1.25 + 400 * 8 + 600 * 2 + OUT,
    ],
    [
      'cached text tokens only',
      {
        input_tokens: 2000,
        input_tokens_details: { text_tokens: 2000, image_tokens: 0, cached_tokens: 1024 },
        output_tokens: 4160,
      },
      976 * 5 + 1024 * 1.25 + OUT,
    ],
    [
      'cached tokens of unknown kind, priced as uncached',
      { ...IMAGES, input_tokens_details: { text_tokens: 50, image_tokens: 1000, cached_tokens: 640 } },
      50 * 5 + 1000 * 8 + OUT,
    ],
    [
      'more cached tokens than input tokens',
      {
        ...IMAGES,
        input_tokens_details: { text_tokens: 50, image_tokens: 1000, cached_tokens_details: { text_tokens: 900 } },
      },
      Math.round(50 * 1.25 + 1000 * 8 + OUT),
    ],
    ['input that is not split, as the dearer kind', { input_tokens: 100, output_tokens: 4160 }, 100 * 8 + OUT],
    [
      'field names of the chat endpoint',
      {
        prompt_tokens: 100,
        prompt_tokens_details: { text_tokens: 100, cached_tokens: 64 },
        completion_tokens: 4160,
      },
      36 * 5 + 64 * 1.25 + OUT,
    ],
    ['output counted only in the details', { input_tokens: 0, output_tokens_details: { image_tokens: 4160 } }, OUT],
  ])('%s', (_, fields, cost) => {
    expect(computeCost(bill(usage(fields)))).toEqual({ cost, basis: 'usage' });
  });

  test('uses the price of text output if it is known', () => {
    const fields = { ...IMAGES, output_tokens_details: { image_tokens: 4000, text_tokens: 160 } };
    expect(computeCost(bill(usage(fields), { prices: { ...PRICES, textOut: 10 } }))?.cost).toBe(
      50 * 5 + 1000 * 8 + 4000 * 30 + 160 * 10,
    );
  });

  test('uses the uncached price if the cached one is unknown', () => {
    const fields = { ...IMAGES, input_tokens_details: { text_tokens: 1050, image_tokens: 0, cached_tokens: 1000 } };
    const prices = { ...PRICES, textCached: null };
    expect(computeCost(bill(usage(fields), { prices }))?.cost).toBe(1050 * 5 + OUT);
  });

  test('includes the text model’s cost of an SVG', () => {
    const answer: ResponseMetadata = {
      usage: IMAGES,
      svg_usage: {
        model: 'gpt-5.5',
        input_tokens: 500,
        output_tokens: 3000,
        reasoning_tokens: 900,
        total_tokens: 3500,
      },
    };
    const painting = 50 * 5 + 1000 * 8 + OUT;
    expect(computeCost(bill(answer, { svgPrices: AUTHOR }))).toEqual({
      cost: painting + 500 * 1.25 + 3000 * 10,
      basis: 'usage',
    });
    expect(computeCost(bill(answer))).toBeNull();
    expect(computeCost(bill({ svg_usage: answer.svg_usage }, { svgPrices: AUTHOR }))).toBeNull();
  });
});

describe('unknown cost', () => {
  test.each<[string, Partial<BilledResponse>]>([
    ['no whole answer', { answer: null }],
    ['no prices', { prices: null }],
    ['no price of one part', { prices: { ...PRICES, imageIn: null } }],
    ['no usage', { answer: { size: '1024x1024' } }],
    ['a usage of nothing', { answer: usage({ input_tokens: 0, output_tokens: 0 }) }],
    ['no output', { answer: usage({ input_tokens: 9 }) }],
    ['a negative count', { answer: usage({ ...IMAGES, output_tokens: -1 }) }],
    ['half a token', { answer: usage({ ...IMAGES, output_tokens: 0.5 }) }],
    ['a count beyond belief', { answer: usage({ ...IMAGES, output_tokens: 1e15 }) }],
    ['a count that is text', { answer: usage({ ...IMAGES, input_tokens_details: { text_tokens: '50' } }) }],
  ])('%s', (_, fields) => {
    expect(computeCost(bill(usage(IMAGES), fields))).toBeNull();
  });

  test('ignores a missing price of a kind without tokens', () => {
    const text: Usage = {
      input_tokens: 50,
      input_tokens_details: { text_tokens: 50, image_tokens: 0 },
      output_tokens: 1,
    };
    expect(computeCost(bill(usage(text), { prices: { ...PRICES, imageIn: null } }))?.cost).toBe(50 * 5 + 30);
  });
});

describe('other costs', () => {
  test('is 0 for a free profile, in any state', () => {
    expect(computeCost(bill(usage(IMAGES), { free: true }))).toEqual({ cost: 0, basis: 'free' });
    expect(computeCost(bill(null, { free: true, prices: null }))).toEqual({ cost: 0, basis: 'free' });
  });

  test('uses the price per image if the server reports no tokens', () => {
    const prices = { ...PRICES, perImage: 0.04 };
    expect(computeCost(bill({}, { prices, images: 3 }))).toEqual({ cost: 120_000, basis: 'pictures' });
    expect(computeCost(bill(usage(IMAGES), { prices, images: 3 }))?.basis).toBe('usage');
    expect(computeCost(bill(usage(IMAGES), { prices: tokenPrices({ perImage: 0.04 }) }))).toEqual({
      cost: 40_000,
      basis: 'pictures',
    });
    expect(computeCost(bill({}, { prices, images: 0 }))).toBeNull();
    // The response was cut off after two images.
    expect(computeCost(bill(null, { prices, images: 2 }))).toEqual({ cost: 80_000, basis: 'pictures' });
    expect(computeCost(bill(null, { prices, images: 0 }))).toBeNull();
  });

  test('is an integer of micro-dollars or unknown for any usage', () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 3, key: fc.constantFrom(...KEYS) }), fc.boolean(), (said, svg) => {
        const answer = { usage: said, ...(svg && { svg_usage: said }) } as ResponseMetadata;
        const found = computeCost(bill(answer, { svgPrices: AUTHOR }));
        if (found) expect(Number.isSafeInteger(found.cost) && found.cost >= 0).toBe(true);
      }),
    );
  });
});

const KEYS = [
  'input_tokens',
  'output_tokens',
  'input_tokens_details',
  'output_tokens_details',
  'text_tokens',
  'image_tokens',
  'cached_tokens',
  'cached_tokens_details',
];

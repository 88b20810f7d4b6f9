import { expect, test } from 'vitest';
import type { ResponseMetadata } from '../../electron/contract/entities/generations.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import { tokenPrices, type Prices } from '../../electron/contract/entities/money.ts';
import { requestCost, type Pricing } from '../../electron/jobs/request-cost.ts';

const PRICES: Record<string, Prices> = {
  painter: tokenPrices({ textIn: 5, imageIn: 8, imageOut: 30 }),
  writer: tokenPrices({ textIn: 1, textOut: 10 }),
  'writer-2026-09-01': tokenPrices({ textIn: 2, textOut: 20 }),
};
const MONEY: Pricing = { findPrices: (model) => PRICES[model] ?? null, monthlyCap: () => null };
const PAINTING = 10 * 5 + 100 * 30;
const answerOf = (svgUsage: Record<string, unknown>): ResponseMetadata => ({
  usage: { input_tokens: 10, input_tokens_details: { text_tokens: 10, image_tokens: 0 }, output_tokens: 100 },
  svg_usage: { input_tokens: 50, output_tokens: 200, ...svgUsage },
});
const computeCost = (answer: ResponseMetadata, asked: string | null): number | undefined => {
  const svg = asked === null ? null : { model: asked };
  const parameters: JobRequest['parameters'] = { prompt: 'A kite', model: 'painter', output_format: 'svg', svg };
  return requestCost({ answer, images: 1 }, { parameters, free: false, pricing: MONEY })?.cost;
};

test('the cost of an SVG without svg_usage is unknown; other images need none', () => {
  const { usage } = answerOf({});
  expect(computeCost({ usage }, 'writer')).toBeUndefined();
  const parameters = { prompt: 'A kite', model: 'painter' };
  expect(requestCost({ answer: { usage }, images: 1 }, { parameters, free: false, pricing: MONEY })?.cost).toBe(
    PAINTING,
  );
});

test.each<[string, Record<string, unknown>, string | null, number | undefined]>([
  ['is the requested one when the response names none', {}, 'writer', PAINTING + 50 + 2000],
  ['is the one in the response', { model: 'writer' }, null, PAINTING + 50 + 2000],
  ['is a dated one with its own prices', { model: 'writer-2026-09-01' }, 'writer', PAINTING + 100 + 4000],
  ['is a dated one without its own prices', { model: 'writer-2026-11-11' }, 'writer', PAINTING + 50 + 2000],
  ['is another one without prices', { model: 'other-writer' }, 'writer', undefined],
  ['is unknown', {}, null, undefined],
  ['is not a string in the response', { model: 7 }, 'writer', PAINTING + 50 + 2000],
])('the price when the model of an SVG %s', (_, svgUsage, asked, cost) => {
  expect(computeCost(answerOf(svgUsage), asked)).toBe(cost);
});

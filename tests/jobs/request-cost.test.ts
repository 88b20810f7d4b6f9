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

test('an SVG whose author nobody counted is of unknown cost; an image needs no author', () => {
  const { usage } = answerOf({});
  expect(computeCost({ usage }, 'writer')).toBeUndefined();
  const parameters = { prompt: 'A kite', model: 'painter' };
  expect(requestCost({ answer: { usage }, images: 1 }, { parameters, free: false, pricing: MONEY })?.cost).toBe(
    PAINTING,
  );
});

test.each<[string, Record<string, unknown>, string | null, number | undefined]>([
  ['is the one that was asked for where the answer names none', {}, 'writer', PAINTING + 50 + 2000],
  ['is the one that the answer names', { model: 'writer' }, null, PAINTING + 50 + 2000],
  ['is dated, with prices of its own', { model: 'writer-2026-09-01' }, 'writer', PAINTING + 100 + 4000],
  ['is dated, without prices of its own', { model: 'writer-2026-11-11' }, 'writer', PAINTING + 50 + 2000],
  ['is another one, whose prices nobody knows', { model: 'stranger' }, 'writer', undefined],
  ['is not told at all', {}, null, undefined],
  ['is told as something that is no name', { model: 7 }, 'writer', PAINTING + 50 + 2000],
])('the author of an SVG who %s', (_, told, asked, cost) => {
  expect(computeCost(answerOf(told), asked)).toBe(cost);
});

import fc from '../../fast-check.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import sharp from 'sharp';
import { computeCost } from '../../../electron/contract/costs/cost.ts';
import type { ResponseMetadata } from '../../../electron/contract/entities/generations.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import { addEstimates, estimateRequest, type EstimateFacts } from '../../../electron/contract/costs/estimate.ts';
import { findModel, MODELS } from '../../../electron/contract/catalogue/models.ts';
import { tokenPrices, type TokenHistory } from '../../../electron/contract/entities/money.ts';
import type { CreateParameters, EditParameters } from '../../../electron/contract/catalogue/parameters.ts';
import { startDemoApi } from '../../../electron/demo-api/server.ts';

/** Prices for every model, including those without catalogue prices. */
const PRICES = tokenPrices({ textIn: 5, textCached: 1.25, imageIn: 8, imageCached: 2, imageOut: 30 });
const AUTHOR = tokenPrices({ textIn: 1.25, textOut: 10 });

function facts(model: string, more: Partial<EstimateFacts> = {}): EstimateFacts {
  const none = { svgPrices: null, free: false, history: null, inputs: [] };
  return { model: findModel(model), prices: PRICES, ...none, ...more };
}

const profileId = 'demo' as JobRequest['profileId'];
function create(parameters: Partial<CreateParameters>): JobRequest {
  return {
    operation: 'create',
    profileId,
    parameters: { prompt: 'a lighthouse', model: 'gpt-image-1', ...parameters },
  };
}
function edit(parameters: Partial<EditParameters>): JobRequest {
  return {
    operation: 'edit',
    profileId,
    inputs: [],
    parameters: { prompt: 'a lighthouse', model: 'gpt-image-1', ...parameters },
  };
}

const HISTORY: TokenHistory = {
  model: 'gpt-image-2.6-sunburst',
  entries: [500, 520, 480, 510].map((outputTokens) => ({
    quality: 'medium',
    asked: 'auto',
    pixels: 1024 * 1024,
    outputTokens,
    partials: 0,
  })),
};

describe('estimate', () => {
  test('has a narrow range for a model with published counts', () => {
    const estimate = estimateRequest(create({ size: '1024x1024', quality: 'high' }), facts('gpt-image-1'));
    expect(estimate.basis).toBe('published');
    expect(estimate.explanation).toContain('published');
    const { min = 0, max = 0 } = estimate.range ?? {};
    expect(min).toBeGreaterThanOrEqual(4160 * 30);
    expect(max - min).toBeLessThan(100);
    expect(estimate.lines.map(({ what }) => what)).toEqual(['Prompt', 'Image']);
  });

  test('is marked as assumed for a model without published counts', () => {
    const estimate = estimateRequest(create({ size: '1024x1024', quality: 'low' }), facts('gpt-image-2.6-flare'));
    expect(estimate).toMatchObject({ basis: 'assumed' });
    expect(estimate.explanation).toContain('rough estimate');
    expect(estimate.lines[1]?.tokens).toEqual({ min: 204, max: 408 });
  });

  test('uses history from three requests of the same quality on', () => {
    const request = create({ model: HISTORY.model, size: '1024x1024', quality: 'medium' });
    const past = estimateRequest(request, facts(HISTORY.model, { history: HISTORY }));
    expect(past).toMatchObject({ basis: 'history', requests: 1 });
    expect(past.lines[1]?.tokens).toEqual({ min: 480, max: 520 });
    const few = { ...HISTORY, entries: HISTORY.entries.slice(0, 2) };
    expect(estimateRequest(request, facts(HISTORY.model, { history: few })).basis).toBe('assumed');
    const high = create({ model: HISTORY.model, size: '1024x1024', quality: 'high' });
    expect(estimateRequest(high, facts(HISTORY.model, { history: HISTORY })).basis).toBe('assumed');
  });

  test('uses earlier requests with auto for auto', () => {
    const request = create({ model: HISTORY.model, size: '2048x2048' });
    const estimate = estimateRequest(request, facts(HISTORY.model, { history: HISTORY }));
    expect(estimate.basis).toBe('history');
    expect(estimate.lines[1]?.tokens).toEqual({ min: 4 * 480, max: 4 * 520 });
  });

  test('uses the newest twenty requests, without their partial images', () => {
    const entry = { quality: 'high', asked: 'high', pixels: 1024 * 1024, partials: 2 };
    const entries = Array.from({ length: 25 }, (_, index) => ({ ...entry, outputTokens: index < 20 ? 4360 : 9999 }));
    const request = create({
      model: HISTORY.model,
      size: '1024x1024',
      quality: 'high',
      stream: true,
      partial_images: 3,
    });
    const estimate = estimateRequest(request, facts(HISTORY.model, { history: { ...HISTORY, entries } }));
    expect(estimate.explanation).toContain('20 requests');
    expect(estimate.lines.map(({ tokens }) => tokens).slice(1)).toEqual([
      { min: 4160, max: 4160 },
      { min: 0, max: 300 },
    ]);
  });

  test('is null with an explanation if no price is known', () => {
    const none = estimateRequest(create({ model: 'mine' }), facts('mine', { prices: null }));
    expect(none).toMatchObject({ range: null, perRequest: null, basis: 'unknown' });
    expect(none.explanation).toContain('No price for mine');
    const uncounted = estimateRequest(create({ model: 'mine' }), facts('mine'));
    expect(uncounted).toMatchObject({ range: null, basis: 'unknown' });
    expect(uncounted.explanation).toContain('unknown until');
    const half = estimateRequest(create({}), facts('gpt-image-1', { prices: tokenPrices({ imageOut: 30 }) }));
    expect(half).toMatchObject({ range: null, basis: 'unknown' });
    expect(half.explanation).toContain('prompt');
    expect(half.lines.at(-1)?.range).not.toBeNull();
  });

  test('is exact with a price per image', () => {
    const prices = tokenPrices({ perImage: 0.04 });
    const estimate = estimateRequest(create({ model: 'dall-e-2', n: 3 }), facts('dall-e-2', { prices }));
    expect(estimate).toMatchObject({ range: { min: 120_000, max: 120_000 }, basis: 'published', requests: 1 });
  });

  test('is 0 for a free profile', () => {
    expect(estimateRequest(create({ n: 4 }), facts('mine', { free: true, prices: null }))).toMatchObject({
      range: { min: 0, max: 0 },
      basis: 'free',
    });
  });

  test('counts each streamed image as a request with its own prompt and inputs', () => {
    const one = estimateRequest(create({ stream: true, partial_images: 3 }), facts('gpt-image-1'));
    const four = estimateRequest(create({ stream: true, partial_images: 3, n: 4 }), facts('gpt-image-1'));
    expect(four.requests).toBe(4);
    expect(four.perRequest).toEqual(one.range);
    expect(four.range).toEqual({ min: 4 * (one.range?.min ?? 0), max: 4 * (one.range?.max ?? 0) });
    const gif = create({ model: 'gpt-image-2.6-flare', stream: true, n: 4, output_format: 'gif' });
    expect(estimateRequest(gif, facts('gpt-image-2.6-flare')).requests).toBe(1);
  });

  test('includes the text model of an SVG, or says that its price is missing', () => {
    const request = create({ model: 'gpt-image-2.6-flare', output_format: 'svg', quality: 'low' });
    const known = estimateRequest(request, facts('gpt-image-2.6-flare', { svgPrices: AUTHOR }));
    expect(known).toMatchObject({ basis: 'assumed' });
    expect(known.lines.map(({ what }) => what).join()).toContain('Output of the SVG model');
    const unknown = estimateRequest(request, facts('gpt-image-2.6-flare'));
    expect(unknown).toMatchObject({ range: null, basis: 'unknown' });
    expect(unknown.explanation).toContain('input for the SVG model');
  });

  test('adds up several estimates with the least reliable basis', () => {
    const certain = estimateRequest(create({ quality: 'low' }), facts('gpt-image-1'));
    const guess = estimateRequest(create({ quality: 'low' }), facts('gpt-image-2'));
    const sum = addEstimates([certain, guess, certain]);
    expect(sum).toMatchObject({ basis: 'assumed', requests: 3, explanation: guess.explanation });
    expect(sum.range?.max).toBe(2 * (certain.range?.max ?? 0) + (guess.range?.max ?? 0));
    const unknown = estimateRequest(create({}), facts('mine', { prices: null }));
    expect(addEstimates([certain, unknown])).toMatchObject({ range: null, basis: 'unknown' });
    expect(addEstimates([]).range).toEqual({ min: 0, max: 0 });
  });
});

const anySize = fc.constantFrom('auto', '1024x1024', '1536x1024', '2048x2048', '3840x2160', null);
const anyParameters = fc.record({
  prompt: fc.string({ unit: 'grapheme', maxLength: 400 }),
  model: fc.constantFrom(...MODELS.filter(({ outputTokens }) => outputTokens).map(({ name }) => name)),
  size: anySize,
  quality: fc.constantFrom('auto', 'low', 'medium', 'high', 'xhigh', 'max', null),
  stream: fc.boolean(),
  partial_images: fc.integer({ min: 0, max: 3 }),
  output_format: fc.constantFrom('png', 'gif', 'svg', null),
  frame_count: fc.constantFrom(2, 9, 16, null),
  input_fidelity: fc.constantFrom('low', 'high', null),
});
const anyInput = fc.record({
  width: fc.integer({ min: 1, max: 8000 }),
  height: fc.integer({ min: 1, max: 8000 }),
  role: fc.constantFrom('image', 'mask', 'markup'),
});

test('min ≤ max, both are integers, and neither decreases with n', () => {
  fc.assert(
    fc.property(
      anyParameters as fc.Arbitrary<EditParameters>,
      fc.array(anyInput as fc.Arbitrary<EstimateFacts['inputs'][number]>, { maxLength: 4 }),
      fc.integer({ min: 1, max: 9 }),
      (parameters, inputs, n) => {
        const known = facts(parameters.model ?? '', { inputs, svgPrices: AUTHOR });
        const fewer = estimateRequest(edit({ ...parameters, n }), known);
        const more = estimateRequest(edit({ ...parameters, n: n + 1 }), known);
        for (const { range, lines } of [fewer, more]) {
          expect(range).not.toBeNull();
          for (const part of [range, ...lines.map((line) => line.tokens)]) {
            if (!part) continue;
            expect(part.min).toBeLessThanOrEqual(part.max);
            expect(part.min).toBeGreaterThanOrEqual(0);
            expect(Number.isSafeInteger(part.min) && Number.isSafeInteger(part.max)).toBe(true);
          }
        }
        expect(more.range?.min).toBeGreaterThanOrEqual(fewer.range?.min ?? 0);
        expect(more.range?.max).toBeGreaterThanOrEqual(fewer.range?.max ?? 0);
      },
    ),
    { numRuns: 1000 },
  );
});

describe('the demo server’s usage is within the estimate', () => {
  const LONG = 'a brass orrery on a walnut desk, late light through tall windows, '.repeat(30);
  test.each<[string, Partial<CreateParameters>]>([
    ['gpt-image-1', { size: '1024x1024', quality: 'low' }],
    ['gpt-image-1', { size: '1536x1024', quality: 'medium', n: 3 }],
    ['gpt-image-1', { size: '1024x1536', quality: 'high' }],
    ['gpt-image-1', {}],
    ['gpt-image-1', { prompt: LONG, quality: 'low', size: 'auto' }],
    ['gpt-image-1', { prompt: 'Ein Leuchtturm über Klippen – 灯台と夕焼け', quality: 'low', size: '1024x1024' }],
    ['gpt-image-1.5', { prompt: 'a tall poster', quality: 'high', n: 2 }],
    ['gpt-image-1-mini', { size: '1024x1024', quality: 'medium' }],
    ['gpt-image-1', { size: '1536x1024', quality: 'low', stream: true, partial_images: 3 }],
    ['gpt-image-2.6-sunburst', { size: '1536x864', quality: 'low' }],
    ['gpt-image-2.6-sunburst', { size: '1024x1024', quality: 'max', stream: true, partial_images: 1 }],
    ['gpt-image-2.6-flare', { size: '512x1280', quality: 'low', output_format: 'gif', frame_count: 2 }],
  ])('%s %j', async (model, parameters) => {
    const request = create({ model, ...parameters });
    const answer = await ask('generations', JSON.stringify(request.parameters), {
      'content-type': 'application/json',
    });
    checkWithin(request, facts(model), answer);
  });

  test.each<[string, Partial<EditParameters>, [number, number][]]>([
    ['gpt-image-1', { quality: 'low', size: '1024x1024' }, [[900, 700]]],
    ['gpt-image-1', { quality: 'low', input_fidelity: 'high' }, [[640, 640]]],
    [
      'gpt-image-1.5',
      { quality: 'low', input_fidelity: 'high' },
      [
        [300, 200],
        [1024, 1024],
      ],
    ],
    ['gpt-image-1-mini', { quality: 'medium', n: 2 }, [[1700, 500]]],
    ['gpt-image-2.6-sunburst', { quality: 'low' }, [[1040, 1024]]],
  ])('an edit by %s %j', async (model, parameters, sizes) => {
    const request = edit({ model, ...parameters });
    const form = new FormData();
    for (const [name, value] of Object.entries(request.parameters)) form.append(name, `${value as string | number}`);
    for (const [width, height] of sizes) {
      const image = await sharp({ create: { width, height, channels: 3, background: '#456' } })
        .png()
        .toBuffer();
      form.append('image[]', new Blob([image], { type: 'image/png' }), 'image.png');
    }
    const inputs = sizes.map(([width, height]) => ({ width, height, role: 'image' as const }));
    checkWithin(request, facts(model, { inputs }), await ask('edits', form));
  });
});

async function ask(
  path: string,
  body: string | FormData,
  headers: Record<string, string> = {},
): Promise<ResponseMetadata> {
  const server = await startDemoApi({ pace: 0 });
  onTestFinished(() => server.close());
  const response = await fetch(`${server.baseUrl}/images/${path}`, { method: 'POST', body, headers });
  const text = await response.text();
  expect(response.status, text.slice(0, 300)).toBe(200);
  if (!response.headers.get('content-type')?.includes('event-stream')) return JSON.parse(text) as ResponseMetadata;
  const last = text.split('\n').findLast((line) => line.startsWith('data: {'));
  return JSON.parse(last?.slice(6) ?? '{}') as ResponseMetadata;
}

function checkWithin(request: JobRequest, known: EstimateFacts, answer: ResponseMetadata): void {
  const { range } = estimateRequest(request, known);
  const actual = computeCost({
    answer: { usage: answer.usage },
    images: 1,
    prices: PRICES,
    svgPrices: null,
    free: false,
  });
  expect(actual?.basis).toBe('usage');
  expect(actual?.cost).toBeGreaterThanOrEqual(range?.min ?? Infinity);
  expect(actual?.cost).toBeLessThanOrEqual(range?.max ?? 0);
}

import { expect, test } from 'vitest';
import type { ProfileId } from '../../../../electron/contract/entities/ids.ts';
import type { Estimate } from '../../../../electron/contract/costs/estimate.ts';
import { STANDARD_SERVER } from '../../../../electron/contract/catalogue/servers.ts';
import { planBatch, type BatchPlan } from '../../../../renderer/request/model/batch-plan.ts';
import { submitLabel, estimateSummary } from '../../../../renderer/request/model/request-labels.ts';
import { resolveForm } from '../../../../renderer/request/model/request-from-form.ts';
import { readForm, type RequestForm } from '../../../../renderer/state/request-form.ts';

const options = { profileId: 'demo' as ProfileId, server: STANDARD_SERVER, checkInputs: () => [] };
function plan(change: Partial<RequestForm>): BatchPlan | null {
  const form = readForm({ prompt: 'A {red|blue|green} kite', ...change });
  return planBatch(resolveForm(form, STANDARD_SERVER), form, options);
}

test('a prompt without variables, one model and one quality are no batch', () => {
  expect(plan({ prompt: 'A kite' })).toBeNull();
  expect(plan({ prompt: 'A kite', moreModels: ['gpt-image-2.6-sunburst'], moreQualities: ['auto'] })).toBeNull();
});

test('variables, models and qualities make every combination, each with what its model takes', () => {
  const found = plan({ moreModels: ['dall-e-3'], moreQualities: ['high'], quality: 'low', complexity: 'low' });
  expect(found?.count).toBe(12);
  expect(found?.axes.map(({ kind, values }) => [kind, values.length])).toEqual([
    ['variable', 3],
    ['model', 2],
    ['quality', 2],
  ]);
  const parameters = found?.cells.map(({ request }) => request.parameters);
  expect(parameters?.[0]).toMatchObject({ prompt: 'A red kite', quality: 'low', complexity: 'low', stream: true });
  const other = parameters?.find(({ model }) => model === 'dall-e-3');
  expect(other).toMatchObject({ response_format: 'b64_json' });
  for (const name of ['complexity', 'stream', 'output_format']) expect(other).not.toHaveProperty(name);
});

test('a model that nobody knows gets nothing that its server might refuse', () => {
  const found = plan({ model: 'dall-e-3', moreModels: ['somebody/own'] });
  const response = found?.cells.map(
    ({ request }) => (request.parameters as { response_format?: string }).response_format,
  );
  expect(new Set(response)).toEqual(new Set([undefined]));
});

test('combinations that cannot be are named, with what to leave out', () => {
  const found = plan({ moreModels: ['gpt-image-2'], moreQualities: ['max', 'low'] });
  expect(found?.faults).toEqual([
    {
      field: 'quality',
      message: 'gpt-image-2 doesn’t support the quality max.',
      cells: 3,
      models: ['gpt-image-2'],
      qualities: ['max'],
    },
  ]);
  expect(found?.faulty.size).toBe(3);
  for (const { at, request } of found?.cells ?? []) {
    const { model, quality } = request.parameters as { model: string; quality: string };
    expect(found?.faulty.has(at.join())).toBe(model === 'gpt-image-2' && quality === 'max');
  }
});

test('a variable that leaves an empty prompt is a fault of that combination alone', () => {
  expect(plan({ prompt: '{|a kite}' })?.faults).toMatchObject([{ field: 'prompt', cells: 1 }]);
});

test('more combinations than a batch may have are counted and not made', () => {
  const values = Array.from({ length: 15 }, (_, index) => `v${index}`).join('|');
  const found = plan({ prompt: `{${values}} {${values}}` });
  expect([found?.count, found?.cells.length]).toEqual([225, 0]);
});

const ESTIMATE: Estimate = {
  range: { min: 1_400_000, max: 1_400_000 },
  perRequest: null,
  requests: 9,
  basis: 'published',
  lines: [],
  explanation: '',
};

test.each<[Partial<RequestForm>, string]>([
  [{ prompt: 'A kite' }, 'Create 1 image'],
  [{ prompt: 'A kite', count: 2 }, 'Create 2 images'],
  [{ prompt: 'A kite', count: 2, inputs: [image(1)] }, 'Create 2 images'],
  [{ prompt: 'A kite', count: 3, inputs: [image(1)], varying: true }, 'Create 3 variations'],
  [{ count: 2, stream: false }, 'Create 6 images, $1.40'],
])('the act of %j is %s', (change, words) => {
  const form = readForm({ prompt: 'A {red|blue|green} kite', ...change });
  expect(submitLabel(resolveForm(form, STANDARD_SERVER), plan(change), ESTIMATE)).toBe(words);
});

function image(number: number): RequestForm['inputs'][number] {
  return { role: 'image', sha256: String(number).repeat(64) as RequestForm['inputs'][number]['sha256'], image: null };
}

test('an estimate says what it is made of', () => {
  const resolved = resolveForm(readForm({ prompt: 'A kite', count: 2 }), STANDARD_SERVER);
  const each = { min: 192_000, max: 192_000 };
  const two = { ...ESTIMATE, requests: 2, perRequest: each };
  expect(estimateSummary(resolved, null, two)).toBe('2 × $0.192, 3 partials each');
  expect(estimateSummary(resolved, null, { ...two, requests: 1 })).toBe('1 request, 3 partials');
  expect(estimateSummary(resolved, null, { ...two, basis: 'free' })).toBe('2 requests, 3 partials each');
  const quiet = resolveForm(readForm({ prompt: 'A kite', count: 2, stream: false }), STANDARD_SERVER);
  expect(estimateSummary(quiet, null, { ...two, requests: 1 })).toBe('1 request');
});

import { expect, test } from 'vitest';
import type { ProfileId, Sha256 } from '../../../../electron/contract/entities/ids.ts';
import type { Input, JobRequest } from '../../../../electron/contract/entities/requests.ts';
import { STANDARD_SERVER, resolveServer, type Server } from '../../../../electron/contract/catalogue/servers.ts';
import {
  requestFromForm,
  resolveForm,
  type ResolvedForm,
} from '../../../../renderer/request/model/request-from-form.ts';
import {
  formFromRequest,
  readForm,
  VARIATION_PROMPT,
  type RequestForm,
} from '../../../../renderer/state/request-form.ts';

const profile = 'demo' as ProfileId;
const OPENAI = resolveServer({ server: 'openai', found: null, overrides: {} });
const form = (change: Partial<RequestForm> = {}): RequestForm => readForm({ prompt: 'Two pears', ...change });
const settle = (change: Partial<RequestForm> = {}, server: Server = STANDARD_SERVER): ResolvedForm =>
  resolveForm(form(change), server);
const requestOf = (change: Partial<RequestForm> = {}, server: Server = STANDARD_SERVER): JobRequest =>
  requestFromForm(settle(change, server), form(change), profile);
const fields = (list: readonly { field: string }[]): string[] => list.map(({ field }) => field);
const input = (number: number, role: Input['role'] = 'image'): Input => ({
  role,
  sha256: String(number).repeat(64) as Sha256,
  image: null,
});

test('the untouched form asks for one streamed image with three partial images and leaves the rest to the server', () => {
  expect(requestOf()).toEqual({
    operation: 'create',
    profileId: 'demo',
    parameters: {
      prompt: 'Two pears',
      model: 'gpt-image-2.6-sunburst',
      n: 1,
      size: 'auto',
      quality: 'auto',
      background: 'auto',
      output_format: 'png',
      stream: true,
      partial_images: 3,
    },
  });
});

test('every choice is sent by its API name', () => {
  const chosen: Partial<RequestForm> = {
    size: '2048x2048',
    quality: 'max',
    format: 'webp',
    background: 'transparent',
    compression: 80,
    count: 4,
    partials: 0,
    moderation: 'low',
    complexity: 'high',
    user: ' me ',
    safetyId: 'x',
    collectionId: '00000000-0000-7000-8000-000000000001' as NonNullable<RequestForm['collectionId']>,
  };
  expect(settle(chosen).problems).toEqual([]);
  expect(requestOf(chosen)).toEqual({
    operation: 'create',
    profileId: 'demo',
    collectionId: '00000000-0000-7000-8000-000000000001',
    parameters: {
      prompt: 'Two pears',
      model: 'gpt-image-2.6-sunburst',
      n: 4,
      size: '2048x2048',
      quality: 'max',
      background: 'transparent',
      output_format: 'webp',
      output_compression: 80,
      moderation: 'low',
      complexity: 'high',
      stream: true,
      partial_images: 0,
      user: 'me',
      safety_identifier: 'x',
    },
  });
});

test('a GIF has frames and their time, and neither stream, partial images nor compression', () => {
  const { parameters } = requestOf({ format: 'gif', frames: 4, frameTime: 120, compression: 40 });
  expect(parameters).toMatchObject({ output_format: 'gif', frame_count: 4, frame_duration_ms: 120 });
  for (const name of ['stream', 'partial_images', 'output_compression', 'svg'])
    expect(parameters).not.toHaveProperty(name);
});

test('an SVG has its author and effort; without an author only an edit has an effort', () => {
  const svg = (change: Partial<RequestForm>) => requestOf({ format: 'svg', ...change }).parameters;
  expect(svg({ svgModel: 'gpt-5.5', svgEffort: 'high' })).toMatchObject({
    svg: { model: 'gpt-5.5', reasoning: { effort: 'high' } },
  });
  expect(svg({ svgModel: ' gpt-5.5 ' })).toMatchObject({ svg: { model: 'gpt-5.5' } });
  expect(svg({})).not.toHaveProperty('svg');
  expect(svg({ svgEffort: 'low' })).not.toHaveProperty('svg');
  expect(settle({ format: 'svg', svgEffort: 'low' }).omitted).toContainEqual({
    field: 'svg.reasoning.effort',
    value: 'Low',
    reason: 'requires an SVG model',
    instead: null,
  });
  expect(svg({ svgEffort: 'low', inputs: [input(1)] })).toMatchObject({ svg: { reasoning: { effort: 'low' } } });
  expect(requestOf({ format: 'png', svgModel: 'gpt-5.5' }).parameters).not.toHaveProperty('svg');
});

test('with streaming off one request asks for all, and its partial images are not sent', () => {
  const { parameters } = requestOf({ stream: false, count: 3 });
  expect(parameters).toMatchObject({ n: 3 });
  expect(parameters).not.toHaveProperty('stream');
  expect(parameters).not.toHaveProperty('partial_images');
});

test('a model without streaming gets neither streaming nor words that it does not know', () => {
  const old = settle({ model: 'dall-e-3' });
  expect(old.problems).toEqual([]);
  expect(old.sent).toEqual({ prompt: 'Two pears', model: 'dall-e-3', n: 1, response_format: 'b64_json' });
  expect(fields(old.omitted)).toEqual(
    expect.arrayContaining(['output_format', 'output_compression', 'moderation', 'complexity', 'partial_images']),
  );
  expect(fields(old.omitted)).not.toContain('quality');
});

test('images in the tray make it an edit, with the parameters that an edit has', () => {
  const inputs = [input(1), input(2), input(3, 'mask')];
  const request = requestOf({ model: 'gpt-image-1.5', inputs, fidelity: 'high', moderation: 'low' });
  expect(request).toMatchObject({ operation: 'edit', inputs, parameters: { input_fidelity: 'high' } });
  expect(request.parameters).not.toHaveProperty('moderation');
  expect(settle({ inputs, moderation: 'low' }).omitted[0]).toEqual({
    field: 'moderation',
    value: 'Low',
    reason: 'not supported by edits',
    instead: null,
  });
});

test('a mask keeps the strict mask option, as it was chosen, and nothing else does', () => {
  const masked = [input(1), input(3, 'mask')];
  expect(requestOf({ inputs: masked })).toMatchObject({ strict: { feather: 6 } });
  expect(requestOf({ inputs: masked, feather: 0 })).toMatchObject({ strict: { feather: 0 } });
  expect(requestOf({ inputs: masked, strict: false })).not.toHaveProperty('strict');
  expect(requestOf({ inputs: [input(1)] })).not.toHaveProperty('strict');
  expect(requestOf({})).not.toHaveProperty('strict');
});

test('the strict mask option comes back with its request; without a mask it was no choice', () => {
  const masked = [input(1), input(3, 'mask')];
  const again = (change: Partial<RequestForm>): RequestForm => formFromRequest(requestOf(change));
  expect(again({ inputs: masked, feather: 12 })).toMatchObject({ strict: true, feather: 12 });
  expect(again({ inputs: masked, strict: false })).toMatchObject({ strict: false });
  expect(again({ inputs: [input(1)], strict: false })).toMatchObject({ strict: true, feather: 6 });
});

test('a variation goes to the endpoint where the server has it for the model, without prompt and mask', () => {
  const wanted = { model: 'dall-e-2', varying: true, inputs: [input(1), input(2, 'mask')], size: '512x512' };
  expect(requestOf(wanted)).toEqual({
    operation: 'variation',
    profileId: 'demo',
    inputs: [input(1)],
    parameters: { model: 'dall-e-2', n: 1, size: '512x512', response_format: 'b64_json' },
  });
  expect(settle(wanted).omitted[0]).toMatchObject({ field: 'prompt', reason: 'not supported by variations' });
});

test('elsewhere a variation is an edit with a prompt that can be seen and changed, and says so', () => {
  const wanted = { varying: true, inputs: [input(1)] };
  const request = requestOf(wanted, OPENAI);
  expect(request).toMatchObject({ operation: 'edit', variation: true, parameters: { prompt: VARIATION_PROMPT } });
  expect(requestOf({ ...wanted, variationPrompt: 'Bluer' }, OPENAI)).toMatchObject({ parameters: { prompt: 'Bluer' } });
  expect(settle({ ...wanted, variationPrompt: ' ' }, OPENAI).problems[0]?.field).toBe('prompt');
  expect(settle(wanted, OPENAI).omitted[0]).toMatchObject({ field: 'prompt', value: 'Two pears' });
  expect(requestOf({ varying: true })).toMatchObject({ operation: 'create' });
});

test.each<[string, Partial<RequestForm>]>([
  ['prompt', { prompt: '  ' }],
  ['prompt', { prompt: 'a'.repeat(32_001) }],
  ['model', { model: ' ' }],
  ['model', { model: 'dall-e-3', inputs: [input(1)] }],
  ['size', { size: '3900x1392' }],
  ['size', { format: 'gif', size: '2048x2048', frames: 9 }],
])('a fault of %s keeps the form from being sent', (field, change) => {
  expect(fields(settle(change).problems)).toContain(field);
});

test('a prompt is sent as it is typed; only with Vary on, an escape stands for its character', () => {
  const prompt = 'a \\{b\\|c\\} \\\\';
  expect(requestOf({ prompt, variables: false }).parameters).toMatchObject({ prompt });
  expect(requestOf({ prompt, variables: true }).parameters).toMatchObject({ prompt: 'a {b|c} \\' });
});

test.each([
  ['A {red|blue} kite', 'A {red|blue} kite', true],
  ['a \\{b\\|c\\}', 'a {b|c}', false],
  ['\\frac{x}{y} \\\\ z', '\\frac{x}{y} \\\\ z', false],
  ['plain', 'plain', false],
])('a draft from before the switch keeps its meaning: %j', (stored, prompt, variables) => {
  expect(readForm({ prompt: stored })).toMatchObject({ prompt, variables });
  expect(readForm({ variationPrompt: stored })).toMatchObject({
    variationPrompt: prompt,
    variationVariables: variables,
  });
  expect(readForm({ prompt: stored, variables: false })).toMatchObject({ prompt: stored, variables: false });
});

const REQUESTS: JobRequest[] = [
  requestOf({ size: '1536x1024', quality: 'high', format: 'jpeg', compression: 60, count: 2, user: 'me' }),
  requestOf({ stream: false, count: 3, partials: 1 }),
  requestOf({ prompt: 'a \\{b\\|c\\}', format: 'gif', frames: 3, frameTime: 90 }),
  requestOf({ format: 'svg', svgModel: 'gpt-5.5', svgEffort: 'max', complexity: 'low' }),
  requestOf({ model: 'dall-e-3', style: 'natural', response: 'url', quality: 'hd', size: '1792x1024' }),
  requestOf({ model: 'gpt-image-1.5', inputs: [input(1), input(2), input(3, 'mask')], fidelity: 'high' }),
  requestOf({ varying: true, inputs: [input(1)], variationPrompt: 'Bluer' }, OPENAI),
  requestOf({
    varying: true,
    model: 'dall-e-2',
    inputs: [input(1)],
  }),
  requestOf({ model: 'somebody/own-model', response: 'url', style: 'vivid', size: '123x457', quality: 'standard' }),
];
test.each(REQUESTS)('a form made from a request asks for the same again: $operation $parameters.model', (request) => {
  const again = formFromRequest(request);
  const server = request.operation === 'edit' && request.variation ? OPENAI : STANDARD_SERVER;
  const resolved = resolveForm(again, server);
  expect(requestFromForm(resolved, again, profile)).toEqual(request);
  expect(resolved.problems).toEqual([]);
});

test('what was stored in another shape becomes a form with defaults, never a crash', () => {
  const stored = { prompt: 7, quality: 'golden', count: 1.5, partials: 2, inputs: [{ role: 'image' }], stream: 'on' };
  expect(readForm(stored)).toMatchObject({
    prompt: '',
    quality: 'auto',
    count: 1,
    partials: 2,
    inputs: [],
    stream: true,
  });
  expect(readForm(null)).toEqual(readForm({}));
});

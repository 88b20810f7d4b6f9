import { expect, test } from 'vitest';
import type { ProfileId } from '../../../electron/contract/entities.ts';
import { checkForm, notSent, requestFromForm } from '../../../renderer/create/request.ts';
import { formFromParameters, readForm, type RequestForm } from '../../../renderer/state/request-form.ts';

const profile = 'demo' as ProfileId;
const form = (change: Partial<RequestForm> = {}): RequestForm => readForm({ prompt: 'Two pears', ...change });
const fields = (list: { field: string }[]): string[] => list.map(({ field }) => field);

test('the untouched form asks for one streamed picture with three partial images and leaves the rest to the server', () => {
  expect(requestFromForm(form(), profile)).toEqual({
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
  const chosen = form({
    size: '2048x2048',
    quality: 'max',
    format: 'webp',
    background: 'transparent',
    compression: 80,
    count: 4,
    partials: 0,
    moderation: 'low',
    complexity: 'high',
    extra: { user: 'me', safety_identifier: 'x' },
  });
  expect(checkForm(chosen)).toEqual([]);
  expect(requestFromForm(chosen, profile).parameters).toEqual({
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
  });
});

test('a model without streaming gets neither streaming nor words that it does not know', () => {
  const old = form({ model: 'dall-e-3' });
  expect(checkForm(old)).toEqual([]);
  expect(requestFromForm(old, profile).parameters).toEqual({
    prompt: 'Two pears',
    model: 'dall-e-3',
    n: 1,
    response_format: 'b64_json',
  });
  expect(fields(notSent(old))).toEqual(
    expect.arrayContaining(['output_format', 'output_compression', 'moderation', 'complexity', 'partial_images']),
  );
  expect(fields(notSent(old))).not.toContain('quality');
});

test('compression is named as not sent for PNG, and sent for JPEG', () => {
  expect(notSent(form())).toEqual([{ field: 'output_compression', reason: 'PNG keeps every pixel' }]);
  expect(notSent(form({ format: 'jpeg' }))).toEqual([]);
  expect(requestFromForm(form({ format: 'jpeg', compression: 70 }), profile).parameters).toMatchObject({
    output_compression: 70,
  });
});

test.each([
  ['prompt', { prompt: '  ' }],
  ['prompt', { prompt: 'a'.repeat(32_001) }],
  ['model', { model: ' ' }],
  ['size', { size: '3900x1392' }],
  ['quality', { model: 'gpt-image-2', quality: 'max' as const }],
  ['background', { model: 'gpt-image-2', background: 'transparent' as const }],
  ['n', { count: 11 }],
])('a fault of %s keeps the form from being sent', (field, change) => {
  expect(fields(checkForm(form(change)))).toContain(field);
});

test('a form made from what was sent sends the same again', () => {
  const first = form({
    size: '1536x1024',
    quality: 'high',
    format: 'jpeg',
    compression: 60,
    count: 2,
    extra: { user: 'me' },
  });
  const { parameters } = requestFromForm(first, profile);
  expect(requestFromForm(formFromParameters(parameters), profile).parameters).toEqual(parameters);
});

test('what was stored in another shape becomes a form with defaults, never a crash', () => {
  expect(readForm({ prompt: 7, quality: 'golden', count: 1.5, partials: 2 })).toMatchObject({
    prompt: '',
    quality: 'auto',
    count: 1,
    partials: 2,
  });
  expect(readForm(null)).toEqual(readForm({}));
});

import fc from '../../fast-check.ts';
import { describe, expect, test } from 'vitest';
import { findModel, MODELS, type SizeRule } from '../../../electron/contract/catalogue/models.ts';
import {
  BACKGROUNDS,
  COMPLEXITIES,
  FIDELITIES,
  FORMATS,
  MODERATIONS,
  OPERATIONS,
  QUALITIES,
  RESPONSE_FORMATS,
  STYLES,
  type ParameterName,
  type Parameters,
} from '../../../electron/contract/catalogue/parameters.ts';
import { omitUnsupportedParameters } from '../../../electron/contract/rules/omit-parameters.ts';
import { checkParameters, PARAMETERS_OF } from '../../../electron/contract/rules/parameter-rules.ts';
import { checkSize, parseSize } from '../../../electron/contract/rules/size-rules.ts';

const FREE = findModel('gpt-image-2.6-sunburst').sizes as Extract<SizeRule, { kind: 'free' }>;

describe('sizes', () => {
  test('the limits are the ones tested here', () => {
    expect(FREE).toMatchObject({
      multipleOf: 16,
      maxRatio: 3,
      maxEdge: 3840,
      minPixels: 655_360,
      maxPixels: 8_294_400,
    });
  });

  test.each([
    ['auto', null],
    ...FREE.presets.map((size): [string, null] => [size, null]),
    // Divisible by 16.
    ['1040x1024', null],
    ['1041x1024', 'divisible by 16'],
    ['1024x1032', 'divisible by 16'],
    // The longest edge.
    ['3840x2160', null],
    ['2160x3840', null],
    ['3856x2144', 'longest edge can be at most 3840'],
    ['2144x3856', 'longest edge can be at most 3840'],
    // Three to one.
    ['1536x512', null],
    ['512x1536', null],
    ['1552x512', 'at most 3 times'],
    ['512x1552', 'at most 3 times'],
    // The fewest pixels: 1024 times 640 is exactly 655,360.
    ['1024x640', null],
    ['1008x640', 'At least 655,360 pixels; this is 645,120'],
    // The most: 3840 times 2160 is exactly 8,294,400, 2880 squared too.
    ['2880x2880', null],
    ['2896x2880', 'At most 8,294,400 pixels; this is 8,340,480'],
    // Not a size.
    ['', 'like 1536x1024'],
    ['1024', 'like 1536x1024'],
    ['1024x', 'like 1536x1024'],
    ['1024X1024', 'like 1536x1024'],
    ['01024x1024', 'like 1536x1024'],
    ['0x1024', 'like 1536x1024'],
    ['-1024x1024', 'like 1536x1024'],
    ['1024.0x1024', 'like 1536x1024'],
    ['1024x1024 ', 'like 1536x1024'],
    ['1024x1024\n', 'like 1536x1024'],
    ['1000000x16', 'like 1536x1024'],
  ])('%j with free sizes', (size, fault) => {
    const message = checkSize(size, FREE);
    if (fault === null) expect(message).toBeNull();
    else expect(message).toContain(fault);
  });

  test.each([
    ['dall-e-2', '256x256', true],
    ['dall-e-2', '1792x1024', false],
    ['dall-e-2', 'auto', false],
    ['dall-e-3', '1792x1024', true],
    ['dall-e-3', '512x512', false],
    ['gpt-image-1', 'auto', true],
    ['gpt-image-1', '2048x2048', false],
  ])('%s allows only its list: %s %s', (name, size, taken) => {
    const message = checkSize(size, findModel(name).sizes);
    if (taken) expect(message).toBeNull();
    else expect(message).toMatch(/^Supported sizes: .+\.$/u);
  });

  test('every accepted size is within all limits', () => {
    const edge = fc.oneof(
      fc.integer({ min: 1, max: 260 }).map((steps) => steps * 16),
      fc.integer({ min: 1, max: 5000 }),
    );
    fc.assert(
      fc.property(edge, edge, (width, height) => {
        const [short, long] = [Math.min(width, height), Math.max(width, height)];
        const taken =
          width % 16 === 0 &&
          height % 16 === 0 &&
          long <= 3840 &&
          long <= 3 * short &&
          width * height >= 655_360 &&
          width * height <= 8_294_400;
        expect(checkSize(`${width}x${height}`, FREE) === null).toBe(taken);
        expect(parseSize(`${width}x${height}`)).toEqual({ width, height });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('omitted parameters', () => {
  test.each<[string, object, string, string]>([
    ['dall-e-2', { background: 'opaque' }, 'background', 'has one background'],
    ['dall-e-2', { output_format: 'png' }, 'output_format', 'has one format'],
    ['dall-e-2', { output_compression: 50 }, 'output_compression', 'has one format'],
    ['dall-e-2', { stream: true }, 'stream', 'doesn’t stream'],
    ['dall-e-3', { stream: true, partial_images: 2 }, 'partial_images', 'doesn’t stream'],
    ['gpt-image-2', { partial_images: 2 }, 'partial_images', 'only while streaming'],
    ['gpt-image-2', { stream: false, partial_images: 2 }, 'partial_images', 'only while streaming'],
    ['gpt-image-2', { output_compression: 50 }, 'output_compression', 'PNG is lossless'],
    ['gpt-image-2', { output_format: 'png', output_compression: 50 }, 'output_compression', 'PNG is lossless'],
    ['dall-e-2', { moderation: 'low' }, 'moderation', 'not supported by dall-e-2'],
    ['gpt-image-2', { complexity: 'high' }, 'complexity', 'not supported by gpt-image-2'],
    ['gpt-image-1', { input_fidelity: 'high' }, 'input_fidelity', 'supported by edits only'],
    ['gpt-image-2', { frame_count: 4 }, 'frame_count', 'doesn’t support GIF'],
    ['gpt-image-2.6-flare', { frame_count: 4 }, 'frame_count', 'only for GIF'],
    ['gpt-image-2.6-flare', { svg: { model: 'a' } }, 'svg', 'only for SVG'],
    ['gpt-image-2.6-flare', { output_format: 'gif', stream: true }, 'stream', 'GIF isn’t streamed'],
    [
      'gpt-image-2.6-flare',
      { output_format: 'svg', output_compression: 9 },
      'output_compression',
      'SVG has no compression',
    ],
    ['gpt-image-2', { style: 'vivid' }, 'style', 'supported by dall-e-3 only'],
    ['gpt-image-2', { response_format: 'url' }, 'response_format', 'always returns base64'],
  ])('%s %j: %s, with the reason', (model, chosen, field, reason) => {
    const { sent, omitted } = omitUnsupportedParameters('create', { prompt: 'a fox', model, ...chosen });
    expect(sent).not.toHaveProperty(field);
    expect(omitted.find((entry) => entry.field === field)?.reason).toContain(reason);
  });

  test.each<[string, object]>([
    ['gpt-image-2', { stream: true, partial_images: 2 }],
    ['gpt-image-2', { output_format: 'jpeg', output_compression: 50 }],
    ['gpt-image-2', { output_format: 'webp', output_compression: 0 }],
    ['gpt-image-2.6-flare', { complexity: 'high', background: 'transparent' }],
    ['gpt-image-1', { moderation: 'low', safety_identifier: 'a' }],
    ['dall-e-3', { style: 'natural', response_format: 'url', quality: 'hd' }],
    ['a-model-of-another-server', { style: 'vivid', response_format: 'url', complexity: 'low' }],
  ])('nothing that %s supports: %j', (model, chosen) => {
    const parameters = { prompt: 'a fox', model, ...chosen } as Parameters;
    expect(omitUnsupportedParameters('create', parameters)).toEqual({ sent: parameters, omitted: [] });
  });

  test('unset parameters are neither sent nor listed', () => {
    const parameters = { prompt: 'a fox', model: 'dall-e-2', quality: null, style: undefined, stream: null };
    expect(omitUnsupportedParameters('create', parameters)).toEqual({
      sent: { prompt: 'a fox', model: 'dall-e-2' },
      omitted: [],
    });
  });
});

const maybe = <T>(values: readonly T[]): fc.Arbitrary<T | null | undefined> =>
  fc.constantFrom(...values, null, undefined);

const anyParameters = fc.record({
  prompt: fc.constantFrom('a fox', ''),
  model: fc.oneof(maybe(MODELS.map(({ name }) => name)), fc.constant('unknown-model')),
  n: maybe([0, 1, 2, 10, 11]),
  size: maybe(['auto', '1024x1024', '256x256', '1792x1024', '3840x2160', '17x17', 'big']),
  quality: maybe(QUALITIES),
  background: maybe(BACKGROUNDS),
  output_format: maybe(FORMATS),
  output_compression: maybe([-1, 0, 50, 100, 101]),
  stream: maybe([true, false]),
  partial_images: maybe([-1, 0, 3, 4]),
  moderation: maybe(MODERATIONS),
  complexity: maybe(COMPLEXITIES),
  input_fidelity: maybe(FIDELITIES),
  style: maybe(STYLES),
  response_format: maybe(RESPONSE_FORMATS),
});

describe('remaining parameters', () => {
  test('contain nothing that the model doesn’t support', () => {
    fc.assert(
      fc.property(anyParameters, fc.constantFrom(...OPERATIONS), (chosen, operation) => {
        const parameters = chosen as Parameters;
        const model = findModel(parameters.model ?? 'dall-e-2');
        const { sent, omitted } = omitUnsupportedParameters(operation, parameters);
        const untaken = [
          ...(model.qualities.length === 0 ? ['quality'] : []),
          ...(model.backgrounds.length === 0 ? ['background'] : []),
          ...(model.formats.length < 2 ? ['output_format', 'output_compression'] : []),
          ...(model.streaming ? [] : ['stream', 'partial_images']),
          ...(model.moderation ? [] : ['moderation']),
          ...(model.complexity ? [] : ['complexity']),
          ...(model.fidelity.length > 0 ? [] : ['input_fidelity']),
          ...(model.style ? [] : ['style']),
          ...(model.responseFormat ? [] : ['response_format']),
          ...Object.keys(chosen).filter((name) => !PARAMETERS_OF[operation].has(name as ParameterName)),
        ];
        const names = Object.keys(sent);
        expect(names.filter((name) => untaken.includes(name))).toEqual([]);
        // Each parameter that was set is either sent as it was or listed as omitted.
        const set = Object.entries(chosen).filter(([, value]) => value != null);
        expect([...names, ...omitted.map(({ field }) => field)].toSorted()).toEqual(
          set.map(([name]) => name).toSorted(),
        );
        for (const [name, value] of Object.entries(sent)) expect(value).toBe(chosen[name as keyof typeof chosen]);
        // Remaining problems are invalid values of sent parameters, never parameters that should have been omitted.
        for (const { field } of checkParameters(operation, sent)) {
          expect(untaken).not.toContain(field);
          if (field !== 'model' && field !== 'prompt') expect(names).toContain(field);
        }
        expect(omitUnsupportedParameters(operation, sent)).toEqual({ sent, omitted: [] });
      }),
      { numRuns: 3000 },
    );
  });

  test('pass the check if the model lists their values', () => {
    const wellChosen = fc.constantFrom(...MODELS).chain((model) =>
      fc.record({
        prompt: fc.constant('a fox'),
        model: fc.constant(model.name),
        n: fc.integer({ min: 1, max: model.maxN }),
        size: fc.constantFrom(...(model.sizes.kind === 'list' ? model.sizes.sizes : model.sizes.presets)),
        quality: maybe(model.qualities),
        background: maybe(model.backgrounds.filter((background) => background !== 'transparent')),
        output_format: maybe(model.formats.filter((format) => format !== 'gif' && format !== 'svg')),
        output_compression: fc.integer({ min: 0, max: 100 }),
        stream: fc.boolean(),
        partial_images: fc.integer({ min: 0, max: 3 }),
        style: maybe(STYLES),
        input_fidelity: maybe(FIDELITIES),
      }),
    );
    fc.assert(
      fc.property(wellChosen, (chosen) => {
        expect(checkParameters('create', omitUnsupportedParameters('create', chosen as Parameters).sent)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});

import { describe, expect, test } from 'vitest';
import type { FileTexts } from '../../../electron/library/import/prompts/found-prompt.ts';
import { parseObject } from '../../../electron/library/import/prompts/json-values.ts';
import { readPrompt } from '../../../electron/library/import/prompts/read-prompt.ts';
import { readTakenAt } from '../../../electron/library/import/prompts/taken-at.ts';

const texts = (named: Readonly<Record<string, string>>): FileTexts =>
  Object.entries(named).map(([name, text]) => ({ name, text }));

const KSAMPLER = {
  3: {
    class_type: 'KSampler',
    inputs: {
      seed: 7,
      steps: 20,
      cfg: 8,
      sampler_name: 'euler',
      model: ['4', 0],
      positive: ['9', 0],
      negative: ['7', 0],
    },
  },
  4: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'dream.safetensors' } },
  6: { class_type: 'CLIPTextEncode', inputs: { text: ['11', 0], clip: ['4', 1] } },
  7: { class_type: 'CLIPTextEncode', inputs: { text: 'blurry', clip: ['4', 1] } },
  9: {
    class_type: 'ControlNetApplyAdvanced',
    inputs: { positive: ['6', 0], negative: ['7', 0], control_net: ['10', 0], strength: 1 },
  },
  10: { class_type: 'ControlNetLoader', inputs: { control_net_name: 'depth' } },
  11: { class_type: 'PrimitiveString', inputs: { value: 'a fox at night' } },
};

const FLUX = {
  6: { class_type: 'CLIPTextEncode', inputs: { text: 'a glass bottle', clip: ['11', 0] } },
  12: { class_type: 'UNETLoader', inputs: { unet_name: 'flux1-dev.safetensors' } },
  13: { class_type: 'SamplerCustomAdvanced', inputs: { noise: ['25', 0], guider: ['22', 0] } },
  22: { class_type: 'BasicGuider', inputs: { model: ['12', 0], conditioning: ['26', 0] } },
  25: { class_type: 'RandomNoise', inputs: { noise_seed: 42 } },
  26: { class_type: 'FluxGuidance', inputs: { guidance: 3.5, conditioning: ['6', 0] } },
};

describe('how an image was made', () => {
  test.each([
    [
      'Automatic1111',
      {
        parameters:
          'a fox, (red:1.2)\nsecond line\nNegative prompt: blurry,\nbad hands\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x768, Model hash: abc, Model: dream, Lora hashes: "one: 1, two: 2", Version: v1.9',
      },
      {
        source: 'automatic1111',
        prompt: 'a fox, (red:1.2)\nsecond line',
        negative: 'blurry,\nbad hands',
        model: 'dream',
        parameters: {
          Steps: '20',
          Sampler: 'Euler a',
          'CFG scale': '7',
          Seed: '1',
          Size: '512x768',
          'Model hash': 'abc',
          'Lora hashes': 'one: 1, two: 2',
          Version: 'v1.9',
        },
      },
    ],
    [
      'Automatic1111 in EXIF, without a negative prompt',
      { UserComment: 'a fox\r\nSteps: 4, Model: quick' },
      { source: 'automatic1111', prompt: 'a fox', negative: null, model: 'quick', parameters: { Steps: '4' } },
    ],
    [
      'Automatic1111 without a prompt',
      { parameters: 'Negative prompt: blurry\nSteps: 4' },
      { source: 'automatic1111', prompt: '', negative: 'blurry', model: null, parameters: { Steps: '4' } },
    ],
    [
      'ComfyUI, by way of a control net and a text node',
      { prompt: JSON.stringify(KSAMPLER), workflow: '{"nodes":[]}' },
      {
        source: 'comfyui',
        prompt: 'a fox at night',
        negative: 'blurry',
        model: 'dream.safetensors',
        parameters: { seed: '7', steps: '20', cfg: '8', sampler_name: 'euler' },
      },
    ],
    [
      'ComfyUI with a guider, in a WebP’s EXIF',
      { Make: 'workflow:{}', Model: `prompt:${JSON.stringify(FLUX)}` },
      {
        source: 'comfyui',
        prompt: 'a glass bottle',
        negative: null,
        model: 'flux1-dev.safetensors',
        parameters: { noise_seed: '42' },
      },
    ],
    [
      'ComfyUI with NaN, as Python writes it',
      {
        prompt:
          '{"1":{"class_type":"CLIPTextEncode","inputs":{"text":"NaN, a \\"fox\\""},"is_changed":[NaN, -Infinity]}}',
      },
      { source: 'comfyui', prompt: 'NaN, a "fox"', negative: null, model: null, parameters: {} },
    ],
    [
      'InvokeAI',
      {
        invokeai_metadata: JSON.stringify({
          positive_prompt: 'a fox',
          negative_prompt: '',
          model: { name: 'FLUX', base: 'flux' },
          steps: 30,
          seamless: true,
        }),
        invokeai_graph: '{}',
      },
      {
        source: 'invokeai',
        prompt: 'a fox',
        negative: null,
        model: 'FLUX',
        parameters: { steps: '30', seamless: 'true' },
      },
    ],
    [
      'InvokeAI 2',
      {
        'sd-metadata': JSON.stringify({
          model_weights: 'sd-1.5',
          image: { prompt: [{ prompt: 'a fox', weight: 1 }], seed: 5 },
        }),
      },
      { source: 'invokeai', prompt: 'a fox', negative: null, model: 'sd-1.5', parameters: { seed: '5' } },
    ],
    [
      'Fooocus',
      {
        parameters: JSON.stringify({ prompt: 'a fox', negative_prompt: 'blurry', base_model: 'juggernaut', seed: '9' }),
      },
      { source: 'fooocus', prompt: 'a fox', negative: 'blurry', model: 'juggernaut', parameters: { seed: '9' } },
    ],
    [
      'NovelAI',
      {
        Software: 'NovelAI',
        Description: 'a fox',
        Source: 'NovelAI Diffusion V4',
        Comment: JSON.stringify({ uc: 'blurry', steps: 28, sampler: 'k_euler', signed_hash: 'x' }),
      },
      {
        source: 'novelai',
        prompt: 'a fox',
        negative: 'blurry',
        model: 'NovelAI Diffusion V4',
        parameters: { steps: '28', sampler: 'k_euler' },
      },
    ],
    [
      'Draw Things',
      { 'exif:UserComment': JSON.stringify({ c: 'a fox', uc: 'blurry', model: 'sdxl', steps: 20, v2: { seed: 1 } }) },
      { source: 'draw-things', prompt: 'a fox', negative: 'blurry', model: 'sdxl', parameters: { steps: '20' } },
    ],
    [
      'Emulsion',
      {
        'emulsion:image': '0197',
        'Iptc4xmpExt:AIPromptInformation': 'a fox',
        'Iptc4xmpExt:AISystemUsed': 'gpt-image-2',
        'emulsion:parameters': '{"size":"1024x1024","n":1}',
      },
      {
        source: 'emulsion',
        prompt: 'a fox',
        negative: null,
        model: 'gpt-image-2',
        parameters: { size: '1024x1024', n: '1' },
      },
    ],
  ])('%s', (_name, named, found) => {
    expect(readPrompt(texts(named))).toEqual(found);
  });

  test.each([
    ['no text', {}],
    ['a camera’s EXIF', { Make: 'Nikon', Model: 'D90', Software: 'Ver.1.00' }],
    ['a prompt that is no graph', { prompt: '{"a":1}' }],
    ['a comment', { Comment: 'made at home', parameters: 'just words' }],
  ])('nothing is found in %s', (_name, named) => {
    expect(readPrompt(texts(named))).toBeNull();
  });

  test('names of built-in properties lead nowhere', () => {
    const graph = `{"__proto__":{"class_type":"KSampler","inputs":{"positive":["constructor",0],"__proto__":{"text":"no"}}}}`;
    const found = readPrompt(texts({ prompt: graph }));
    expect(found?.prompt).toBe('');
    const a1111 = readPrompt(texts({ parameters: 'a fox\nSteps: 4, __proto__: 5, constructor: 6' }));
    expect(Object.entries(a1111?.parameters ?? {})).toEqual([
      ['Steps', '4'],
      ['__proto__', '5'],
      ['constructor', '6'],
    ]);
    expect(({} as { Steps?: string }).Steps).toBeUndefined();
  });

  test('a graph of circles ends', () => {
    const graph = {
      1: { class_type: 'KSampler', inputs: { positive: ['2', 0] } },
      2: { class_type: 'x', inputs: { a: ['2', 0] } },
    };
    expect(readPrompt(texts({ prompt: JSON.stringify(graph) }))?.prompt).toBe('');
  });

  test('what is taken over is limited', () => {
    const many = Array.from({ length: 1000 }, (_none, index) => `k${index}: ${'v'.repeat(20_000)}`).join(', ');
    const found = readPrompt(texts({ parameters: `${'fox '.repeat(100_000)}\nSteps: 4, ${many}` }));
    expect(found?.prompt).toHaveLength(100_000);
    expect(Object.keys(found?.parameters ?? {})).toHaveLength(200);
    expect(found?.parameters['k0']).toHaveLength(10_000);
  });

  // Each of these took minutes with an expression that starts again at every character.
  test.each([
    ['no separators', `a\nSteps: 20, ${'x'.repeat(4_000_000)}`],
    ['empty lines', '\n'.repeat(4_000_000)],
    ['an open quotation mark', `a\nSteps: 20, a: "${'\\"'.repeat(2_000_000)}`],
    ['many quotation marks', `a\nSteps: 20, ${'a: "'.repeat(1_000_000)}`],
    ['spaces before a colon', `a\nSteps: 20, ${' '.repeat(4_000_000)}:`],
  ])('four megabytes are read in one pass: %s', (_name, parameters) => {
    expect(readPrompt(texts({ parameters }))?.source ?? null).toSatisfy(
      (source: string | null) => source === null || source === 'automatic1111',
    );
  });

  test('JSON that is nested too deep isn’t parsed', () => {
    expect(parseObject(`{"a":${'['.repeat(1_000_000)}`)).toBeNull();
    expect(parseObject(`{"a":${'[{"b":'.repeat(60)}1${'}]'.repeat(60)}}`)).toBeNull();
    expect(parseObject('{"a":[{"b":1}]}')).toEqual({ a: [{ b: 1 }] });
    expect(parseObject(`{"a":"${'x'.repeat(1_000_000)}`)).toBeNull();
    expect(parseObject(`{"a":NaN,"b":"${'\\n'.repeat(2_000_000)}`)).toBeNull();
  });
});

describe('when an image was made', () => {
  const at = (iso: string): number => Date.parse(iso);

  test.each([
    [{ DateTimeOriginal: '2024:03:05 06:07:08', OffsetTimeOriginal: '+02:00' }, at('2024-03-05T06:07:08+02:00')],
    [{ DateTimeOriginal: '2024:03:05 06:07:08' }, at('2024-03-05T06:07:08')],
    [{ 'xmp:CreateDate': '2024-03-05T06:07:08Z' }, at('2024-03-05T06:07:08Z')],
    [{ DateTimeOriginal: '0000:00:00 00:00:00', DateTime: '2023:01:02 03:04:05' }, at('2023-01-02T03:04:05')],
    [{ 'xmp:CreateDate': '2024-03-05' }, null],
    [{ DateTimeOriginal: '1955:11:05 06:00:00', DateTime: '2023:01:02 03:04:05' }, at('2023-01-02T03:04:05')],
    [{ DateTimeOriginal: '2099:01:01 00:00:00', 'xmp:CreateDate': '2024-03-05T06:07:08Z' }, at('2024-03-05T06:07:08Z')],
    [
      { 'exif:DateTimeOriginal': '1955-11-05T06:00:00Z', 'xmp:CreateDate': '2024-03-05T06:07:08Z' },
      at('2024-03-05T06:07:08Z'),
    ],
    [{ 'Creation Time': '1955-11-05T06:00:00Z', 'date:create': '2024-03-05T06:07:08Z' }, at('2024-03-05T06:07:08Z')],
    [{ 'date:create': '2099-01-01T00:00:00Z' }, null],
    [{ DateTimeOriginal: 'yesterday' }, null],
    [{}, null],
  ])('%j', (named, expected) => {
    expect(readTakenAt(texts(named), at('2026-01-01T00:00:00Z'))).toBe(expected);
  });
});

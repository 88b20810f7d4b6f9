import { describe, expect, test } from 'vitest';
import type { FoundPrompt } from '../../../electron/library/import/prompts/found-prompt.ts';
import { readPrompt } from '../../../electron/library/import/prompts/read-prompt.ts';

type Json = Readonly<Record<string, unknown>>;

const read = (name: 'prompt' | 'workflow', graph: unknown): FoundPrompt | null =>
  readPrompt([{ name, text: JSON.stringify(graph) }]);

const node = (id: number, type: string, values: unknown, more: Json = {}): Json => ({
  id,
  type,
  mode: 0,
  widgets_values: values,
  ...more,
});
const into = (named: Readonly<Record<string, number | null>>, type = 'CONDITIONING'): readonly Json[] =>
  Object.entries(named).map(([name, link]) => ({ name, type, link }));

const SEED = [7, 'randomize', 20, 8, 'euler', 'normal', 1];
const SAMPLER = node(3, 'KSampler', SEED, { inputs: into({ model: 1, positive: 2, negative: 3 }) });
const LOADER = node(4, 'CheckpointLoaderSimple', ['dream.safetensors']);
const FOX = node(6, 'CLIPTextEncode', ['a fox at night'], { inputs: into({ clip: 4 }) });
const BLURRY = node(7, 'CLIPTextEncode', ['blurry'], { inputs: into({ clip: 5 }) });
const LINKS = [
  [1, 4, 0, 3, 0, 'MODEL'],
  [2, 6, 0, 3, 1, 'CONDITIONING'],
  [3, 7, 0, 3, 2, 'CONDITIONING'],
  [4, 4, 1, 6, 0, 'CLIP'],
  [5, 4, 1, 7, 0, 'CLIP'],
] as const;
const asObjects = (links: readonly (readonly unknown[])[]): readonly Json[] =>
  links.map(([id, origin_id, origin_slot, target_id, target_slot]) => ({
    id,
    origin_id,
    origin_slot,
    target_id,
    target_slot,
  }));

const PLAIN: FoundPrompt = {
  source: 'comfyui',
  prompt: 'a fox at night',
  negative: 'blurry',
  model: 'dream.safetensors',
  parameters: {
    seed: '7',
    steps: '20',
    cfg: '8',
    sampler_name: 'euler',
    scheduler: 'normal',
    denoise: '1',
  },
};

describe('ComfyUI’s workflow, where there is no graph that ran', () => {
  const nodes = [SAMPLER, LOADER, FOX, BLURRY];

  test.each([
    ['links as lists', { nodes, links: LINKS }],
    ['links as objects', { nodes, links: asObjects(LINKS) }],
    [
      'no value for the editor behind the seed',
      { nodes: [{ ...SAMPLER, widgets_values: [7, 20, 8, 'euler', 'normal', 1] }, LOADER, FOX, BLURRY], links: LINKS },
    ],
    [
      'values with names',
      { nodes: [{ ...SAMPLER, widgets_values: PLAIN.parameters }, LOADER, FOX, BLURRY], links: LINKS },
    ],
    [
      'a sampler of its own that names its widgets',
      {
        nodes: [
          {
            ...SAMPLER,
            type: 'TheirSampler',
            inputs: [
              ...into({ model: 1, positive: 2, negative: 3 }),
              ...['seed', 'steps', 'cfg', 'sampler_name', 'scheduler', 'denoise'].map((name) => ({
                name,
                type: 'x',
                widget: { name },
                link: null,
              })),
            ],
          },
          LOADER,
          FOX,
          BLURRY,
        ],
        links: LINKS,
      },
    ],
  ])('%s', (_name, workflow) => {
    expect(read('workflow', workflow)).toEqual(PLAIN);
  });

  test('in a WebP’s EXIF, and behind an empty graph that ran', () => {
    const text = JSON.stringify({ nodes, links: LINKS });
    expect(readPrompt([{ name: 'Make', text: `workflow:${text}` }])).toEqual(PLAIN);
    expect(
      readPrompt([
        { name: 'prompt', text: '{}' },
        { name: 'workflow', text },
      ]),
    ).toEqual(PLAIN);
  });

  test('what ran counts before what is drawn', () => {
    const ran = { 1: { class_type: 'CLIPTextEncode', inputs: { text: 'what ran' } } };
    const both = [
      { name: 'workflow', text: JSON.stringify({ nodes, links: LINKS }) },
      { name: 'prompt', text: JSON.stringify(ran) },
    ];
    expect(readPrompt(both)?.prompt).toBe('what ran');
  });

  test('reroutes, primitive nodes, and values that are sent by a name', () => {
    const workflow = {
      nodes: [
        { ...SAMPLER, inputs: [...into({ model: 1, positive: 2, negative: 3 }), ...into({ seed: 10 }, 'INT')] },
        LOADER,
        { ...FOX, widgets_values: ['an old text'], inputs: into({ text: 11 }) },
        BLURRY,
        node(8, 'Reroute', null, { inputs: into({ '': 12 }) }),
        node(9, 'PrimitiveNode', [99, 'fixed']),
        node(10, 'PrimitiveNode', ['a fox by day']),
        node(11, 'SetNode', ['fox'], { inputs: into({ CONDITIONING: 13 }) }),
        node(12, 'GetNode', ['fox']),
      ],
      links: [
        LINKS[0],
        [2, 8, 0, 3, 1, '*'],
        LINKS[2],
        [10, 9, 0, 3, 3, 'INT'],
        [11, 10, 0, 6, 0, 'STRING'],
        [12, 12, 0, 8, 0, '*'],
        [13, 6, 0, 11, 0, '*'],
      ],
    };
    expect(read('workflow', workflow)).toEqual({
      ...PLAIN,
      prompt: 'a fox by day',
      parameters: { ...PLAIN.parameters, seed: '99' },
    });
  });

  test('muted nodes count for nothing, bypassed ones pass on what they get', () => {
    const muted = { ...SAMPLER, id: 1, mode: 2, widgets_values: [1, 'fixed', 1, 1, 'muted', 'normal', 1] };
    const net = node(9, 'ControlNetApplyAdvanced', [1, 0, 1], {
      mode: 4,
      inputs: [...into({ image: 20 }, 'IMAGE'), ...into({ positive: 21, negative: 22 })],
      outputs: [
        { name: 'positive', type: 'CONDITIONING' },
        { name: 'negative', type: 'CONDITIONING' },
      ],
    });
    const workflow = {
      nodes: [muted, SAMPLER, LOADER, FOX, BLURRY, net, node(13, 'CLIPTextEncode', ['muted'], { mode: 2 })],
      links: [
        LINKS[0],
        [2, 9, 0, 3, 1, 'CONDITIONING'],
        [3, 9, 1, 3, 2, 'CONDITIONING'],
        [21, 6, 0, 9, 1, 'CONDITIONING'],
        [22, 7, 0, 9, 2, 'CONDITIONING'],
      ],
    };
    // The second output has the kind of the second input at its own place.
    expect(read('workflow', workflow)).toEqual({ ...PLAIN, negative: null });
    const straight = { ...net, inputs: into({ positive: 21, negative: 22 }) };
    expect(read('workflow', { ...workflow, nodes: [muted, SAMPLER, LOADER, FOX, BLURRY, straight] })).toEqual(PLAIN);
  });

  const inner = {
    id: '11111111-1111-4111-8111-111111111111',
    inputNode: { id: -10 },
    outputNode: { id: -20 },
    inputs: [
      { name: 'clip', type: 'CLIP' },
      { name: 'text', type: 'STRING' },
    ],
    outputs: [{ name: 'CONDITIONING', type: 'CONDITIONING' }],
    nodes: [node(6, 'CLIPTextEncode', ['a text inside'], { inputs: into({ clip: 1, text: 2 }) })],
    links: asObjects([
      [1, -10, 0, 6, 0],
      [2, -10, 1, 6, 1],
      [3, 6, 0, -20, 0],
    ]),
  };

  test.each([
    ['its own text', {}, 'a text inside'],
    ['a text by a link', { inputs: [...into({ clip: 4 }), ...into({ text: 30 }, 'STRING')] }, 'a text outside'],
    ['a text for its input', { properties: { proxyWidgets: [['-1', 'text']] }, widgets_values: ['given'] }, 'given'],
    ['a text for a node in it', { properties: { proxyWidgets: [['6', 'text']] }, widgets_values: ['given'] }, 'given'],
  ])('a subgraph with %s', (_name, more, prompt) => {
    const used = { ...node(6, inner.id, []), inputs: into({ clip: 4 }), ...more };
    const workflow = {
      nodes: [SAMPLER, LOADER, used, BLURRY, node(14, 'PrimitiveStringMultiline', ['a text outside'])],
      links: [...LINKS, [30, 14, 0, 6, 1, 'STRING']],
      definitions: { subgraphs: [inner] },
    };
    expect(read('workflow', workflow)).toEqual({ ...PLAIN, prompt });
  });

  test('a subgraph that is used twice has each place’s own text, one in another as well', () => {
    const given = (id: number, type: string, text: string): Json =>
      node(id, type, [text], { properties: { proxyWidgets: [['6', 'text']] } });
    const outer = {
      id: '22222222-2222-4222-8222-222222222222',
      nodes: [given(1, inner.id, 'inside another')],
      links: asObjects([[1, 1, 0, -20, 0]]),
    };
    const workflow = {
      nodes: [SAMPLER, LOADER, node(6, outer.id, []), given(7, inner.id, 'blurry')],
      links: LINKS,
      definitions: { subgraphs: [inner, outer] },
    };
    expect(read('workflow', workflow)).toEqual({ ...PLAIN, prompt: 'inside another' });
  });

  test('circles end: of links, of reroutes, of subgraphs', () => {
    const self = {
      id: 'self',
      nodes: [node(1, 'self', []), node(2, 'self', [])],
      links: asObjects([[1, 1, 0, -20, 0]]),
    };
    const workflow = {
      nodes: [
        SAMPLER,
        node(6, 'Reroute', null, { inputs: into({ '': 40 }) }),
        node(7, 'self', []),
        node(8, 'Join', [], { inputs: into({ conditioning: 41 }) }),
      ],
      links: [LINKS[1], LINKS[2], [40, 6, 0, 6, 0, '*'], [41, 8, 0, 8, 0, '*']],
      definitions: { subgraphs: [self] },
    };
    expect(read('workflow', workflow)).toMatchObject({ prompt: '', negative: null });
  });

  test('of a workflow without end a part is read', () => {
    const many = Array.from({ length: 3000 }, (_none, at) => node(at, 'many', [], { inputs: into({ a: 1, b: 1 }) }));
    const workflow = {
      nodes: [SAMPLER, LOADER, FOX, BLURRY, ...many.map((each, at) => ({ ...each, id: 100 + at }))],
      links: LINKS,
      definitions: { subgraphs: [{ id: 'many', nodes: many, links: [] }] },
    };
    expect(read('workflow', workflow)).toEqual(PLAIN);
  });

  test.each([
    ['no nodes', { links: LINKS }],
    ['nodes that are none', { nodes: [null, 1, 'x', [], { id: {} }, { type: 'KSampler' }], links: LINKS }],
    ['only nodes of the editor', { nodes: [node(1, 'Reroute', null), { ...FOX, mode: 4 }], links: [] }],
  ])('nothing is found in %s', (_name, workflow) => {
    expect(read('workflow', workflow)).toBeNull();
  });

  test('parts that are damaged cost only themselves', () => {
    const workflow = {
      nodes: [SAMPLER, { ...LOADER, widgets_values: null }, FOX, { ...BLURRY, inputs: 'none' }, { id: 50, type: 5 }],
      links: [...LINKS, null, [], ['x'], { id: 2 }, [9, 3, '0', 6, 0], 7],
      definitions: { subgraphs: { not: 'a list' } },
    };
    expect(read('workflow', workflow)).toEqual({ ...PLAIN, model: null });
  });

  test('a list of two values is no link', () => {
    const odd = { ...FOX, widgets_values: { text: ['7', 0], value: 'a fox' } };
    expect(read('workflow', { nodes: [SAMPLER, LOADER, odd, BLURRY], links: LINKS })?.prompt).toBe('a fox');
  });
});

describe('ComfyUI’s graph that ran', () => {
  const encode = (text: string): Json => ({ class_type: 'CLIPTextEncode', inputs: { text, clip: ['4', 1] } });
  const sampler = (inputs: Json): Json => ({ class_type: 'KSampler', inputs: { positive: ['6', 0], ...inputs } });

  test('settings and model are those of the sampler that was found, not of another', () => {
    const graph = {
      1: { class_type: 'Wildcards', inputs: { seed: 111 } },
      2: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'refiner.safetensors' } },
      3: sampler({ seed: ['9', 0], steps: 20, cfg: 7, model: ['8', 0] }),
      4: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'dream.safetensors' } },
      5: sampler({ seed: 222, steps: 8, denoise: 0.4, scheduler: 'karras', model: ['2', 0], latent_image: ['3', 0] }),
      6: encode('a fox'),
      8: { class_type: 'LoraLoader', inputs: { lora_name: 'ink', model: ['4', 0] } },
      9: { class_type: 'PrimitiveInt', inputs: { value: 77 } },
    };
    expect(read('prompt', graph)).toMatchObject({
      prompt: 'a fox',
      model: 'dream.safetensors',
      parameters: { seed: '77', steps: '20', cfg: '7' },
    });
    expect(read('prompt', graph)?.parameters).not.toHaveProperty('denoise');
  });

  test('a sampler in parts has the settings of its parts', () => {
    const graph = {
      13: {
        class_type: 'SamplerCustomAdvanced',
        inputs: { noise: ['25', 0], guider: ['22', 0], sampler: ['16', 0], sigmas: ['17', 0] },
      },
      16: { class_type: 'KSamplerSelect', inputs: { sampler_name: 'euler' } },
      17: { class_type: 'BasicScheduler', inputs: { scheduler: 'simple', steps: 25, denoise: 1 } },
      22: { class_type: 'CFGGuider', inputs: { cfg: 3, positive: ['6', 0], negative: ['7', 0] } },
      25: { class_type: 'RandomNoise', inputs: { noise_seed: 42 } },
      6: encode('a fox'),
      7: encode('blurry'),
    };
    expect(read('prompt', graph)).toMatchObject({
      negative: 'blurry',
      parameters: { noise_seed: '42', steps: '25', cfg: '3', sampler_name: 'euler', scheduler: 'simple', denoise: '1' },
    });
  });

  test('texts that are joined all count, each once', () => {
    const graph = {
      3: sampler({ positive: ['10', 0] }),
      6: encode('a fox'),
      7: encode('at night'),
      8: { class_type: 'CLIPTextEncode', inputs: { text: ['9', 0] } },
      9: { class_type: 'StringConcatenate', inputs: { string_a: 'in the', string_b: ['12', 0], delimiter: ' ' } },
      10: { class_type: 'ConditioningCombine', inputs: { conditioning_1: ['11', 0], conditioning_2: ['8', 0] } },
      11: { class_type: 'ConditioningConcat', inputs: { conditioning_to: ['6', 0], conditioning_from: ['7', 0] } },
      12: { class_type: 'PrimitiveString', inputs: { value: 'snow' } },
    };
    expect(read('prompt', graph)?.prompt).toBe('a fox\nat night\nin the snow');
  });

  test('only a node’s number and an output are a link', () => {
    const graph = { 3: sampler({ positive: [512, 512], seed: ['6', 'x'] }), 6: encode('a fox') };
    expect(read('prompt', graph)).toMatchObject({ prompt: 'a fox', parameters: {} });
  });

  test('of a graph without end a part is read', () => {
    const nodes = Array.from({ length: 20_000 }, (_none, at) => [
      at,
      {
        class_type: 'ConditioningCombine',
        inputs: { conditioning_1: [`${at + 1}`, 0], conditioning_2: [`${at + 2}`, 0] },
      },
    ]);
    const graph = { ...Object.fromEntries(nodes), 0: sampler({ positive: ['1', 0] }), 9999: encode('too far') } as Json;
    expect(read('prompt', graph)?.prompt).toBe('');
  });
});

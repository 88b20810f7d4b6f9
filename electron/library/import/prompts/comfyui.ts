import { textNamed, type FileTexts, type FoundPrompt } from './found-prompt.ts';
import { asText, isObject, own, parseObject } from './json-values.ts';

type Inputs = Readonly<Record<string, unknown>>;

interface GraphNode {
  type: string;
  inputs: Inputs;
}

type Graph = ReadonlyMap<string, GraphNode>;

/** Inputs that hold a prompt's text, in the order in which they are tried. */
const TEXT_INPUTS = [
  'text',
  'text_g',
  't5xxl',
  'text_l',
  'clip_l',
  'positive_prompt',
  'prompt',
  'populated_text',
  'string',
  'value',
  'string_a',
];
const MODEL_INPUTS = ['ckpt_name', 'unet_name', 'model_name'];
const SETTINGS = ['seed', 'noise_seed', 'steps', 'cfg', 'sampler_name', 'scheduler', 'denoise'];
/** Longer ways from a sampler to its text are circles. */
const MAX_STEPS = 50;

/**
 * Reads the graph that ComfyUI writes: a PNG's text `prompt`, or a field of EXIF with that word before it. The prompt is the text that leads to
 * the positive input of the sampler. Its workflow, the same for its editor, has the graph only as it is drawn and isn't read for the prompt.
 */
export function readComfyUi(texts: FileTexts): FoundPrompt | null {
  const graph = readGraph(parseObject(graphText(texts)));
  const nodes = [...graph.values()];
  const sampler =
    nodes.find(({ type, inputs }) => /sampler/iu.test(type) && isLink(inputs['positive'])) ??
    nodes.find(({ type, inputs }) => /guider/iu.test(type) && isLink(inputs['positive'] ?? inputs['conditioning'])) ??
    nodes.find(({ inputs }) => isLink(inputs['positive']));
  if (nodes.length === 0) return null;
  const prompt = sampler
    ? textBehind(graph, sampler.inputs['positive'] ?? sampler.inputs['conditioning'], 'positive')
    : null;
  const negative = sampler ? textBehind(graph, sampler.inputs['negative'], 'negative') : null;
  return {
    source: 'comfyui',
    prompt: prompt ?? longestText(nodes) ?? '',
    negative: negative === prompt ? null : negative,
    model: firstOf(nodes.map(({ inputs }) => firstText(inputs, MODEL_INPUTS))),
    parameters: settingsOf(nodes),
  };
}

function graphText(texts: FileTexts): string | null {
  const text = textNamed(texts, 'prompt');
  if (text !== null) return text;
  const field = texts.find(
    ({ name, text: value }) => /^(?:Make|Model|UserComment|ImageDescription)$/u.test(name) && /^prompt:/iu.test(value),
  );
  return field ? field.text.slice('prompt:'.length) : null;
}

/** Nodes by their numbers. Empty if the object isn't a graph. */
function readGraph(object: Inputs | null): Graph {
  const entries = Object.entries(object ?? {}).flatMap(([id, value]) => {
    const isNode = isObject(value) && typeof value['class_type'] === 'string' && isObject(value['inputs']);
    return isNode ? [[id, { type: value['class_type'] as string, inputs: value['inputs'] as Inputs }] as const] : [];
  });
  return new Map(entries);
}

/** A link is the number of a node and of one of its outputs. */
const isLink = (value: unknown): value is [unknown, unknown] => Array.isArray(value) && value.length === 2;

/** Follows a link to the first text behind it. */
function textBehind(graph: Graph, link: unknown, side: 'positive' | 'negative'): string | null {
  let at = link;
  for (let step = 0; step < MAX_STEPS && isLink(at); step += 1) {
    const node = graph.get(asText(at[0]) ?? '');
    if (!node) return null;
    const text = firstText(node.inputs, TEXT_INPUTS);
    if (text !== null) return text;
    at = nextLink(node.inputs, side);
  }
  return null;
}

/** Where a node without a text gets it from. */
function nextLink(inputs: Inputs, side: 'positive' | 'negative'): unknown {
  const named = [...TEXT_INPUTS, side, 'conditioning', 'conditioning_1', 'conditioning_to', 'guider'];
  return named.map((name) => own(inputs, name)).find(isLink) ?? Object.values(inputs).find(isLink);
}

function firstText(inputs: Inputs, names: readonly string[]): string | null {
  return firstOf(names.map((name) => own(inputs, name)).map((value) => (isBlank(value) ? null : asText(value))));
}

const isBlank = (value: unknown): boolean => typeof value === 'string' && value.trim() === '';
const firstOf = (texts: readonly (string | null)[]): string | null => texts.find((text) => text !== null) ?? null;

/** Where no sampler is known, the longest text of an encoder is the prompt. */
function longestText(nodes: readonly GraphNode[]): string | null {
  const texts = nodes
    .filter(({ type }) => /text|prompt/iu.test(type))
    .map(({ inputs }) => firstText(inputs, TEXT_INPUTS));
  return texts.reduce((longest, text) => ((text?.length ?? 0) > (longest?.length ?? 0) ? text : longest), null);
}

function settingsOf(nodes: readonly GraphNode[]): Record<string, string> {
  const found = new Map<string, string>();
  for (const { inputs } of nodes)
    for (const name of SETTINGS) {
      const text = asText(own(inputs, name));
      if (text !== null && !found.has(name)) found.set(name, text);
    }
  return Object.fromEntries(found);
}

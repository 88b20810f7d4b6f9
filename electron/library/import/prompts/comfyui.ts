import { isLink, linkedNode, ownText, firstText, readGraph, textBehind } from './comfyui-graph.ts';
import type { Graph, GraphNode } from './comfyui-graph.ts';
import { readWorkflow } from './comfyui-workflow.ts';
import { textNamed, type FileTexts, type FoundPrompt } from './found-prompt.ts';
import { asText, own, parseObject } from './json-values.ts';

const MODEL_INPUTS = ['ckpt_name', 'unet_name', 'model_name'];
const SETTINGS = ['seed', 'noise_seed', 'steps', 'cfg', 'sampler_name', 'scheduler', 'denoise'];
/** Inputs behind which nodes of their own hold a sampler's settings. */
const SETTINGS_BEHIND = ['noise', 'guider', 'sampler', 'sigmas'];
/** Inputs of a node that holds one value for others. */
const VALUE_INPUTS = ['value', 'seed', 'int', 'float', 'number'];
/** Longer ways from a sampler to its model are circles. */
const MAX_STEPS = 50;

/**
 * Reads the graph that ComfyUI writes: a PNG's text `prompt`, or a field of EXIF with that word before it. The prompt is the text that leads to
 * the positive input of the sampler. A file that has only the workflow, the same as its editor draws it, is read from that.
 */
export function readComfyUi(texts: FileTexts): FoundPrompt | null {
  const ran = readGraph(parseObject(textOf(texts, 'prompt')));
  const graph = ran.size > 0 ? ran : readWorkflow(parseObject(textOf(texts, 'workflow')));
  if (graph.size === 0) return null;
  const nodes = [...graph.values()];
  const encoded = encodedBy(nodes);
  const prompt = encoded
    ? textBehind(graph, encoded.inputs['positive'] ?? encoded.inputs['conditioning'], 'positive')
    : null;
  const negative = encoded ? textBehind(graph, encoded.inputs['negative'], 'negative') : null;
  const sampler = samplerOf(graph, encoded);
  const model = nodes.map(({ inputs }) => firstText(inputs, MODEL_INPUTS)).find((text) => text !== null);
  return {
    source: 'comfyui',
    prompt: prompt ?? longestText(nodes) ?? '',
    negative: negative === prompt ? null : negative,
    model: modelBehind(graph, encoded) ?? model ?? null,
    parameters: sampler ? settingsOf(graph, sampler) : {},
  };
}

function textOf(texts: FileTexts, word: 'prompt' | 'workflow'): string | null {
  const text = textNamed(texts, word);
  if (text !== null) return text;
  const start = `${word}:`;
  const field = texts.find(
    ({ name, text: value }) =>
      /^(?:Make|Model|UserComment|ImageDescription)$/u.test(name) &&
      value.slice(0, start.length).toLowerCase() === start,
  );
  return field ? field.text.slice(start.length) : null;
}

/** The node to which the prompt leads: a sampler, or the guider in front of it. */
function encodedBy(nodes: readonly GraphNode[]): GraphNode | null {
  return (
    nodes.find(({ type, inputs }) => /sampler/iu.test(type) && isLink(inputs['positive'])) ??
    nodes.find(({ type, inputs }) => /guider/iu.test(type) && isLink(inputs['positive'] ?? inputs['conditioning'])) ??
    nodes.find(({ inputs }) => isLink(inputs['positive'])) ??
    null
  );
}

/** The sampler that uses the prompt; where none is known, the only node that has settings of one. */
function samplerOf(graph: Graph, encoded: GraphNode | null): GraphNode | null {
  const nodes = [...graph.values()];
  const behind = encoded && nodes.find(({ inputs }) => linkedNode(graph, inputs, 'guider') === encoded);
  if (encoded) return behind ?? encoded;
  return nodes.find(({ inputs }) => own(inputs, 'steps') !== undefined) ?? null;
}

/** A sampler's settings and those of the nodes that only it has them from: another sampler's never are among them. */
function settingsOf(graph: Graph, sampler: GraphNode): Record<string, string> {
  const parts = SETTINGS_BEHIND.map((name) => linkedNode(graph, sampler.inputs, name)).filter((node) => node !== null);
  const found = new Map<string, string>();
  for (const name of SETTINGS)
    for (const { inputs } of [sampler, ...parts]) {
      const value = linkedNode(graph, inputs, name);
      const text = value ? firstText(value.inputs, VALUE_INPUTS) : asText(own(inputs, name));
      if (text !== null && !found.has(name)) found.set(name, text);
    }
  return Object.fromEntries(found);
}

/** The file of the model that a sampler uses, behind what changes it on its way. */
function modelBehind(graph: Graph, sampler: GraphNode | null): string | null {
  let node = sampler;
  for (let step = 0; node && step < MAX_STEPS; step += 1) {
    const model = firstText(node.inputs, MODEL_INPUTS);
    if (model !== null) return model;
    node = linkedNode(graph, node.inputs, 'model');
  }
  return null;
}

/** Where no sampler is known, the longest text of an encoder is the prompt. */
function longestText(nodes: readonly GraphNode[]): string | null {
  const texts = nodes.filter(({ type }) => /text|prompt/iu.test(type)).map(({ inputs }) => ownText(inputs));
  return texts.reduce((longest, text) => ((text?.length ?? 0) > (longest?.length ?? 0) ? text : longest), null);
}

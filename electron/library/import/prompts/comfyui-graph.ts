import { asText, isObject, own } from './json-values.ts';

export type Inputs = Readonly<Record<string, unknown>>;

export interface GraphNode {
  type: string;
  inputs: Inputs;
}

/** ComfyUI's graph as it ran: nodes by their numbers. */
export type Graph = ReadonlyMap<string, GraphNode>;

/** The number of a node and of one of its outputs. */
export type Link = readonly [string, number];

/** Real graphs have some hundred nodes; what is more isn't read. */
export const MAX_NODES = 5000;

/** The nodes of the object that ComfyUI calls `prompt`. Empty if it isn't a graph. */
export function readGraph(object: Inputs | null): Graph {
  const graph = new Map<string, GraphNode>();
  for (const [id, value] of Object.entries(object ?? {})) {
    if (graph.size === MAX_NODES) break;
    if (isObject(value) && typeof value['class_type'] === 'string' && isObject(value['inputs']))
      graph.set(id, { type: value['class_type'], inputs: value['inputs'] });
  }
  return graph;
}

/** ComfyUI tells a link from a list of two values in the same way. */
export const isLink = (value: unknown): value is Link =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && Number.isInteger(value[1]);

/** The input of that name if it is a link to a node of the graph. */
export function linkedNode(graph: Graph, inputs: Inputs, name: string): GraphNode | null {
  const link = own(inputs, name);
  return isLink(link) ? (graph.get(link[0]) ?? null) : null;
}

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
/** Two inputs that a node joins: both count. Strings become one. */
const PAIRS = [
  ['conditioning_1', 'conditioning_2'],
  ['conditioning_to', 'conditioning_from'],
  ['string_a', 'string_b'],
] as const;
/** Nodes that are looked at on the ways from a sampler to its texts. */
const MAX_STEPS = 200;

export type Side = 'positive' | 'negative';

/** The text behind a link, from several encoders one below the other; null if there is none. Circles end. */
export function textBehind(graph: Graph, link: unknown, side: Side): string | null {
  const texts = new TextSearch(graph, side).of(link);
  return texts.length === 0 ? null : [...new Set(texts)].join('\n');
}

class TextSearch {
  readonly #graph: Graph;
  readonly #side: Side;
  readonly #seen = new Set<GraphNode>();

  constructor(graph: Graph, side: Side) {
    this.#graph = graph;
    this.#side = side;
  }

  /** The texts behind a link, in their order. */
  of(link: unknown): string[] {
    const node = isLink(link) ? this.#graph.get(link[0]) : undefined;
    if (!node || this.#seen.has(node) || this.#seen.size === MAX_STEPS) return [];
    this.#seen.add(node);
    const pair = PAIRS.find((names) => names.every((name) => own(node.inputs, name) !== undefined));
    if (pair) {
      const texts = pair.map((name) => this.#ofInput(own(node.inputs, name)));
      const isOne = pair[0] === 'string_a' && texts.every((each) => each.length > 0);
      return isOne ? [texts.flat().join(asText(own(node.inputs, 'delimiter')) ?? '')] : texts.flat();
    }
    const text = ownText(node.inputs);
    return text === null ? this.of(nextLink(node.inputs, this.#side)) : [text];
  }

  #ofInput(value: unknown): string[] {
    const text = isLink(value) ? null : notBlank(asText(value));
    return text === null ? this.of(value) : [text];
  }
}

/** Where a node without a text gets it from. */
function nextLink(inputs: Inputs, side: Side): unknown {
  const named = [...TEXT_INPUTS, side, 'conditioning', 'conditioning_1', 'conditioning_to', 'guider'];
  return named.map((name) => own(inputs, name)).find(isLink) ?? Object.values(inputs).find(isLink);
}

/** The text that a node holds itself. */
export const ownText = (inputs: Inputs): string | null => firstText(inputs, TEXT_INPUTS);

/** The first of these inputs that is a text or a number, and not blank; null if there is none. */
export function firstText(inputs: Inputs, names: readonly string[]): string | null {
  return names.map((name) => notBlank(asText(own(inputs, name)))).find((text) => text !== null) ?? null;
}

const notBlank = (text: string | null): string | null => (text === null || text.trim() === '' ? null : text);

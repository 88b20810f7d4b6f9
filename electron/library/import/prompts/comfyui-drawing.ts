import { asText, isObject, own } from './json-values.ts';
import type { Inputs } from './comfyui-graph.ts';

/** A node as the editor draws it; nothing of it is certain. */
export interface Drawn {
  readonly id?: unknown;
  readonly type?: unknown;
  readonly mode?: unknown;
  readonly inputs?: unknown;
  readonly outputs?: unknown;
  readonly properties?: unknown;
  readonly widgets_values?: unknown;
}

/** A node, and the drawing that it is in. */
export interface Place {
  drawing: Drawing;
  node: Drawn;
}

/** Where a link begins: a node, or the edge of its subgraph, and one of its outputs. */
interface Origin {
  drawing: Drawing;
  id: string;
  slot: number;
}

interface Value {
  value: unknown;
}

const MUTED = 2;
const BYPASSED = 4;
/** The numbers that stand for the edge of a subgraph where its own links begin and end. */
const INPUTS = '-10';
const OUTPUTS = '-20';
/** In place of a node's number: the input of the subgraph itself has the value. */
const OWN_INPUT = '-1';
/** Nodes, inputs and links that are read of a workflow in all, however often its subgraphs are used. */
const MAX_PARTS = 50_000;
const MAX_INPUTS = 100;
/** Links and edges on the way from an input to the node behind it; longer ways are circles. */
const MAX_STEPS = 50;
const MAX_DEPTH = 10;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A node's inputs that are objects. */
export const inputsOf = (node: Drawn): readonly Inputs[] => listOf(node.inputs).slice(0, MAX_INPUTS).filter(isObject);

/** A workflow, or a subgraph in one of the places where it is used. */
export class Drawing {
  readonly #object: Inputs;
  readonly #user: Place | null;
  readonly #prefix: string;
  readonly #depth: number;
  readonly #definitions: ReadonlyMap<string, Inputs>;
  readonly #left: { parts: number };
  readonly #nodes = new Map<string, Drawn>();
  readonly #links = new Map<string, Origin>();
  /** Where what leaves a subgraph comes from, by the number of its output. */
  readonly #outputs = new Map<number, Origin>();
  readonly #inner = new Map<Drawn, Drawing>();
  /** The nodes that send a value by a name instead of a link. */
  readonly #senders = new Map<unknown, Drawn>();
  /** Values that the user of a subgraph gives its nodes, by their numbers. */
  readonly #given: ReadonlyMap<string, Inputs>;

  /** @param user the node that stands for this subgraph, and its drawing */
  constructor(object: Inputs, user: Place | null = null) {
    this.#object = object;
    this.#user = user;
    this.#prefix = user ? `${user.drawing.key(user.node)}:` : '';
    this.#depth = user ? user.drawing.#depth + 1 : 0;
    this.#definitions = user ? user.drawing.#definitions : definitionsOf(object);
    this.#left = user ? user.drawing.#left : { parts: MAX_PARTS };
    this.#given = user ? givenBy(user.node) : new Map();
    for (const node of listOf(object['nodes'])) if (this.#left.parts > 0) this.#addNode(node);
    for (const link of listOf(object['links'])) if (this.#left.parts > 0) this.#addLink(link);
  }

  #addNode(node: unknown): void {
    const id = isObject(node) ? asText(node['id']) : null;
    if (id === null || !isObject(node)) return;
    this.#left.parts -= 1 + inputsOf(node).length;
    this.#nodes.set(id, node);
    if (node['type'] === 'SetNode') this.#senders.set(listOf(node['widgets_values'])[0], node);
  }

  /** Links are lists, and objects in subgraphs and in version 1: number, from node, from output, to node, to input. */
  #addLink(link: unknown): void {
    this.#left.parts -= 1;
    const names = ['id', 'origin_id', 'origin_slot', 'target_id', 'target_slot'];
    const [number, from, slot, to, end] = isObject(link) ? names.map((name) => own(link, name)) : listOf(link);
    const id = asText(from);
    if (id === null || typeof slot !== 'number') return;
    const origin = { drawing: this, id, slot };
    this.#links.set(asText(number) ?? '', origin);
    if (asText(to) === OUTPUTS && typeof end === 'number') this.#outputs.set(end, origin);
  }

  /** The number of a node of this drawing in the whole graph. */
  key(node: Drawn): string {
    return this.#prefix + (asText(node.id) ?? '');
  }

  /** All nodes, those of subgraphs behind the node that stands for them. */
  *places(): Generator<Place> {
    for (const node of this.#nodes.values()) {
      yield { drawing: this, node };
      const inner = isOff(node) ? null : this.#innerOf(node);
      if (inner) yield* inner.places();
    }
  }

  /** Whether a node runs; for others, something else takes their place or nothing does. */
  runs(node: Drawn): boolean {
    return !isOff(node) && !isWire(node) && node.type !== 'PrimitiveNode' && !this.#definitions.has(String(node.type));
  }

  /** Values of a node that stand where its subgraph is used, by their names. */
  given(node: Drawn): Inputs {
    return this.#given.get(asText(node.id) ?? '') ?? {};
  }

  /** What a link leads from: a node that runs and its output, or a value; null if nothing does. */
  behind(link: unknown): (Place & { slot: number }) | Value | null {
    let at: Origin | Value | null = this.#origin(link);
    for (let step = 0; at && step < MAX_STEPS; step += 1) {
      if ('value' in at) return at;
      const node: Drawn | undefined = at.drawing.#nodes.get(at.id);
      if (node && at.drawing.runs(node)) return { drawing: at.drawing, node, slot: at.slot };
      at = node ? at.drawing.#before(node, at.slot) : at.drawing.#outside(at.id, at.slot);
    }
    return null;
  }

  #origin(link: unknown): Origin | null {
    return this.#links.get(asText(link) ?? '') ?? null;
  }

  /** What comes out of a node that doesn't run. */
  #before(node: Drawn, slot: number): Origin | Value | null {
    if (node.mode === MUTED) return null;
    if (node.mode === BYPASSED) return this.#origin(bypass(node, slot));
    if (node.type === 'PrimitiveNode') return { value: listOf(node.widgets_values)[0] };
    if (isWire(node)) {
      const sender = node.type === 'GetNode' ? this.#senders.get(listOf(node.widgets_values)[0]) : node;
      return sender ? this.#origin(inputsOf(sender)[0]?.['link']) : null;
    }
    const inner = this.#innerOf(node);
    return inner ? (inner.#outputs.get(slot) ?? null) : null;
  }

  /** What the user of this subgraph gives one of its inputs. */
  #outside(id: string, slot: number): Origin | Value | null {
    if (!this.#user || id !== INPUTS) return null;
    const { drawing, node } = this.#user;
    const input = listOf(this.#object['inputs'])[slot];
    const name = isObject(input) ? input['name'] : null;
    const outer = inputsOf(node).find((candidate) => candidate['name'] === name) ?? inputsOf(node)[slot];
    const origin = drawing.#origin(outer?.['link']);
    const given = this.#given.get(OWN_INPUT) ?? {};
    return origin ?? (typeof name === 'string' && Object.hasOwn(given, name) ? { value: given[name] } : null);
  }

  /** The subgraph that a node stands for. */
  #innerOf(node: Drawn): Drawing | null {
    const definition = this.#definitions.get(String(node.type));
    if (!definition || this.#depth === MAX_DEPTH) return null;
    const inner = this.#inner.get(node) ?? new Drawing(definition, { drawing: this, node });
    this.#inner.set(node, inner);
    return inner;
  }
}

const isOff = (node: Drawn): boolean => node.mode === MUTED || node.mode === BYPASSED;

/** Nodes that only the editor has: they pass on what they get. */
const isWire = (node: Drawn): boolean => ['Reroute', 'GetNode', 'SetNode'].includes(String(node.type));

/** The link that takes the place of a bypassed node's output: into its input of the same kind. */
function bypass(node: Drawn, slot: number): unknown {
  const output = listOf(node.outputs)[slot];
  const kind = isObject(output) ? output['type'] : undefined;
  const inputs = inputsOf(node);
  const same = inputs[slot];
  return (same && same['type'] === kind ? same : inputs.find((input) => input['type'] === kind))?.['link'];
}

function definitionsOf(workflow: Inputs): ReadonlyMap<string, Inputs> {
  const definitions = isObject(workflow['definitions']) ? workflow['definitions'] : {};
  const subgraphs = listOf(definitions['subgraphs']).filter(isObject);
  return new Map(subgraphs.map((subgraph) => [String(subgraph['id']), subgraph]));
}

/** `proxyWidgets` names the inner nodes and inputs whose values the node that stands for a subgraph has. */
function givenBy(node: Drawn): ReadonlyMap<string, Inputs> {
  const proxies = isObject(node.properties) ? listOf(node.properties['proxyWidgets']) : [];
  const values = listOf(node.widgets_values);
  const given = new Map<string, Record<string, unknown>>();
  for (const [at, proxy] of proxies.slice(0, Math.min(MAX_INPUTS, values.length)).entries()) {
    const [id, name] = listOf(proxy);
    const key = asText(id);
    const value = values[at];
    if (key === null || typeof name !== 'string' || value === null) continue;
    given.set(key, { ...given.get(key), [name]: value });
  }
  return given;
}

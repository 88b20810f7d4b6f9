import { Drawing, inputsOf, type Drawn } from './comfyui-drawing.ts';
import { MAX_NODES, type Graph, type GraphNode, type Inputs } from './comfyui-graph.ts';
import { namedWidgets } from './comfyui-widgets.ts';
import { asText } from './json-values.ts';

/**
 * The graph that a workflow of ComfyUI's editor (version 0.4 and 1) would run: values by their names, links without reroutes and bypassed nodes,
 * subgraphs in their places. Muted nodes are left out. Empty if the object isn't a workflow.
 */
export function readWorkflow(object: Inputs | null): Graph {
  const graph = new Map<string, GraphNode>();
  if (!object || !Array.isArray(object['nodes'])) return graph;
  for (const { drawing, node } of new Drawing(object).places()) {
    if (graph.size === MAX_NODES) break;
    const { type } = node;
    if (typeof type === 'string' && drawing.runs(node))
      graph.set(drawing.key(node), { type, inputs: valuesAndLinks(drawing, node) });
  }
  return graph;
}

function valuesAndLinks(drawing: Drawing, node: Drawn): Inputs {
  // A list of two values isn't a link here.
  const widgets = Object.entries({ ...namedWidgets(node), ...drawing.given(node) });
  const inputs = new Map<string, unknown>(widgets.filter(([, value]) => asText(value) !== null));
  for (const { name, link } of inputsOf(node)) {
    const origin = typeof name === 'string' && link !== null ? drawing.behind(link) : null;
    if (!origin) continue;
    const isValue = 'value' in origin;
    inputs.set(String(name), isValue ? asText(origin.value) : [origin.drawing.key(origin.node), origin.slot]);
  }
  return Object.fromEntries(inputs);
}

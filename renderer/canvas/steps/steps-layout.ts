import type { NodeId } from '../../../electron/contract/entities/ids.ts';
import type { Rect } from '../../stage/geometry.ts';
import type { StepNode, StepsTree } from './steps-tree.ts';

/** Measures of the strip, in CSS pixels. */
export const STEP = { width: 170, height: 40, across: 208, down: 52, edge: 4 } as const;
/** Distance of the lines of branching nodes in one column, CSS pixels, and how many fit. */
const LANE = { apart: 6, count: 3 } as const;

/** A node's position in the strip. */
export function placeOf({ column, row }: Pick<StepNode, 'column' | 'row'>): Rect {
  const { width, height, across, down, edge } = STEP;
  return { left: edge + column * across, top: edge + row * down, width, height };
}

export function planeOf({ columns, rows }: StepsTree): { width: number; height: number } {
  const { across, down, edge, width, height } = STEP;
  return { width: edge * 2 + (columns - 1) * across + width, height: edge * 2 + (rows - 1) * down + height };
}

/** The line from a source to a node. */
export interface Edge {
  id: NodeId;
  /** An SVG path of right angles. */
  path: string;
}

/** All lines of a tree. Lines from different nodes of one column bend at different positions. */
export function edgesOf(tree: StepsTree): Edge[] {
  const nodes = new Map(tree.nodes.map((node) => [node.id, node]));
  const lanes = lanesOf(tree);
  return tree.nodes.flatMap((node): Edge[] => {
    const parent = node.parent === null ? undefined : nodes.get(node.parent);
    if (!parent) return [];
    const [from, to] = [placeOf(parent), placeOf(node)];
    const [x, y] = [from.left + from.width, from.top + from.height / 2];
    const bend = x + 14 + (lanes.get(parent.id) ?? 0) * LANE.apart;
    return [{ id: node.id, path: `M${x} ${y}H${bend}V${to.top + to.height / 2}H${to.left - 4}` }];
  });
}

/** Which lane a node with branches takes between its column and the next. */
function lanesOf({ nodes }: StepsTree): Map<NodeId, number> {
  const branching = new Set(
    nodes.filter((node, index) => index !== firstChild(nodes, node.parent)).map(({ parent }) => parent),
  );
  const taken = new Map<number, number>();
  const lanes = new Map<NodeId, number>();
  for (const { id, column } of nodes.toSorted((one, other) => one.row - other.row)) {
    if (!branching.has(id)) continue;
    const lane = taken.get(column) ?? 0;
    lanes.set(id, lane % LANE.count);
    taken.set(column, lane + 1);
  }
  return lanes;
}

function firstChild(nodes: readonly StepNode[], parent: NodeId | null): number {
  return nodes.findIndex((node) => node.parent === parent);
}

/** The nodes in or near the visible part. */
export function nodesWithin({ nodes }: StepsTree, seen: Rect): StepNode[] {
  const { across, down } = STEP;
  return nodes.filter((node) => {
    const { left, top } = placeOf(node);
    const beside = left > seen.left - 2 * across && left < seen.left + seen.width + across;
    return beside && top > seen.top - 2 * down && top < seen.top + seen.height + down;
  });
}

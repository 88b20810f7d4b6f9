/** A node of a tree that grows from left to right. `column`: its distance from the root. */
export interface TreeNode {
  id: string;
  parent: string | null;
  column: number;
  row: number;
}

/** Nodes in reading order: each after its parent. */
export interface Tree<Node extends TreeNode> {
  nodes: readonly Node[];
  columns: number;
  rows: number;
}

/** A part of the plane, in CSS pixels. */
export interface TreeRect {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Measures of a tree, in CSS pixels. */
export const NODE = { width: 170, height: 40, across: 208, down: 52, edge: 4 } as const;
/** Distance of the lines of branching nodes in one column, CSS pixels, and how many fit. */
const LANE = { apart: 6, count: 3 } as const;

/** A node's position in its tree. */
export function placeOf({ column, row }: Pick<TreeNode, 'column' | 'row'>): TreeRect {
  const { width, height, across, down, edge } = NODE;
  return { left: edge + column * across, top: edge + row * down, width, height };
}

/** The size of a tree. */
export function planeOf({ columns, rows }: Tree<TreeNode>): { width: number; height: number } {
  const { across, down, edge, width, height } = NODE;
  return { width: edge * 2 + (columns - 1) * across + width, height: edge * 2 + (rows - 1) * down + height };
}

/** The line from a source to a node. */
export interface Edge<Id extends string = string> {
  id: Id;
  /** An SVG path of right angles. */
  path: string;
}

/** All lines of a tree. Lines from different nodes of one column bend at different positions. */
export function edgesOf<Node extends TreeNode>(tree: Tree<Node>): Edge<Node['id']>[] {
  const nodes = new Map<string, Node>(tree.nodes.map((node) => [node.id, node]));
  const lanes = lanesOf(tree);
  return tree.nodes.flatMap((node): Edge<Node['id']>[] => {
    const parent = node.parent === null ? undefined : nodes.get(node.parent);
    if (!parent) return [];
    const [from, to] = [placeOf(parent), placeOf(node)];
    const [x, y] = [from.left + from.width, from.top + from.height / 2];
    const bend = x + 14 + (lanes.get(parent.id) ?? 0) * LANE.apart;
    return [{ id: node.id, path: `M${x} ${y}H${bend}V${to.top + to.height / 2}H${to.left - 4}` }];
  });
}

/** Which lane a node with branches takes between its column and the next. */
function lanesOf({ nodes }: Tree<TreeNode>): Map<string, number> {
  const seen = new Set<string>();
  const branching = new Set<string>();
  for (const { parent } of nodes) {
    if (parent === null) continue;
    if (seen.has(parent)) branching.add(parent);
    seen.add(parent);
  }
  const taken = new Map<number, number>();
  const lanes = new Map<string, number>();
  for (const { id, column } of nodes.toSorted((one, other) => one.row - other.row)) {
    if (!branching.has(id)) continue;
    const lane = taken.get(column) ?? 0;
    lanes.set(id, lane % LANE.count);
    taken.set(column, lane + 1);
  }
  return lanes;
}

/** The nodes in or near the visible part. */
export function nodesWithin<Node extends TreeNode>({ nodes }: Tree<Node>, seen: TreeRect): Node[] {
  const { across, down } = NODE;
  return nodes.filter((node) => {
    const { left, top } = placeOf(node);
    const beside = left > seen.left - 2 * across && left < seen.left + seen.width + across;
    return beside && top > seen.top - 2 * down && top < seen.top + seen.height + down;
  });
}

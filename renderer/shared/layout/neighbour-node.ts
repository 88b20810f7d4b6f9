import type { Tree, TreeNode } from './tree-layout.ts';

/** `left`: the source. `right`: what was created from it. `up` and `down`: neighbours in the same column. */
export type Direction = 'left' | 'right' | 'up' | 'down';

/** The node in a direction; null if there is none. `open`: which nodes count; default all. */
export function neighbourNode<Node extends TreeNode>(
  tree: Tree<Node>,
  from: Node['id'],
  direction: Direction,
  open: (node: Node) => boolean = () => true,
): Node | null {
  const here = tree.nodes.find(({ id }) => id === from);
  if (!here) return null;
  const others = tree.nodes.filter((node) => node !== here && open(node));
  if (direction === 'left') return others.find(({ id }) => id === here.parent) ?? null;
  // The nearest row: the same row first, then the oldest branch.
  if (direction === 'right')
    return nearest(
      others.filter(({ parent }) => parent === from),
      here.row,
    );
  const ahead = others.filter(({ row }) => (direction === 'down' ? row > here.row : row < here.row));
  const column = ahead.filter((node) => node.column === here.column);
  // A branch without a node in this column is reached too.
  return nearest(column, here.row) ?? nearest(ahead, here.row, here.column);
}

function nearest<Node extends TreeNode>(nodes: readonly Node[], row: number, column?: number): Node | null {
  const distance = (node: Node): number =>
    Math.abs(node.row - row) * 1000 + (column === undefined ? 0 : Math.abs(node.column - column));
  return nodes.reduce<Node | null>(
    (best, node) => (best === null || distance(node) < distance(best) ? node : best),
    null,
  );
}

import { tick } from 'svelte';
import type { HTMLButtonAttributes } from 'svelte/elements';
import { isKey, lookUpKey } from '../keyboard/shortcut-keys.ts';
import { neighbourNode, type Direction } from './neighbour-node.ts';
import type { Tree, TreeNode } from './tree-layout.ts';

/** What a drawn tree needs from its owner. Functions, because the values change. */
interface TreeHost<Node extends TreeNode> {
  tree(): Tree<Node>;
  /** The node that the tree is about. */
  current(): Node['id'];
  /** The id of the element of a node. */
  elementId(node: Node): string;
  cardId: string;
  /** Brings a node that gets the focus into view. */
  reveal(node: Node): void;
  /** Handles a further key on a node. Returns whether it was one. */
  onkey?(event: KeyboardEvent, node: Node): boolean;
}

/** How long a pointer or the focus rests on a node before its card is shown, ms. */
const CARD_DELAY_MS = 300;

const ARROWS: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** Focus and pointer in a drawn tree: one node is in the tab order, arrows walk, and a card appears beside the node pointed at. */
export class TreeWalk<Node extends TreeNode> {
  /** Where the focus is, or was last. */
  focused = $state<Node['id'] | null>(null);
  /** The node or edge that has a card, and where that is on the screen. */
  card = $state.raw<{ id: Node['id']; at: DOMRect } | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #host: TreeHost<Node>;

  constructor(host: TreeHost<Node>) {
    this.#host = host;
  }

  readonly nodes = $derived.by(() => new Map<string, Node>(this.#host.tree().nodes.map((node) => [node.id, node])));

  /** The node in the tab order. */
  get stop(): Node['id'] {
    return this.focused !== null && this.nodes.has(this.focused) ? this.focused : this.#host.current();
  }

  /** For the `treeitem` of a node. */
  itemProps(node: Node): HTMLButtonAttributes {
    return {
      id: this.#host.elementId(node),
      tabindex: node.id === this.stop ? 0 : -1,
      'aria-describedby': this.card?.id === node.id ? this.#host.cardId : undefined,
      onkeydown: (event) => this.#keydown(event, node),
      onfocus: ({ currentTarget }) => {
        this.focused = node.id;
        // Focus by mouse does not show the card.
        if (currentTarget.matches(':focus-visible')) this.showCard(node.id, currentTarget);
      },
      onblur: () => this.hideCard(),
      onpointerenter: ({ currentTarget }) => this.showCard(node.id, currentTarget),
      onpointerleave: () => this.hideCard(),
    };
  }

  async focus(node: Node): Promise<void> {
    this.focused = node.id;
    this.#host.reveal(node);
    await tick();
    document.getElementById(this.#host.elementId(node))?.focus({ preventScroll: true });
  }

  /** Shows a node's card beside an element, after a while. */
  showCard(id: Node['id'], element: Element): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.card = { id, at: element.getBoundingClientRect() }), CARD_DELAY_MS);
  }

  hideCard(): void {
    clearTimeout(this.#timer);
    this.card = null;
  }

  #keydown(event: KeyboardEvent, node: Node): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = this.#nodeOf(event, node);
    if (next) void this.focus(next);
    else if (isKey(event, 'Escape') && this.card) this.hideCard();
    else if (next === undefined && this.#host.onkey?.(event, node) !== true) return;
    event.preventDefault();
  }

  /** The node that a key leads to; null: there is none in that direction; undefined: it is another key. */
  #nodeOf(event: KeyboardEvent, { id }: Node): Node | null | undefined {
    const tree = this.#host.tree();
    const direction = lookUpKey(ARROWS, event);
    if (direction) return neighbourNode(tree, id, direction);
    if (isKey(event, 'Home')) return tree.nodes[0];
    return isKey(event, 'End') ? tree.nodes.at(-1) : undefined;
  }
}

import type { NodeId } from '../../../electron/contract/entities/ids.ts';
import type { Image } from '../../../electron/contract/entities/images.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import type { Job, JobGeneration } from '../../../electron/contract/entities/jobs.ts';
import { jobFrames, type Frame } from '../../progress/live-frames.ts';
import type { Size } from '../../stage/geometry.ts';
import { shortenPrompt } from '../../state/prompt-names.ts';
import { changeOf, isVariation, promptOf, shownSize, stepName } from './step-names.ts';

/** The state of a node. */
type StepState = 'root' | 'image' | 'waiting' | 'running' | 'failed' | 'interrupted' | 'cancelled' | 'unsent';

/** An image of the tree, or a placeholder of one. */
export interface StepNode {
  /** `root`, the image's id, or a unique id of the placeholder. */
  id: NodeId;
  /** Stays the same when the image is received. */
  key: string;
  parent: NodeId | null;
  /** Distance from the root: 0 for the root. */
  column: number;
  row: number;
  name: string;
  /** What its request changed; for the root its origin. */
  change: string;
  state: StepState;
  image: Image | null;
  /** The first image; only at the root. */
  root: InputImage | null;
  job: Job | null;
  /** The job's frame for this node. */
  frame: Frame | null;
  /** Micro-dollars; null if not known. */
  cost: number | null;
  /** Milliseconds since 1970; 0 for the root. */
  createdAt: number;
}

/** All images of a draft. */
export interface StepsTree {
  /** In reading order: each after its parent, branch by branch. */
  nodes: readonly StepNode[];
  columns: number;
  rows: number;
  /** Number of images, including the first one. */
  images: number;
}

const ROOT = 'root' as NodeId;
/** Id of the node for the request that is being written. */
export const UNSENT = 'unsent' as NodeId;

/** A request that is being written: its source node and its prompt. */
export interface Unsent {
  from: NodeId;
  prompt: string;
}

/**
 * Builds the tree of a draft. `jobs`: all jobs of the draft, oldest first. `unsent`: changes that are not sent. Each branch has a row; new
 * branches go below the others, so that nodes never move.
 */
export function stepsTree(root: InputImage, jobs: readonly Job[], unsent: Unsent | null = null): StepsTree {
  const plot = new Plot(root);
  for (const job of jobs) plot.add(job);
  if (unsent !== null) plot.addUnsent(unsent);
  return plot.tree();
}

/** Finds a node by its id. */
export function nodeOf(tree: StepsTree, id: NodeId | null): StepNode | null {
  return tree.nodes.find((node) => node.id === id) ?? null;
}

/** Whether a node can be opened on the stage: it has an image. */
export function canOpen({ state }: StepNode): boolean {
  return state === 'root' || state === 'image';
}

/** Builds a tree node by node. */
class Plot {
  readonly #nodes = new Map<NodeId, StepNode>();
  readonly #children = new Map<NodeId, StepNode[]>();
  #rows = 1;

  constructor(root: InputImage) {
    const change = root.image === null ? 'From a file' : 'From the library';
    const known = { id: ROOT, key: 'root', parent: null, column: 0, row: 0, name: 'Original', change } as const;
    this.#nodes.set(ROOT, {
      ...known,
      state: 'root',
      image: null,
      root,
      job: null,
      frame: null,
      cost: null,
      createdAt: 0,
    });
  }

  add(job: Job): void {
    // If the source is not in the tree, the root takes its place.
    const parent = this.#nodes.get(job.request.canvas?.node ?? ROOT) ?? this.#nodes.get(ROOT);
    if (!parent) return;
    const change = changeOf(job, sizeAt(parent));
    const all = jobFrames(job);
    const earlier = isVariation(job) ? this.#variationsOf(parent.id) : 0;
    for (const [index, frame] of all.entries()) {
      const state = stateOf(job, frame);
      // Failed images of a job share one node; dismissed ones are not shown.
      if (
        state === null ||
        (isLost(state) && (job.dismissed || all.slice(0, index).some((one) => isLost(stateOf(job, one)))))
      )
        continue;
      const name = stepName(job, parent.job, earlier + index + 1, all.length > 1);
      this.#place(parent, {
        id: (frame.image?.id as string as NodeId | undefined) ?? (`${job.id}:${index}` as NodeId),
        key: `${job.id}:${index}`,
        ...{ name, change, state, job },
        image: frame.image,
        frame,
        root: null,
        cost: computeCost(job.generations.find(({ id }) => id === frame.generationId)),
        createdAt: job.createdAt,
      });
    }
  }

  addUnsent({ from, prompt }: Unsent): void {
    const parent = this.#nodes.get(from);
    if (!parent) return;
    const name = prompt.trim() === '' ? 'Next' : shortenPrompt(prompt, promptOf(parent.job));
    const known = { id: UNSENT, key: 'unsent', name, change: 'not sent', state: 'unsent' } as const;
    const nothing = { image: null, root: null, job: null, frame: null, cost: null };
    this.#place(parent, { ...known, ...nothing, createdAt: Infinity });
  }

  tree(): StepsTree {
    const nodes: StepNode[] = [];
    const waiting = [this.#nodes.get(ROOT)];
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      nodes.push(node);
      waiting.push(...(this.#children.get(node.id) ?? []).toReversed());
    }
    return {
      nodes,
      columns: nodes.reduce((max, { column }) => Math.max(max, column + 1), 1),
      rows: this.#rows,
      images: nodes.filter(canOpen).length,
    };
  }

  /** The first child continues its parent's row; every other one begins a new row below all others. */
  #place(parent: StepNode, node: Omit<StepNode, 'parent' | 'column' | 'row'>): void {
    const siblings = this.#children.get(parent.id) ?? [];
    const row = siblings.length === 0 ? parent.row : this.#rows;
    this.#rows = Math.max(this.#rows, row + 1);
    const placed = { ...node, parent: parent.id, column: parent.column + 1, row };
    this.#nodes.set(placed.id, placed);
    this.#children.set(parent.id, [...siblings, placed]);
  }

  #variationsOf(parent: NodeId): number {
    return (this.#children.get(parent) ?? []).filter(({ change }) => change === 'Variation').length;
  }
}

function sizeAt({ root, image }: StepNode): Size | null {
  return root ?? (image && shownSize(image));
}

/** The state of a frame's node; null: it has no node. */
function stateOf(job: Job, { image, state }: Frame): StepState | null {
  if (image) return 'image';
  if (job.state === 'waiting') return 'waiting';
  if (job.state === 'running') return state === 'sent' || state === 'intent' ? 'running' : lostState(state);
  return lostState(job.state);
}

function lostState(state: Job['state'] | Frame['state']): StepState | null {
  return state === 'failed' || state === 'interrupted' || state === 'cancelled' ? state : null;
}

function isLost(state: StepState | null): boolean {
  return state === 'failed' || state === 'interrupted' || state === 'cancelled';
}

/** An image's share of its request's cost. */
function computeCost(generation: JobGeneration | undefined): number | null {
  if (!generation || generation.cost === null) return null;
  return Math.round(generation.cost / Math.max(1, generation.images.length));
}

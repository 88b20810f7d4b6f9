import type { Readable } from '../db/database.ts';
import { FLAGS, renumber, STATES, type Columns } from './columns.ts';
import { hasBit, type Bits } from './bits.ts';

/** Child and parent of every input that is an image of the library, in the inputs' order. */
const LINKS = `SELECT c.timeline, p.timeline FROM inputs n CROSS JOIN images p ON p.id = n.image_id
  CROSS JOIN images c ON c.generation_id = n.generation_id WHERE n.role = 'image' ORDER BY c.timeline, n.position`;
const LINKS_OF = `SELECT c.timeline, p.timeline FROM (SELECT value AS timeline FROM json_each(?)) w
  CROSS JOIN images c ON c.timeline = w.timeline CROSS JOIN inputs n ON n.generation_id = c.generation_id
  CROSS JOIN images p ON p.id = n.image_id WHERE n.role = 'image' ORDER BY c.timeline, n.position`;

/** Which images were made from which: pairs of ordinals. An image's first parent continues its chain of edits. */
export class Lineage {
  children: Uint32Array;
  parents: Uint32Array;
  #roots: Uint32Array | null = null;

  constructor(children = new Uint32Array(0), parents = new Uint32Array(0)) {
    this.children = children;
    this.parents = parents;
  }

  /** The first image of each image's chain of edits, by ordinal. */
  roots(count: number): Uint32Array {
    if (this.#roots?.length === count) return this.#roots;
    const parent = new Uint32Array(count).fill(NONE);
    for (const [index, child] of this.children.entries())
      if (parent[child] === NONE) parent[child] = this.parents[index] ?? NONE;
    const roots = new Uint32Array(count).fill(NONE);
    for (let ordinal = 0; ordinal < count; ordinal += 1) findRoot(ordinal, parent, roots);
    this.#roots = roots;
    return roots;
  }

  /** Sets the links of some images anew, and leaves out those of removed images. */
  replace(changed: Bits, links: readonly (readonly [child: number, parent: number])[], columns: Columns): void {
    const { state } = columns.arrays;
    const kept: (readonly [number, number])[] = [];
    const isThere = (ordinal: number): boolean => ((state[ordinal] ?? 0) & STATES.removed) === 0;
    for (const [index, child] of this.children.entries())
      if (!hasBit(changed, child)) kept.push([child, this.parents[index] ?? NONE]);
    const all = [...kept, ...links].filter(([child, parent]) => isThere(child) && isThere(parent));
    this.children = Uint32Array.from(all, ([child]) => child);
    this.parents = Uint32Array.from(all, ([, parent]) => parent);
    this.#roots = null;
    this.mark(columns);
  }

  /** After {@link Columns.insert}. */
  renumber(places: Uint32Array, oldCount: number): void {
    renumber(this.children, places, oldCount);
    renumber(this.parents, places, oldCount);
    this.#roots = null;
  }

  /** Writes into the columns which images have children. */
  mark({ arrays: { flags }, count }: Columns): void {
    for (let ordinal = 0; ordinal < count; ordinal += 1) flags[ordinal] = (flags[ordinal] ?? 0) & ~FLAGS.children;
    for (const parent of this.parents) flags[parent] = (flags[parent] ?? 0) | FLAGS.children;
  }
}

const NONE = 0xffff_ffff;

function findRoot(start: number, parent: Uint32Array, roots: Uint32Array): void {
  const path: number[] = [];
  let at = start;
  while (roots[at] === NONE) {
    path.push(at);
    // Marks the path, so that a damaged library with a circle ends here.
    roots[at] = at;
    const next = parent[at] ?? NONE;
    if (next === NONE) break;
    at = next;
  }
  const root = roots[at] ?? at;
  for (const ordinal of path) roots[ordinal] = root;
}

/** All links of a library. */
export function readLineage(db: Readable, columns: Columns): Lineage {
  const links = ordinalPairs(columns, db.prepare<[], [number, number]>(LINKS).raw().all());
  return new Lineage(
    Uint32Array.from(links, ([child]) => child),
    Uint32Array.from(links, ([, parent]) => parent),
  );
}

/** The links of the images with these timeline keys, ascending. */
export function readLinks(db: Readable, columns: Columns, timelines: readonly number[]): [number, number][] {
  const rows = db.prepare<[string], [number, number]>(LINKS_OF).raw().all(JSON.stringify(timelines));
  return ordinalPairs(columns, rows);
}

function ordinalPairs(columns: Columns, rows: readonly [number, number][]): [number, number][] {
  return rows.flatMap(([child, parent]): [number, number][] => {
    const pair: [number, number] = [columns.ordinal(child), columns.ordinal(parent)];
    return pair.includes(-1) ? [] : [pair];
  });
}

import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { Family, FamilyLink, FamilyMember } from '../../../electron/contract/entities/views.ts';
import type { Tree, TreeNode } from '../../shared/layout/tree-layout.ts';
import { changeAlong, nameOf, type FamilyChange } from './family-labels.ts';

/** Children of one image that are shown; further ones are behind a node that shows them all. */
export const MAX_CHILDREN = 6;

interface Placed extends TreeNode {
  /** 1-based among its siblings, and how many there are. */
  position: number;
  siblings: number;
}

/** An image of a family. */
export interface MemberNode extends Placed {
  kind: 'member';
  id: ImageId;
  member: FamilyMember;
  /** What it is drawn below; null for a root. */
  link: FamilyLink | null;
  source: FamilyMember | null;
  name: string;
  /** 1-based among the images of its job in the family, which have the same name; null for the only one. */
  number: number | null;
  change: FamilyChange;
  /** Other images that it was made from too. */
  others: number;
}

/** Stands for children that aren't shown. `of`: the image that they were made from. */
interface FoldNode extends Placed {
  kind: 'fold';
  of: ImageId;
  hidden: number;
}

export type FamilyNode = MemberNode | FoldNode;
export type FamilyTree = Tree<FamilyNode>;

/**
 * Arranges a family in rows: the first child continues its parent's row, others have their own below it, as high as there is room, so that
 * no lines cross. Each image is drawn once, below its first source; cycles are cut.
 * @param current stays visible, with what it was made from, also in a folded family
 * @param unfolded images whose children are all shown
 */
export function familyTree(family: Family, current: ImageId, unfolded: ReadonlySet<ImageId> = new Set()): FamilyTree {
  const sources = findSources(family.members);
  const children = Map.groupBy(family.members, ({ image }) => sources.get(image.id)?.from ?? null);
  const path = pathTo(current, sources);
  const members = new Map(family.members.map((member) => [member.image.id, member]));
  const numbers = numberByJob(family.members);
  const nodes: FamilyNode[] = [];
  /** The last row that is taken in each column. */
  const last: number[] = [];

  const shownOf = (id: ImageId): readonly FamilyMember[] => {
    const all = children.get(id) ?? [];
    return unfolded.has(id) ? all : fold(all, path);
  };

  /** The first row below all others that has room for an image and for those that continue its row. */
  const rowFor = (image: ImageId, column: number): number => {
    let row = 0;
    let id: ImageId | undefined = image;
    for (let at = column; id !== undefined; at += 1) {
      row = Math.max(row, (last[at] ?? -1) + 1);
      id = shownOf(id)[0]?.image.id;
    }
    return row;
  };

  const place = (member: FamilyMember, at: Omit<Placed, 'id'>): void => {
    const link = sources.get(member.image.id) ?? null;
    const source = link ? (members.get(link.from) ?? null) : null;
    last[at.column] = at.row;
    nodes.push({
      ...at,
      kind: 'member',
      id: member.image.id,
      member,
      link,
      source,
      name: nameOf(member, source),
      number: numbers.get(member.image.id) ?? null,
      change: changeAlong(link, source, member),
      others: Math.max(0, member.parents.length - (link ? 1 : 0)),
    });
    below(member.image.id, at);
  };

  const below = (id: ImageId, { column, row }: Omit<Placed, 'id'>): void => {
    const shown = shownOf(id);
    const hidden = (children.get(id)?.length ?? 0) - shown.length;
    const siblings = shown.length + (hidden > 0 ? 1 : 0);
    for (const [index, child] of shown.entries()) {
      const own = index === 0 ? row : rowFor(child.image.id, column + 1);
      place(child, { parent: id, column: column + 1, row: own, position: index + 1, siblings });
    }
    if (hidden === 0) return;
    const own = (last[column + 1] ?? row) + 1;
    last[column + 1] = own;
    const at = { parent: id, column: column + 1, row: own, position: siblings, siblings };
    nodes.push({ ...at, kind: 'fold', id: `more-${id}`, of: id, hidden });
  };

  const roots = children.get(null) ?? [];
  for (const [index, root] of roots.entries()) {
    const row = rowFor(root.image.id, 0);
    place(root, { parent: null, column: 0, row, position: index + 1, siblings: roots.length });
  }
  return { nodes, rows: Math.max(0, ...last.map((row) => row + 1)), columns: Math.max(1, last.length) };
}

function numberByJob(members: readonly FamilyMember[]): Map<ImageId, number> {
  const jobs = [...Map.groupBy(members, ({ image }) => image.jobId).values()].filter(({ length }) => length > 1);
  return new Map(jobs.flatMap((job) => job.map(({ image }, index) => [image.id, index + 1] as const)));
}

/** The source that each member is drawn below: its first one that is a member, unless that comes from it. */
function findSources(members: readonly FamilyMember[]): Map<ImageId, FamilyLink> {
  const known = new Set(members.map(({ image }) => image.id));
  const sources = new Map<ImageId, FamilyLink>();
  for (const { image, parents } of members) {
    const link = parents.find(({ from }) => known.has(from) && !comesFrom(from, image.id, sources));
    if (link) sources.set(image.id, link);
  }
  return sources;
}

function comesFrom(id: ImageId, ancestor: ImageId, sources: ReadonlyMap<ImageId, FamilyLink>): boolean {
  for (let at: ImageId | undefined = id; at !== undefined; at = sources.get(at)?.from) if (at === ancestor) return true;
  return false;
}

function pathTo(id: ImageId, sources: ReadonlyMap<ImageId, FamilyLink>): Set<ImageId> {
  const path = new Set<ImageId>();
  for (let at: ImageId | undefined = id; at !== undefined; at = sources.get(at)?.from) path.add(at);
  return path;
}

/** The first children, and those on the way to the current image. */
function fold(all: readonly FamilyMember[], path: ReadonlySet<ImageId>): readonly FamilyMember[] {
  // A node for a single hidden one would take its place.
  if (all.length <= MAX_CHILDREN) return all;
  return all.filter(({ image }, index) => index < MAX_CHILDREN - 1 || path.has(image.id));
}

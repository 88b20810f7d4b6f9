import type { Tag } from '../../../electron/contract/entities/annotations.ts';
import type { Collection } from '../../../electron/contract/entities/collections.ts';

/** What a tree is built from. Items come in the order in which they are shown. */
export interface TreeItem {
  id: string;
  parentId: string | null;
  name: string;
  /** With parents; what is typed is looked for in it. */
  path: string;
  /** Null: not known. */
  images: number | null;
}

/** Places that are always there: a query, or the trash. */
export interface PlaceItem extends TreeItem {
  query: string;
  place: 'library' | 'trash';
}

export interface CollectionItem extends TreeItem {
  collection: Collection;
}

export interface TagItem extends TreeItem {
  tag: Tag;
}

/** Where an item was dragged. */
export type TreeMove<T extends TreeItem> = { before: T } | { into: T };

/** A visible row. `setSize` and `place` (from 1) among its siblings. */
export interface TreeRow<T extends TreeItem> {
  item: T;
  /** From 1. */
  level: number;
  /** Null: nothing is below it. */
  open: boolean | null;
  setSize: number;
  place: number;
}

export interface VisibleRows<T extends TreeItem> {
  rows: TreeRow<T>[];
  /** Rows beyond the limit. */
  more: number;
}

/**
 * The rows that are visible: those below open items, or, with a filter, the items that match it with their parents.
 * @param filter folded; '' for none
 */
export function visibleRows<T extends TreeItem>(
  items: readonly T[],
  {
    open,
    filter,
    limit,
    fold,
  }: { open: ReadonlySet<string>; filter: string; limit: number; fold: (text: string) => string },
): VisibleRows<T> {
  const known = new Set(items.map(({ id }) => id));
  const below = Map.groupBy(items, ({ parentId }) => (parentId !== null && known.has(parentId) ? parentId : null));
  const wanted = filter === '' ? null : matching(items, filter, fold);
  const rows: TreeRow<T>[] = [];
  let more = 0;
  const visit = (parent: string | null, level: number): void => {
    const siblings = (below.get(parent) ?? []).filter(({ id }) => wanted === null || wanted.has(id));
    siblings.forEach((item, index) => {
      const children = below.get(item.id);
      const isOpen = wanted !== null || open.has(item.id);
      if (rows.length < limit)
        rows.push({ item, level, open: children ? isOpen : null, setSize: siblings.length, place: index + 1 });
      else more += 1;
      if (children && isOpen) visit(item.id, level + 1);
    });
  };
  visit(null, 1);
  return { rows, more };
}

/** Items that match, and all above them. */
function matching(items: readonly TreeItem[], filter: string, fold: (text: string) => string): Set<string> {
  const byId = new Map(items.map((item) => [item.id, item]));
  const found = new Set<string>();
  for (const item of items) {
    if (!fold(item.path).includes(filter)) continue;
    for (let at: TreeItem | undefined = item; at && !found.has(at.id); at = byId.get(at.parentId ?? ''))
      found.add(at.id);
  }
  return found;
}

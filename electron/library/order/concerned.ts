import type { Entry } from './journal.ts';

/** What a change concerned, for those who show it. */
export interface Concerned {
  /** Images have appeared or disappeared. */
  images: boolean;
  /** Tags or collections, or what they contain. */
  order: boolean;
  /** Sidecars may be outdated. */
  sidecars: boolean;
}

export function concernedBy({ inverse, edit }: Pick<Entry, 'inverse' | 'edit'>): Concerned {
  const { aspects, cells } = inverse;
  const images = aspects.includes('deleted_at') || edit.kind === 'empty';
  const order = images || cells.length > 0 || aspects.includes('tags') || aspects.includes('collections');
  return { images, order, sidecars: aspects.length > 0 || edit.kind === 'empty' || cells.length > 0 };
}

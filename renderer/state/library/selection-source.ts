import type { StudioApi } from '../../../electron/contract/api.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { SortBy } from '../../../electron/contract/entities/query.ts';
import type { GridImage, View, ViewQuestion } from '../../../electron/contract/entities/views.ts';
import { StudioError } from '../../../electron/contract/errors/errors.ts';
import type { LookedUpView } from './look-up.ts';
import { endsMissing, type ViewRange } from './selection-parts.ts';

/** What the selection needs to know of the grid's images. */
export interface SelectableView extends LookedUpView {
  readonly view: View | null;
  readonly total: number;
  at(position: number): GridImage | null;
}

/** What a selection is made in. */
export interface SelectionSource {
  studio: Pick<StudioApi, 'views'>;
  question: { readonly settled: ViewQuestion };
  view: SelectableView;
  /** The library's folder; '' before it is known. */
  folder: () => string;
}

/** Orders that an edit changes. */
const MUTABLE_ORDERS: ReadonlySet<SortBy> = new Set(['rating', 'collection', 'likeness']);

/** What has to stay the same for the selection to stay. */
export function placeOf({ query, place }: ViewQuestion): string {
  return `${place} ${query}`;
}

/** What has to stay the same for ranges to stay: in another order, other images are between their ends. */
export function orderOf({ sort, stacking }: ViewQuestion): string {
  return JSON.stringify([sort, stacking]);
}

/** Whether edits move images into and out of ranges. */
export function isReordered({ sort }: ViewQuestion): boolean {
  return MUTABLE_ORDERS.has(sort.by);
}

/** Ids of ends of ranges that weren't loaded when they were made, by position. @throws StudioError if one can't be found */
export async function findEnds(
  ranges: readonly ViewRange[],
  { view, studio }: SelectionSource,
): Promise<Map<number, ImageId>> {
  const found = new Map<number, ImageId>();
  for (const position of endsMissing(ranges)) {
    const loaded = view.at(position);
    const asked = view.view && { viewId: view.view.id, from: position, count: 1 };
    const [image = null] = loaded ? [loaded] : asked ? await studio.views.rows(asked) : [];
    if (image === null)
      throw new StudioError({
        code: 'not-found',
        message: 'The end of the selection isn’t here any more. Nothing was changed. Select the images again.',
      });
    found.set(position, image.id);
  }
  return found;
}

import type { StudioApi } from '../../../electron/contract/api.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { GridImage, View, ViewId, ViewQuestion } from '../../../electron/contract/entities/views.ts';
import { LoadedRows, pageOf, ROWS_PER_PAGE } from './loaded-rows.ts';

/** Where the answers come from: calls, and the binary route for shapes. */
export interface ViewSource {
  studio: StudioApi;
  shape: (viewId: ViewId) => Promise<Uint16Array>;
}

/** A view with everything its first frame needs. */
export interface LoadedView {
  view: View;
  ratios: Uint16Array;
  rows: LoadedRows;
  /** Positions of the images that were looked for; null: not in the view. */
  positions: Map<ImageId, number | null>;
}

/**
 * Asks a question and loads the view's shape and the images around the first of `ids` that it has, in as few rounds as possible.
 * @param requested called when shape and images have been requested
 * @throws StudioError as `views.ask`
 */
export async function loadView(
  source: ViewSource,
  question: ViewQuestion,
  ids: ImageId[],
  requested: () => void,
): Promise<LoadedView> {
  const { studio } = source;
  const view = await studio.views.ask({ question });
  const [ratios, [positions, rows]] = await Promise.all([
    source.shape(view.id),
    loadAround(studio, view, ids, requested),
  ]);
  return { view, ratios, rows, positions };
}

/** Looks for one more image in a view, and loads those around it. @throws StudioError `view-expired` */
export async function lookFor(studio: StudioApi, { view, rows, positions }: LoadedView, id: ImageId): Promise<void> {
  const [position = null] = view.total === 0 ? [] : await studio.views.positions({ viewId: view.id, imageIds: [id] });
  const page = position === null ? null : pageOf(position);
  if (page !== null && !rows.has(page)) rows.set(page, await loadPage(studio, view.id, page));
  positions.set(id, position);
}

async function loadAround(
  studio: StudioApi,
  view: View,
  ids: ImageId[],
  requested: () => void,
): Promise<[positions: LoadedView['positions'], rows: LoadedRows]> {
  const rows = new LoadedRows();
  if (view.total === 0) return [new Map(ids.map((id) => [id, null])), rows];
  const positions = ids.length === 0 ? [] : await studio.views.positions({ viewId: view.id, imageIds: ids });
  const page = pageOf(positions[0] ?? 0);
  const loading = loadPage(studio, view.id, page);
  requested();
  rows.set(page, await loading);
  return [new Map(ids.map((id, index) => [id, positions[index] ?? null])), rows];
}

/** The images of one page of positions; null for one that is gone. @throws StudioError `view-expired` */
export function loadPage(studio: StudioApi, viewId: ViewId, page: number): Promise<(GridImage | null)[]> {
  return studio.views.rows({ viewId, from: page * ROWS_PER_PAGE, count: ROWS_PER_PAGE });
}

import type { StudioApi } from '../../../electron/contract/api.ts';
import type { Image } from '../../../electron/contract/entities/images.ts';
import type { GridImage, ViewQuestion } from '../../../electron/contract/entities/views.ts';
import { shapeOf } from '../image-flaws.ts';
import { LoadedRows, ROWS_PER_PAGE } from './loaded-rows.ts';

/** As in a view's shape. */
const RATIO_UNIT = 4096;
const MAX_UINT16 = 65_535;
const IMAGES = 200;

/** The newest images of the library by key, shown while the index is loading. */
export interface Preview {
  rows: LoadedRows;
  ratios: Uint16Array;
  images: number;
  /** Of the library. */
  all: number;
}

/** Whether the newest images of the library are the answer to a question. */
export function isPlain({ query, sort, place }: ViewQuestion): boolean {
  return query === '' && sort.by === 'date' && sort.descending && place === 'library';
}

/** @throws StudioError if the library can't be read */
export async function loadPreview(studio: StudioApi): Promise<Preview> {
  const { images, total } = await studio.library.page({ search: '', after: null, limit: IMAGES });
  const rows = new LoadedRows();
  for (let from = 0; from < images.length; from += ROWS_PER_PAGE)
    rows.set(from / ROWS_PER_PAGE, images.slice(from, from + ROWS_PER_PAGE).map(asGridImage));
  return { rows, ratios: Uint16Array.from(images, ratioOf), images: images.length, all: total };
}

function ratioOf(image: Image): number {
  const { width, height } = shapeOf(image);
  return Math.min(MAX_UINT16, Math.max(1, Math.round((width / height) * RATIO_UNIT)));
}

/** Its marks aren't known yet: shown without any, for the moment. */
function asGridImage(image: Image): GridImage {
  return { marks: { rating: 0, favourite: false, rejected: false }, ...image, stack: 1 };
}

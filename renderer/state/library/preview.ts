import type { StudioApi } from '../../../electron/contract/api.ts';
import type { Image } from '../../../electron/contract/entities/images.ts';
import type { Grouping } from '../../../electron/contract/entities/query.ts';
import type { Bucket, GridImage, ViewQuestion } from '../../../electron/contract/entities/views.ts';
import { shapeOf } from '../image-flaws.ts';
import { LoadedRows, ROWS_PER_PAGE } from './loaded-rows.ts';

/** As in a view's shape. */
export const RATIO_UNIT = 4096;
const MAX_UINT16 = 65_535;
const IMAGES = 200;

/** The newest images of the library, shown while the index is loading. */
export interface Preview {
  rows: LoadedRows;
  ratios: Uint16Array;
  buckets: Bucket[];
  images: number;
  /** Of the library. */
  all: number;
}

/** Whether the newest images of the library are the answer to a question. */
export function isPlain({ query, sort, place }: ViewQuestion): boolean {
  return query === '' && sort.by === 'date' && sort.descending && place === 'library';
}

/** @throws StudioError if the library can't be read */
export async function loadPreview(studio: StudioApi, grouping: Grouping): Promise<Preview> {
  const { images, all } = await studio.library.newest({ limit: IMAGES });
  const rows = new LoadedRows();
  for (let from = 0; from < images.length; from += ROWS_PER_PAGE)
    rows.set(from / ROWS_PER_PAGE, images.slice(from, from + ROWS_PER_PAGE).map(asGridImage));
  const buckets = bucketsOf(images, grouping);
  return { rows, ratios: Uint16Array.from(images, ratioOf), buckets, images: images.length, all };
}

function ratioOf(image: Image): number {
  const { width, height } = shapeOf(image);
  return Math.min(MAX_UINT16, Math.max(1, Math.round((width / height) * RATIO_UNIT)));
}

/** Its marks aren't known yet: shown without any, for the moment. */
function asGridImage(image: Image): GridImage {
  return { marks: { rating: 0, favourite: false, rejected: false }, ...image, stack: 1 };
}

/** Images by local day or month, as the index has them. */
function bucketsOf(images: readonly Image[], grouping: Grouping): Bucket[] {
  const buckets: Bucket[] = [];
  for (const [position, { createdAt }] of images.entries()) {
    const key = localDay(createdAt).slice(0, grouping === 'day' ? 10 : 7);
    const last = buckets.at(-1);
    if (last?.key === key) last.count += 1;
    else buckets.push({ key, first: position, count: 1, cost: null });
  }
  return buckets;
}

function localDay(time: number): string {
  const date = new Date(time);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

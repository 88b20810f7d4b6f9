import { shapeOf } from '../state/image-flaws.ts';
import type { Image } from '../../electron/contract/entities/images.ts';
import { currentTime } from '../page/clock.ts';
import { formatDay, startOfDay } from '../shared/format/time.ts';
import type { Gallery } from '../state/gallery.svelte.ts';

/** One image in the grid. */
export interface Cell {
  id: string;
  ratio: number;
  image: Image;
}

const KEY = 'emulsion.image-size';
/** Limits of the row height, in px. */
export const MIN_ROW_HEIGHT = 72;
export const MAX_ROW_HEIGHT = 320;

/** The gallery's images as grid cells by day, and the row height, which is remembered. */
export class LibraryController {
  #rowHeight = $state(matchMedia('(min-width: 1280px)').matches ? 160 : 112);
  readonly #gallery: Gallery;
  /** Names of days by their start (ms since 1970). Cleared when the date changes, because "Today" is one of them. */
  readonly #days = new Map<number, string>();
  #today = startOfDay(currentTime());

  constructor(gallery: Gallery) {
    this.#gallery = gallery;
    const kept = Number(localStorage.getItem(KEY));
    if (kept >= MIN_ROW_HEIGHT && kept <= MAX_ROW_HEIGHT) this.#rowHeight = kept;
  }

  readonly cells = $derived.by((): Cell[] =>
    this.#gallery.images.map((image) => ({ id: image.id, ratio: ratioOf(image), image })),
  );

  /** The last loaded day if more images may follow: its number of images is unknown. */
  readonly unfinishedDay = $derived.by((): string | null => {
    const last = this.#gallery.images.at(-1);
    return last && this.#gallery.hasMore ? this.dayOf(last) : null;
  });

  /** Target height of a row, in px. */
  get rowHeight(): number {
    return this.#rowHeight;
  }

  set rowHeight(height: number) {
    this.#rowHeight = Math.min(MAX_ROW_HEIGHT, Math.max(MIN_ROW_HEIGHT, Math.round(height)));
    try {
      localStorage.setItem(KEY, String(this.#rowHeight));
    } catch {
      // Storage is unavailable: the height is not remembered.
    }
  }

  /** The heading of an image's day. */
  dayOf(image: Image): string {
    const now = currentTime();
    if (startOfDay(now) !== this.#today) {
      this.#today = startOfDay(now);
      this.#days.clear();
    }
    const day = startOfDay(image.createdAt);
    const known = this.#days.get(day);
    if (known !== undefined) return known;
    const name = formatDay(image.createdAt, now);
    this.#days.set(day, name);
    return name;
  }
}

function ratioOf(image: Image): number {
  const { width, height } = shapeOf(image);
  return width / height;
}

import type { StudioApi } from '../../electron/contract/api.ts';
import type { ImageId } from '../../electron/contract/entities/ids.ts';
import type { Image, ImagePage } from '../../electron/contract/entities/images.ts';
import { toErrorReport, type ErrorReport } from '../../electron/contract/errors/errors.ts';
import { mergeFirstPage } from './merge-pages.ts';

const PAGE = 200;
/** Milliseconds after the last key before a search is sent. */
const SEARCH_PAUSE = 120;

/** The library's images under one search, newest first, as far as loaded. */
export class Gallery {
  images = $state.raw<Image[]>([]);
  /** Number of images that match the search, loaded or not. */
  total = $state(0);
  /** `loading` and `error` only before the first result of this search. */
  state = $state<'loading' | 'ready' | 'error'>('loading');
  /** The last error; with images shown it concerns further pages. */
  error = $state.raw<ErrorReport | null>(null);
  /** The search that `images` belongs to; `search` is the text typed last. */
  shown = $state('');
  /** The image viewed last, to restore the grid's position. */
  lastViewed = $state<ImageId | null>(null);
  readonly #studio: StudioApi;
  #search = $state('');
  #next = $state.raw<ImagePage['next']>(null);
  /** Number of searches: responses to older ones are dropped. */
  #turn = 0;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #refreshing: Promise<void> | null = null;
  #again = false;
  #more: Promise<void> | null = null;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  get search(): string {
    return this.#search;
  }

  /** Takes effect after a short pause in typing. */
  set search(text: string) {
    if (text === this.#search) return;
    this.#search = text;
    this.#abandonMore();
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.#startOver(this.#turn), SEARCH_PAUSE);
  }

  get hasMore(): boolean {
    return this.#next !== null;
  }

  stop(): void {
    clearTimeout(this.#pause);
  }

  /** Reloads the first page and keeps loaded pages below it. A call during another one runs once more afterwards. */
  refresh(): Promise<void> {
    this.#again = true;
    this.#refreshing ??= this.#rounds().finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  /** Loads the next page, if there is one and none is loading. */
  loadMore(): Promise<void> {
    if (this.#next === null) return Promise.resolve();
    return (this.#more ??= this.#append(this.#turn));
  }

  #abandonMore(): void {
    this.#turn += 1;
    this.#more = null;
  }

  async #rounds(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      const turn = this.#turn;
      const page = await this.#ask(null, turn);
      if (page === null) continue;
      const merged = this.shown === this.#search ? mergeFirstPage(this.images, page.images, page.next !== null) : null;
      // The list starts over: a page still loading no longer belongs to it.
      if (merged === null) this.#abandonMore();
      if (merged === null || merged.length <= page.images.length) this.#next = page.next;
      this.#show(merged ?? page.images, page.total);
    }
  }

  async #startOver(turn: number): Promise<void> {
    const page = await this.#ask(null, turn);
    if (page === null) return;
    this.#next = page.next;
    this.#show(page.images, page.total);
  }

  async #append(turn: number): Promise<void> {
    const page = await this.#ask(this.#next, turn);
    // Before the images are shown: showing them may request the next page at once.
    if (turn === this.#turn) this.#more = null;
    if (page === null) return;
    const known = new Set(this.images.map(({ id }) => id));
    this.#next = page.next;
    this.#show([...this.images, ...page.images.filter(({ id }) => !known.has(id))], page.total);
  }

  #show(images: Image[], total: number): void {
    this.images = images;
    // A search is counted up to a limit only.
    this.total = Math.max(total, images.length);
    this.shown = this.#search;
    this.state = 'ready';
    this.error = null;
  }

  /** One page; null where it failed (see `error`) or a newer search has started. */
  async #ask(after: ImagePage['next'], turn: number): Promise<ImagePage | null> {
    try {
      const page = await this.#studio.library.page({ search: this.#search.trim(), after, limit: PAGE });
      return turn === this.#turn ? page : null;
    } catch (thrown) {
      if (turn !== this.#turn) return null;
      this.error = toErrorReport(thrown);
      if (this.state !== 'ready' || this.shown !== this.#search) this.state = 'error';
      return null;
    }
  }
}

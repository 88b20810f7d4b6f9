import type { StudioApi } from '../../electron/contract/api.ts';
import type { ImageId } from '../../electron/contract/entities/ids.ts';
import type { Image, ImagePage } from '../../electron/contract/entities/images.ts';
import { toErrorReport, type ErrorReport } from '../../electron/contract/errors/errors.ts';
import { mergeFirstPage } from './merge-pages.ts';

const PAGE = 200;
/** Milliseconds without a key before a search is sent. */
const SEARCH_PAUSE = 120;

/** The library's images, newest first, as far as they were asked for, under one search. */
export class Gallery {
  images = $state.raw<Image[]>([]);
  /** Images that match the search in all, loaded or not. */
  total = $state(0);
  /** `loading` and `error` only while nothing of this search has ever been shown. */
  state = $state<'loading' | 'ready' | 'error'>('loading');
  /** The newest failure; with images on screen it concerns the rest of them. */
  error = $state.raw<ErrorReport | null>(null);
  /** The search that `images` answers; `search` is what was typed last. */
  shown = $state('');
  /** The image that was looked at last, so that coming back to the grid finds the place again. */
  lastViewed = $state<ImageId | null>(null);
  readonly #studio: StudioApi;
  #search = $state('');
  #next = $state.raw<ImagePage['next']>(null);
  /** Counts the searches: an answer to an older one is thrown away. */
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

  /** Brings the head up to date without losing what is loaded below it. Calls during a call make one more round. */
  refresh(): Promise<void> {
    this.#again = true;
    this.#refreshing ??= this.#rounds().finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  /** Loads the next page, if there is one and none is on its way. */
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
      // A list that starts over leaves no place for a page that is still on its way.
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
    // Before the images are shown: whoever sees them may ask for more at once.
    if (turn === this.#turn) this.#more = null;
    if (page === null) return;
    const known = new Set(this.images.map(({ id }) => id));
    this.#next = page.next;
    this.#show([...this.images, ...page.images.filter(({ id }) => !known.has(id))], page.total);
  }

  #show(images: Image[], total: number): void {
    this.images = images;
    this.total = total;
    this.shown = this.#search;
    this.state = 'ready';
    this.error = null;
  }

  /** One page, or null when it failed (then `error` says why) or a newer search has begun. */
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

import type { StudioApi } from '../../electron/contract/api.ts';
import type { UsedPrompt } from '../../electron/contract/entities/saved-prompts.ts';
import { toErrorReport, type ErrorReport } from '../../electron/contract/errors/errors.ts';

const PAGE = 30;
/** Pause in typing after which is searched, ms. */
const PAUSE = 120;
export const MAX_SEARCH_LENGTH = 500;

/** The prompts that were used, page by page, those that match a search. */
export class PromptHistory {
  prompts = $state.raw<readonly UsedPrompt[]>([]);
  loaded = $state(false);
  hasMore = $state(false);
  error = $state.raw<ErrorReport | null>(null);
  search = $state('');
  /** The search that `prompts` are for; null before the first answer. */
  #shown: string | null = null;
  readonly #studio: StudioApi;
  #next: number | null = null;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  /** Searches after a pause in typing. */
  look(search: string): void {
    this.search = search.slice(0, MAX_SEARCH_LENGTH);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), PAUSE);
  }

  /** Loads the first page. */
  async load(): Promise<void> {
    await this.#read(null);
  }

  /** The newest prompt that matches what is typed now, looked up where its answer isn't here yet; null for none. */
  async first(): Promise<UsedPrompt | null> {
    if (this.#shown !== this.search) {
      clearTimeout(this.#timer);
      await this.load();
    }
    return this.#shown === this.search ? (this.prompts[0] ?? null) : null;
  }

  async more(): Promise<void> {
    if (this.#next !== null) await this.#read(this.#next);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }

  async #read(after: number | null): Promise<void> {
    const asked = (this.#asked += 1);
    const { search } = this;
    try {
      const page = await this.#studio.prompts.history({ search, after, limit: PAGE });
      if (asked !== this.#asked) return;
      this.#shown = search;
      this.prompts = after === null ? page.prompts : [...this.prompts, ...page.prompts];
      this.#next = page.next;
      this.hasMore = page.next !== null;
      this.error = null;
    } catch (thrown) {
      if (asked === this.#asked) this.error = toErrorReport(thrown);
    } finally {
      if (asked === this.#asked) this.loaded = true;
    }
  }
}

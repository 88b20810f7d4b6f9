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

  async more(): Promise<void> {
    if (this.#next !== null) await this.#read(this.#next);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }

  async #read(after: number | null): Promise<void> {
    const asked = (this.#asked += 1);
    try {
      const page = await this.#studio.prompts.history({ search: this.search, after, limit: PAGE });
      if (asked !== this.#asked) return;
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

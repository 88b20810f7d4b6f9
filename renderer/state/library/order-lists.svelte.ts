import type { StudioApi } from '../../../electron/contract/api.ts';
import type { Tag } from '../../../electron/contract/entities/annotations.ts';
import type { TrashTotals } from '../../../electron/contract/entities/changes.ts';
import type { Collection } from '../../../electron/contract/entities/collections.ts';
import type { CollectionId } from '../../../electron/contract/entities/ids.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { attempt } from '../attempt.ts';

/** Milliseconds between two loads because of events: an index event follows every edit. */
const REFRESH_PAUSE = 250;
const TARGET_KEY = 'emulsion.target-collection';

/** The library's tags and collections with their counts, and what is in the trash. */
export class OrderLists {
  tags = $state.raw<Tag[]>([]);
  /** In their order; those below others after them. */
  collections = $state.raw<Collection[]>([]);
  trash = $state.raw<TrashTotals>({ images: 0, bytes: 0 });
  /** Why the last loading failed. */
  error = $state.raw<ErrorReport | null>(null);
  #target = $state<string | null>(null);
  #loading: Promise<void> | null = null;
  #again = false;
  #loaded = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #studio: Pick<StudioApi, 'tags' | 'collections' | 'trash'>;
  readonly #folder: () => string;

  constructor(studio: Pick<StudioApi, 'tags' | 'collections' | 'trash'>, folder: () => string) {
    this.#studio = studio;
    this.#folder = folder;
  }

  /** The collection that one key adds to; null for none. It is remembered. */
  readonly target = $derived(this.collections.find(({ id, query }) => id === this.#target && query === null) ?? null);

  /** Whether tags and collections are known. */
  get isLoaded(): boolean {
    return this.#loaded;
  }

  setTarget(id: CollectionId | null): void {
    this.#target = id;
    try {
      if (id === null) localStorage.removeItem(this.#targetKey);
      else localStorage.setItem(this.#targetKey, id);
    } catch {
      // Storage is unavailable: the target isn't remembered.
    }
  }

  /**
   * Creates a collection, or finds the one that has this name already. The lists are loaded again.
   * @throws StudioError where it is refused
   */
  async createCollection(
    name: string,
    { parentId = null, query = null }: { parentId?: CollectionId | null; query?: string | null } = {},
  ): Promise<Collection> {
    const created = await this.#studio.collections.create({ name, parentId, query });
    if (!this.collections.some(({ id }) => id === created.id)) this.collections = [...this.collections, created];
    await this.load();
    return created;
  }

  /** After something may have changed: loads again what was loaded before, at most once in a while. */
  refresh(): void {
    if (!this.#loaded) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.load();
    }, REFRESH_PAUSE);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Loads all lists. Calls during a load lead to one more load after it. */
  load(): Promise<void> {
    this.#again = this.#loaded = true;
    this.#loading ??= this.#rounds().finally(() => (this.#loading = null));
    return this.#loading;
  }

  get #targetKey(): string {
    return `${TARGET_KEY} ${this.#folder()}`;
  }

  async #rounds(): Promise<void> {
    this.#target ??= localStorage.getItem(this.#targetKey);
    while (this.#again) {
      this.#again = false;
      this.error = await attempt(async () => {
        const [tags, collections, trash] = await Promise.all([
          this.#studio.tags.list({}),
          this.#studio.collections.list({}),
          this.#studio.trash.get({}),
        ]);
        Object.assign(this, { tags, collections, trash });
      });
    }
  }
}

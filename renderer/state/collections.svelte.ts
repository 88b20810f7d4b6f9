import type { StudioApi } from '../../electron/contract/api.ts';
import type { Collection } from '../../electron/contract/entities/collections.ts';
import type { CollectionId } from '../../electron/contract/entities/ids.ts';
import { toErrorReport } from '../../electron/contract/errors/errors.ts';

/** The library's collections, for choosing where images go besides it. */
export class Collections {
  all = $state.raw<Collection[]>([]);
  /** Why the last attempt failed, as a sentence. */
  error = $state<string | null>(null);
  readonly #studio: StudioApi;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  async load(): Promise<void> {
    try {
      this.all = await this.#studio.collections.list({});
      this.error = null;
    } catch (thrown) {
      this.error = toErrorReport(thrown).message;
    }
  }

  /** Makes one and answers its id; null when that failed, and then `error` says why. */
  async create(name: string): Promise<CollectionId | null> {
    try {
      const made = await this.#studio.collections.create({ name });
      this.all = [...this.all.filter(({ id }) => id !== made.id), made].sort((a, b) => a.name.localeCompare(b.name));
      this.error = null;
      return made.id;
    } catch (thrown) {
      this.error = toErrorReport(thrown).message;
      return null;
    }
  }
}

import type { StudioApi } from '../../electron/contract/api.ts';
import type { Collection } from '../../electron/contract/entities/collections.ts';
import type { ChangeId, CollectionId, ImageId } from '../../electron/contract/entities/ids.ts';
import type { ErrorReport } from '../../electron/contract/errors/errors.ts';
import { attempt } from './attempt.ts';
import { newId } from './new-id.ts';

/** The library's collections, and which images are in them. */
export class Collections {
  /** Every collection, as far as loaded. */
  all = $state.raw<Collection[]>([]);
  /** Why the last action failed; null after one that succeeded. */
  error = $state.raw<ErrorReport | null>(null);
  readonly #studio: StudioApi;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  async load(): Promise<void> {
    await this.#attempt(() => this.#load());
  }

  /** @returns the new collection's id; null where it failed, see `error` */
  async create(name: string): Promise<CollectionId | null> {
    let created: CollectionId | null = null;
    await this.#attempt(async () => {
      const collection = await this.#studio.collections.create({ name });
      const others = this.all.filter(({ id }) => id !== collection.id);
      this.all = [...others, collection].sort((a, b) => a.name.localeCompare(b.name));
      created = collection.id;
    });
    return created;
  }

  /**
   * Adds an image to the collection of that name, which is created where it doesn't exist.
   * @returns whether it succeeded
   */
  add(imageId: ImageId, name: string): Promise<boolean> {
    return this.#attempt(async () => {
      const { id } = this.named(name) ?? (await this.#studio.collections.create({ name: name.trim() }));
      await this.#collect(imageId, id, true);
      await this.#load();
    });
  }

  /** @returns whether it succeeded */
  remove(imageId: ImageId, { id }: Pick<Collection, 'id'>): Promise<boolean> {
    return this.#attempt(() => this.#collect(imageId, id, false));
  }

  /** The collection of a name, ignoring case. */
  named(name: string): Collection | undefined {
    const wanted = name.trim().toLowerCase();
    return this.all.find((collection) => collection.name.toLowerCase() === wanted);
  }

  #collect(imageId: ImageId, collectionId: CollectionId, on: boolean): Promise<unknown> {
    const id = newId() as ChangeId;
    const selection = { kind: 'images' as const, imageIds: [imageId] };
    return this.#studio.changes.apply({ id, selection, edit: { kind: 'collect', collectionId, on } });
  }

  async #load(): Promise<void> {
    this.all = await this.#studio.collections.list({});
  }

  async #attempt(action: () => Promise<unknown>): Promise<boolean> {
    this.error = await attempt(action);
    return this.error === null;
  }
}

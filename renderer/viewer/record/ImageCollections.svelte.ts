import type { StudioApi } from '../../../electron/contract/api.ts';
import type { Collection } from '../../../electron/contract/entities/collections.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import { toErrorReport, type ErrorReport } from '../../../electron/contract/errors/errors.ts';

/** Puts images into collections and takes them out. */
export class ImageCollections {
  /** Every collection there is, as far as is known. */
  all = $state.raw<Collection[]>([]);
  error = $state.raw<ErrorReport | null>(null);
  readonly #studio: StudioApi;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  async load(): Promise<void> {
    await this.#attempt(async () => {
      this.all = await this.#studio.collections.list({});
    });
  }

  /** Puts an image into the collection of a name, which is made where there is none. True when it is in. */
  add(imageId: ImageId, name: string): Promise<boolean> {
    return this.#attempt(async () => {
      const known = this.named(name);
      const { id } = known ?? (await this.#studio.collections.create({ name: name.trim() }));
      await this.#studio.collections.setMembership({ collectionId: id, imageIds: [imageId], present: true });
      this.all = await this.#studio.collections.list({});
    });
  }

  /** True when it is out. */
  remove(imageId: ImageId, { id }: Pick<Collection, 'id'>): Promise<boolean> {
    return this.#attempt(() =>
      this.#studio.collections.setMembership({ collectionId: id, imageIds: [imageId], present: false }),
    );
  }

  /** The collection of a name, whatever its capitals. */
  named(name: string): Collection | undefined {
    const wanted = name.trim().toLowerCase();
    return this.all.find((collection) => collection.name.toLowerCase() === wanted);
  }

  async #attempt(act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      this.error = null;
      return true;
    } catch (thrown) {
      this.error = toErrorReport(thrown);
      return false;
    }
  }
}

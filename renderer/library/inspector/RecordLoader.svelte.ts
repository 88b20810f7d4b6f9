import { untrack } from 'svelte';
import type { StudioApi } from '../../../electron/contract/api.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { ImageRecord } from '../../../electron/contract/entities/image-records.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { attempt } from '../../state/attempt.ts';

/** An image that stays this long is looked up, ms: arrow keys pass many. */
const PAUSE = 80;

/** The record of one image; it follows the image and every edit. */
export class RecordLoader {
  /** Null until the first one is there. That of the image before is kept while the next one loads. */
  record = $state.raw<ImageRecord | null>(null);
  error = $state.raw<ErrorReport | null>(null);
  readonly #studio: Pick<StudioApi, 'library'>;
  #wanted: ImageId | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(studio: Pick<StudioApi, 'library'>) {
    this.#studio = studio;
  }

  /** To be called in an effect. `_changes`: what the record also depends on, such as the index' revision. */
  follow(imageId: ImageId | null, _changes: readonly unknown[]): void {
    untrack(() => {
      if (imageId !== this.#wanted) this.stop();
      this.#wanted = imageId;
      if (imageId === null) this.record = this.error = null;
      // Changes may follow each other without a pause: they don't put off what waits.
      else this.#timer ??= setTimeout(() => void this.#load(imageId), PAUSE);
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wanted = null;
  }

  async #load(imageId: ImageId): Promise<void> {
    this.#timer = undefined;
    const error = await attempt(async () => {
      const record = await this.#studio.library.image({ imageId });
      if (imageId === this.#wanted) this.record = record;
    });
    if (imageId === this.#wanted) this.error = error;
  }
}

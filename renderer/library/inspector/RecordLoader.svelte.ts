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
  /** Number of lookups so far, and the newest whose answer is shown: answers may overtake each other. */
  #asked = 0;
  #shown = 0;
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
    const turn = ++this.#asked;
    let record = this.record;
    const error = await attempt(async () => (record = await this.#studio.library.image({ imageId })));
    if (imageId !== this.#wanted || turn < this.#shown) return;
    this.#shown = turn;
    this.error = error;
    if (error === null) this.record = record;
  }
}

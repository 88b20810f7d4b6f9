import type { StudioApi } from '../../../electron/contract/api.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import { canRetryThumbnail } from '../../../electron/contract/entities/image-flaws.ts';
import type { Image } from '../../../electron/contract/entities/images.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { toasts } from '../../shared/feedback/toasts.svelte.ts';
import { attempt } from '../../state/attempt.ts';

/** Making the thumbnail of an image again that has none. */
export class ThumbnailRetry {
  /** Images that are being tried. */
  #running = $state.raw<ReadonlySet<ImageId>>(new Set());
  /** Images that were tried since the viewer was opened, and still have a flaw. */
  #failed = $state.raw<ReadonlySet<ImageId>>(new Set());
  readonly #studio: StudioApi;
  readonly #onDone: (imageId: ImageId, error: ErrorReport | null) => Promise<void>;

  constructor(studio: StudioApi, onDone: (imageId: ImageId, error: ErrorReport | null) => Promise<void>) {
    this.#studio = studio;
    this.#onDone = onDone;
  }

  isOffered({ flaw }: Pick<Image, 'flaw'>): boolean {
    return canRetryThumbnail(flaw);
  }

  isRunning({ id }: Pick<Image, 'id'>): boolean {
    return this.#running.has(id);
  }

  hasFailed({ id, flaw }: Pick<Image, 'id' | 'flaw'>): boolean {
    return flaw !== undefined && this.#failed.has(id);
  }

  async retry(imageId: ImageId): Promise<void> {
    if (this.#running.has(imageId)) return;
    this.#running = new Set([...this.#running, imageId]);
    this.#failed = without(this.#failed, imageId);
    const error = await attempt(async () => {
      const { flaw } = await this.#studio.library.retryThumbnail({ imageId });
      if (flaw === undefined) toasts.show({ message: 'Preview made.' });
      else this.#failed = new Set([...this.#failed, imageId]);
    });
    this.#running = without(this.#running, imageId);
    await this.#onDone(imageId, error);
  }
}

function without(ids: ReadonlySet<ImageId>, removed: ImageId): ReadonlySet<ImageId> {
  return new Set([...ids].filter((id) => id !== removed));
}

import type { ImageId } from '../../contract/entities/ids.ts';
import type { Image } from '../../contract/entities/images.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { listRetryable, resetThumbnails, settleThumbnails } from '../../library/images/thumbnails.ts';
import { createSerialQueue } from '../../library/pixels/serial-queue.ts';
import { writeSidecarsOf } from '../../library/sidecars/outdated-sidecars.ts';
import type { HandlerContext } from './context.ts';
import { emitImageChanged } from './emit-image-changed.ts';

/** Makes thumbnails again, one image at a time. */
export interface ThumbnailRetries {
  /** @throws like `library.retryThumbnail` */
  retry(imageId: ImageId): Promise<Image>;
  /** Begins with all images without thumbnails; returns how many there are. */
  retryAll(): number;
}

export function createThumbnailRetries({ library, queue, emit, log, ending }: HandlerContext): ThumbnailRetries {
  const inTurn = createSerialQueue();

  async function settle(imageId: ImageId): Promise<Image> {
    if (ending.aborted) throw closing();
    const image = await settleThumbnails(library, imageId).catch((thrown: unknown) => {
      throw ending.aborted ? closing(thrown) : thrown;
    });
    emitImageChanged(queue, image, emit);
    const failed = (thrown: unknown): void => log('A record could not name what is wrong with its images', thrown);
    await writeSidecarsOf(library, [image.id], failed);
    return image;
  }

  return {
    retry(imageId) {
      resetThumbnails(library.db, [imageId]);
      return inTurn(() => settle(imageId));
    },
    retryAll() {
      const imageIds = listRetryable(library.db);
      resetThumbnails(library.db, imageIds);
      for (const imageId of imageIds)
        inTurn(() => settle(imageId)).catch((thrown: unknown) => {
          if (!ending.aborted) log(`No thumbnail for ${imageId}`, thrown);
        });
      return imageIds.length;
    },
  };
}

function closing(cause?: unknown): StudioError {
  const message = 'Emulsion closed before the thumbnail was made. The next start tries again.';
  return new StudioError({ code: 'interrupted', message }, cause === undefined ? {} : { cause });
}

import { setTimeout as delay } from 'node:timers/promises';
import type { ImageId } from '../contract/entities/ids.ts';
import type { Log } from '../contract/errors/errors.ts';
import { createThumbnails } from '../library/images/thumbnails.ts';
import type { Library } from '../library/library.ts';

/** Milliseconds in which the screen may load and decode the original before thumbnails take a core of their own. */
const THUMBNAIL_DELAY_MS = 400;

export interface ThumbnailOptions {
  library: Library;
  log: Log;
  /** Thumbnails and thumbhash of an image are there. */
  developed(): void;
}

/**
 * Makes thumbnails one image after the other, each a moment after its arrival: ten images at once would hold ten decoded originals
 * in memory. The returned function resolves when an image's turn is over; it never rejects.
 */
export function createThumbnailQueue({
  library,
  log,
  developed,
}: ThumbnailOptions): (imageId: ImageId) => Promise<void> {
  let last = Promise.resolve();
  return (imageId) => {
    const before = last;
    last = delay(THUMBNAIL_DELAY_MS)
      .then(() => before)
      .then(() => createThumbnails(library, imageId))
      .then(developed)
      .catch((thrown: unknown) => {
        // The original is safe and shown itself where there is no thumbnail; the next start tries again.
        log(`No thumbnail for ${imageId}`, thrown);
      });
    return last;
  };
}

import { createThumbnails, listImagesWithoutThumbnails } from './images/thumbnails.ts';
import type { Library } from './files/library-handle.ts';
import type { Image } from '../contract/entities/images.ts';
import { listOutdatedSidecars, writeSidecar } from './sidecars.ts';
import { applyStrictMask } from './strict/apply-strict-mask.ts';
import { listStrictMasksDue } from './images/strict-results.ts';

export interface BackfillOptions {
  /** Given what was thrown; it does not stop the rest, and the next start tries again. */
  failed(thrown: unknown): void;
  /** Thumbnails of an image are there, or it is known that it can have none. */
  onThumbnails?(): void;
  /** What a strict mask made of an image is there, or why it made nothing. */
  recomposited?(image: Image): void;
  /** Ends it after what is under way. */
  signal?: AbortSignal;
}

/**
 * Does what the last end of the application left undone and what nobody has to wait for: missing sidecars, thumbnails and strict masks. One after the
 * other, newest images first. Does not reject.
 */
export async function backfill(
  library: Library,
  { failed, onThumbnails, recomposited, signal }: BackfillOptions,
): Promise<void> {
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    if (signal?.aborted) return;
    await work().catch((thrown: unknown) => {
      // What was broken off because the application ends is still due at the next start.
      if (!signal?.aborted) failed(thrown);
    });
  };
  for (const id of listOutdatedSidecars(library.db)) await attempt(() => writeSidecar(library, id));
  const refused = new Set(listOutdatedSidecars(library.db));
  for (const id of listImagesWithoutThumbnails(library.db, Number.MAX_SAFE_INTEGER))
    await attempt(() => createThumbnails(library, id).then(onThumbnails));
  for (const { id, feather } of listStrictMasksDue(library.db))
    await attempt(() => applyStrictMask(library, id, { feather, signal, failed }).then(recomposited));
  // Decoding may have found damage, and strict masks were made, of which the sidecars do not know yet.
  for (const id of listOutdatedSidecars(library.db))
    if (!refused.has(id)) await attempt(() => writeSidecar(library, id));
}

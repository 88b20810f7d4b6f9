import { fillDifferenceHashes } from './images/difference-hashes.ts';
import { findSignedImages } from './images/signed-images.ts';
import { createThumbnails, listImagesWithoutThumbnails } from './images/thumbnails.ts';
import type { Library } from './files/library-handle.ts';
import type { SidecarId } from './files/sidecar-marks.ts';
import type { Image } from '../contract/entities/images.ts';
import { recognizeRecords } from './sidecars/recognize-records.ts';
import { markMissingSidecars } from './sidecars/missing-sidecars.ts';
import { writeOutdatedSidecars } from './sidecars/outdated-sidecars.ts';
import { markEarlierSidecars } from './sidecars/upgrade-sidecars.ts';
import { writeLibraryRecord } from './sidecars/write-library-record.ts';
import { applyStrictMask } from './strict/apply-strict-mask.ts';
import { reindexAllImages } from './images/reindex-images.ts';
import { indexUsedPrompts } from './prompts/index-prompts.ts';
import { listStrictMasksDue } from './images/strict-results.ts';

export interface BackfillOptions {
  /** Receives errors. They don't stop the rest; the next start retries. */
  failed(thrown: unknown): void;
  /** An image's thumbnails exist now, or it is known that it can't have any. */
  onThumbnails?(): void;
  /** An image's strict mask has a result now. */
  recomposited?(image: Image): void;
  /** Stops after the current task. */
  signal?: AbortSignal;
}

/**
 * Completes work that nobody waits for and that was unfinished when the application last ended: sidecars, thumbnails, strict
 * masks and the search index. One after the other, newest images first. Doesn't reject.
 */
export async function backfill(
  library: Library,
  { failed, onThumbnails, recomposited, signal }: BackfillOptions,
): Promise<void> {
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    if (signal?.aborted) return;
    try {
      await work();
    } catch (thrown) {
      // Work stopped because the application is closing stays due.
      if (!signal?.aborted) failed(thrown);
    }
  };
  // A damaged page of one index leaves the other lists readable.
  const list = <Due>(read: () => Due[]): Due[] => {
    try {
      return read();
    } catch (thrown) {
      failed(thrown);
      return [];
    }
  };
  await attempt(() => writeLibraryRecord(library));
  await attempt(() => markMissingSidecars(library, signal));
  let refused = new Set<SidecarId>();
  await attempt(async () => {
    refused = await writeOutdatedSidecars(library, { failed, signal });
  });
  for (const id of list(() => listImagesWithoutThumbnails(library.db, Number.MAX_SAFE_INTEGER)))
    await attempt(() => createThumbnails(library, id).then(onThumbnails));
  await attempt(() => fillDifferenceHashes(library, signal));
  await attempt(() => findSignedImages(library, signal));
  for (const { id, feather } of list(() => listStrictMasksDue(library.db)))
    await attempt(() => applyStrictMask(library, id, { feather, signal, failed }).then(recomposited));
  // Damage found by decoding and new strict masks aren't in the sidecars yet.
  await attempt(async () => {
    const more = await writeOutdatedSidecars(library, { failed, signal, except: refused });
    refused = new Set([...refused, ...more]);
  });
  await attempt(() => recognizeRecords(library, signal));
  await attempt(() => reindexAllImages(library.db, signal));
  await attempt(() => indexUsedPrompts(library.db, signal));
  // Last: many files, once after an update, and nobody waits for them.
  await attempt(() => markEarlierSidecars(library, { failed, signal }));
  await attempt(() => writeOutdatedSidecars(library, { failed, signal, except: refused }));
}

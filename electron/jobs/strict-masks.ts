import type { ImageId } from '../contract/entities/ids.ts';
import type { Log } from '../contract/errors/errors.ts';
import type { Library } from '../library/library.ts';
import { applyStrictMask } from '../library/strict/apply-strict-mask.ts';
import { readStrictMaskDue } from '../library/images/strict-results.ts';

export interface StrictMaskOptions {
  library: Library;
  log: Log;
  /** Ends what is being made; the next start makes it. */
  signal: AbortSignal;
}

/**
 * Lays images over their first inputs where their click wished for a strict mask. The returned function resolves with whether something
 * came of it, a failure too; it never rejects, for the image itself is safe.
 */
export function createStrictMasks({ library, log, signal }: StrictMaskOptions): (imageId: ImageId) => Promise<boolean> {
  return async (imageId) => {
    try {
      const feather = readStrictMaskDue(library.db, imageId);
      if (feather === null || signal.aborted) return false;
      const failed = (thrown: unknown): void => log(`${imageId} could not be recomposited`, thrown);
      await applyStrictMask(library, imageId, { feather, signal, failed });
      return true;
    } catch (thrown) {
      if (!signal.aborted) log(`${imageId} could not be recomposited; the next start tries again`, thrown);
      return false;
    }
  };
}

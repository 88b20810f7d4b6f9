import { developPicture, listUndeveloped } from './images/save-image.ts';
import type { Library } from './files/library-handle.ts';
import type { Picture } from '../contract/entities.ts';
import { listUnrecorded, writeRecord } from './sidecars.ts';
import { makeStrict } from './strict/apply-strict-mask.ts';
import { listStrictDue } from './images/strict-results.ts';

export interface CatchUpOptions {
  /** Given what was thrown; it does not stop the rest, and the next start tries again. */
  failed(thrown: unknown): void;
  /** Thumbnails of a picture are there, or it is known that it can have none. */
  developed?(): void;
  /** What a strict mask made of a picture is there, or why it made nothing. */
  recomposited?(picture: Picture): void;
  /** Ends it after what is under way. */
  signal?: AbortSignal;
}

/**
 * Does what the last end of the application left undone and what nobody has to wait for: missing sidecars, thumbnails and strict masks. One after the
 * other, newest pictures first. Does not reject.
 */
export async function catchUp(
  library: Library,
  { failed, developed, recomposited, signal }: CatchUpOptions,
): Promise<void> {
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    if (signal?.aborted) return;
    await work().catch((thrown: unknown) => {
      // What was broken off because the application ends is still due at the next start.
      if (!signal?.aborted) failed(thrown);
    });
  };
  for (const id of listUnrecorded(library.db)) await attempt(() => writeRecord(library, id));
  const refused = new Set(listUnrecorded(library.db));
  for (const id of listUndeveloped(library.db, Number.MAX_SAFE_INTEGER))
    await attempt(() => developPicture(library, id).then(developed));
  for (const { id, feather } of listStrictDue(library.db))
    await attempt(() => makeStrict(library, id, { feather, signal, failed }).then(recomposited));
  // Decoding may have found damage, and strict masks were made, of which the sidecars do not know yet.
  for (const id of listUnrecorded(library.db)) if (!refused.has(id)) await attempt(() => writeRecord(library, id));
}

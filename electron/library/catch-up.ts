import { developPicture, listUndeveloped } from './images.ts';
import type { Library } from './handle.ts';
import { listUnrecorded, writeRecord } from './records.ts';

export interface CatchUpOptions {
  /** Given what was thrown; it does not stop the rest, and the next start tries again. */
  failed(thrown: unknown): void;
  /** Thumbnails of a picture are there, or it is known that it can have none. */
  developed?(): void;
  /** Ends it after what is under way. */
  signal?: AbortSignal;
}

/**
 * Does what the last end of the application left undone and what nobody has to wait for: missing sidecars and thumbnails. One after the
 * other, newest pictures first. Does not reject.
 */
export async function catchUp(library: Library, { failed, developed, signal }: CatchUpOptions): Promise<void> {
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    if (signal?.aborted) return;
    await work().catch(failed);
  };
  for (const id of listUnrecorded(library.db)) await attempt(() => writeRecord(library, id));
  const refused = new Set(listUnrecorded(library.db));
  for (const id of listUndeveloped(library.db, Number.MAX_SAFE_INTEGER))
    await attempt(() => developPicture(library, id).then(developed));
  // Decoding may have found damage, of which the sidecars do not know yet.
  for (const id of listUnrecorded(library.db)) if (!refused.has(id)) await attempt(() => writeRecord(library, id));
}

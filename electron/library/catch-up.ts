import { developPicture, listUndeveloped } from './images.ts';
import type { Library } from './handle.ts';
import { listUnrecorded, writeRecord } from './records.ts';

/**
 * Does what the last end of the application left undone and what nobody has to wait for: missing sidecars and thumbnails. One after the
 * other, newest pictures first. A single failure does not stop the rest; it is handed to `failed`, and the next start tries again.
 */
export async function catchUp(
  library: Library,
  failed: (thrown: unknown) => void,
  signal?: AbortSignal,
): Promise<void> {
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    if (signal?.aborted) return;
    await work().catch(failed);
  };
  for (const id of listUnrecorded(library.db)) await attempt(() => writeRecord(library, id));
  const refused = new Set(listUnrecorded(library.db));
  for (const id of listUndeveloped(library.db, Number.MAX_SAFE_INTEGER))
    await attempt(() => developPicture(library, id));
  // Decoding may have found damage, of which the sidecars do not know yet.
  for (const id of listUnrecorded(library.db)) if (!refused.has(id)) await attempt(() => writeRecord(library, id));
}

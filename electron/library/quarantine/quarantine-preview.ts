import type { QuarantineId } from '../../contract/entities/quarantine.ts';
import { DecoderError } from '../decoding/operation.ts';
import { sniffFormat } from '../files/format.ts';
import type { Library } from '../files/library-handle.ts';
import { isDecodable } from '../pixels/limits.ts';
import { RENDER_THUMBNAILS } from '../pixels/operations.ts';
import { requireQuarantined } from './quarantined-path.ts';

/**
 * A small WebP of a file of the quarantine, decoded in a process of its own; null if it can't be decoded.
 * @throws StudioError `not-found`; what isn't the file's fault
 */
export async function quarantinePreview(library: Library, id: QuarantineId): Promise<Uint8Array | null> {
  const { path } = requireQuarantined(library.folder, id);
  const format = await sniffFormat(path);
  if (!isDecodable(format)) return null;
  try {
    const decoded = await library.decoding.run(RENDER_THUMBNAILS, { path, format });
    return 'flaw' in decoded ? null : (decoded.thumbnails?.thumbnail ?? null);
  } catch (thrown) {
    if (thrown instanceof DecoderError && thrown.isFileAtFault) return null;
    throw thrown;
  }
}

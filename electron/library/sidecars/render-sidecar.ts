import type { GenerationId, ImportId } from '../../contract/entities/ids.ts';
import type { Readable } from '../db/database.ts';
import { sidecarPath } from '../files/folders.ts';
import type { SidecarId } from '../files/sidecar-marks.ts';
import { buildImportSidecar } from './build-import-sidecar.ts';
import { buildSidecar } from './build-sidecar.ts';

/**
 * The sidecar of a request or an import as its current rows say, and where it belongs.
 * @throws StudioError `not-found`, `library-damaged`
 */
export function renderSidecar(
  library: { db: Readable; folder: string },
  id: SidecarId,
): { path: string; text: string } {
  const record = buildImportSidecar(library, id as ImportId) ?? buildSidecar(library, id as GenerationId);
  const at = record.kind === 'emulsion-import' ? record.imported_at : record.created_at;
  return { path: sidecarPath(library.folder, id, Date.parse(at)), text: `${JSON.stringify(record, null, 2)}\n` };
}

import type { ImportId } from '../../contract/entities/ids.ts';
import type { Readable } from '../db/database.ts';
import { readImportedRow } from '../images/image-rows.ts';
import { readImportRow, rowToImport } from '../images/imports.ts';
import { iso, sidecarImage } from './sidecar-image.ts';
import { SIDECAR_VERSION, type ImportSidecarFile } from './sidecar-schema.ts';

/**
 * An imported image's sidecar from its current rows; null for an import that isn't in the library.
 */
export function buildImportSidecar(
  { db, folder }: { db: Readable; folder: string },
  id: ImportId,
): ImportSidecarFile | null {
  const row = readImportRow(db, id);
  if (!row) return null;
  const { parameters, texts } = rowToImport(row);
  const image = readImportedRow(db, id);
  return {
    kind: 'emulsion-import',
    version: SIDECAR_VERSION,
    id,
    run: row.run,
    file_name: row.file_name,
    imported_at: iso(row.imported_at),
    dated: row.dated,
    software: row.software,
    prompt: row.prompt,
    negative_prompt: row.negative_prompt,
    model: row.model,
    parameters,
    texts,
    image: image && sidecarImage(db, folder, image),
  };
}

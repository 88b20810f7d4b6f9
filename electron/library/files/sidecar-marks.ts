import type { GenerationId, ImportId } from '../../contract/entities/ids.ts';
import { prepare, type Writable } from '../db/database.ts';

/** Whose sidecar it is: a request's id or an import's. */
export type SidecarId = GenerationId | ImportId;

/** Whose sidecar has an image. */
export function sidecarOf(image: { generation_id: GenerationId | null; import_id: ImportId | null }): SidecarId {
  const id = image.generation_id ?? image.import_id;
  if (id === null) throw new Error('An image without a request or an import.');
  return id;
}

/** Marks a sidecar as outdated. Call it in the transaction that changes one of its rows. */
export function markSidecarOutdated(db: Writable, id: SidecarId): void {
  for (const table of ['generations', 'imports'])
    prepare<[string]>(db, `UPDATE ${table} SET recorded_at = NULL WHERE id = ?`).run(id);
}

import type { GenerationId } from '../../contract/entities/ids.ts';
import { prepare, transact, type Readable } from '../db/database.ts';
import type { Library } from '../files/library-handle.ts';
import { markSidecarOutdated } from '../files/sidecar-marks.ts';
import { writeSidecar } from './write-sidecar.ts';

/** Ended requests whose sidecar is missing or outdated, oldest first. */
export function listOutdatedSidecars(db: Readable): GenerationId[] {
  const sql =
    "SELECT id FROM generations WHERE recorded_at IS NULL AND state NOT IN ('intent', 'sent') ORDER BY created_at";
  return prepare<[], { id: GenerationId }>(db, sql)
    .all()
    .map((row) => row.id);
}

/** Writes outdated sidecars of ended requests. Errors go to `failed`; the next start retries. */
export async function writeSidecars(
  library: Library,
  ids: readonly GenerationId[],
  failed: (thrown: unknown) => void,
): Promise<void> {
  const due = new Set(ids);
  for (const id of listOutdatedSidecars(library.db)) if (due.has(id)) await writeSidecar(library, id).catch(failed);
}

/** Writes the sidecars of ended requests again, regardless of their marks. Errors go to `failed`; the next start retries. */
export async function rewriteSidecars(
  library: Library,
  ids: readonly GenerationId[],
  failed: (thrown: unknown) => void,
): Promise<void> {
  const { db } = library;
  transact(db, () => ids.forEach((id) => markSidecarOutdated(db, id)));
  await writeSidecars(library, ids, failed);
}

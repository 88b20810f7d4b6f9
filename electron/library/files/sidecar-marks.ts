import type { GenerationId } from '../../contract/entities/ids.ts';
import { prepare, type Writable } from '../db/database.ts';

/** Marks a request's sidecar as outdated. Call it in the transaction that changes one of the request's rows. */
export function markSidecarOutdated(db: Writable, id: GenerationId): void {
  prepare<[string]>(db, 'UPDATE generations SET recorded_at = NULL WHERE id = ?').run(id);
}

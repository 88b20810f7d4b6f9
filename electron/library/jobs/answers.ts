import type { GenerationId } from '../../contract/entities/ids.ts';
import { prepare, transact, type Readable, type Writable } from '../db/database.ts';
import { markSidecarOutdated } from '../files/sidecar-marks.ts';

/**
 * Adds a piece of JSON to what a server answered to a request: without pixels and without a key; whoever hands it in has seen to that.
 * On the disk when this returns, so that a cut answer keeps what came of it.
 * @throws StudioError `disk-full`, `disk-unwritable`, `library-damaged`
 */
export function addDocument(db: Writable, id: GenerationId, document: unknown): void {
  const sql = `INSERT INTO answers (generation_id, documents) VALUES (:id, json_array(json(:document)))
    ON CONFLICT (generation_id) DO UPDATE SET documents = json_insert(documents, '$[#]', json(:document))`;
  transact(db, () => {
    prepare<[Record<string, string>]>(db, sql).run({ id, document: JSON.stringify(document) });
    markSidecarOutdated(db, id);
  });
}

/** Everything that a server answered to a request, in the order in which it came. [] where nothing was kept. */
export function readDocuments(db: Readable, id: GenerationId): unknown[] {
  const sql = 'SELECT documents FROM answers WHERE generation_id = ?';
  const row = prepare<[string], { documents: string }>(db, sql).get(id);
  return row ? (JSON.parse(row.documents) as unknown[]) : [];
}

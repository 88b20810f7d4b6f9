import * as v from 'valibot';
import type { GenerationState, ResponseHead } from '../../contract/entities/generations.ts';
import type { GenerationId, JobId } from '../../contract/entities/ids.ts';
import { readJson } from '../db/columns.ts';
import { prepare, transact, type Readable, type Writable } from '../db/database.ts';
import { markSidecarOutdated } from '../files/sidecar-marks.ts';

/**
 * Appends a JSON document to a request's stored response; the caller has removed pixels and keys. Committed to disk on return,
 * so that an interrupted response keeps what was received.
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

interface ResponseRow {
  id: GenerationId;
  state: GenerationState;
  status: number | null;
  request_id: string | null;
}

/** The responses to a job's requests, in order, without those of requests that were never sent. A refused one that waits counts as sent. */
export function listResponses(db: Readable, jobId: JobId): ResponseHead[] {
  const sql = `SELECT id, state, status, request_id FROM generations g WHERE job_id = ?
    AND (sent_at IS NOT NULL OR EXISTS (SELECT 1 FROM answers WHERE generation_id = g.id)) ORDER BY ordinal`;
  return prepare<[string], ResponseRow>(db, sql)
    .all(jobId)
    .map(({ id, state, status, request_id }) => ({ generationId: id, state, status, requestId: request_id }));
}

/** The documents of a request's response in the order received; [] if none are stored. */
export function readDocuments(db: Readable, id: GenerationId): unknown[] {
  const sql = 'SELECT documents FROM answers WHERE generation_id = ?';
  const row = prepare<[string], { documents: string }>(db, sql).get(id);
  const at = { table: 'answers', column: 'documents', row: id };
  return row ? readJson(v.array(v.unknown()), row.documents, at) : [];
}

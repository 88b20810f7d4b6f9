import type * as v from 'valibot';
import type { DraftHead, StepsChangeSchema, StepsKeySchema, StoredDraft } from '../contract/entities/drafts.ts';
import type { DraftId, JobId, NodeId, Sha256, Timestamp } from '../contract/entities/ids.ts';
import type { Job } from '../contract/entities/jobs.ts';
import { StudioError } from '../contract/errors/errors.ts';
import { prepare, transact, type Readable, type Writable } from './db/database.ts';

interface DraftRow {
  id: DraftId;
  name: string;
  root: Sha256 | null;
  document: string;
  created_at: number;
  updated_at: number;
}

function rowToDraft(row: DraftRow): StoredDraft {
  const { id, name, root, document } = row;
  return { id, name, root, document, createdAt: row.created_at, updatedAt: row.updated_at };
}

/** Canvas drafts, last changed first. */
export function listDrafts(db: Readable): StoredDraft[] {
  return prepare<[], DraftRow>(db, 'SELECT * FROM drafts ORDER BY updated_at DESC, id DESC').all().map(rowToDraft);
}

/**
 * Stores a new or changed draft, committed to disk on return.
 * @throws StudioError `not-found` if its root image isn't in the library; then nothing is changed
 */
export function saveDraft(db: Writable, { id, name, root, document }: DraftHead, at: Timestamp): StoredDraft {
  return transact(db, () => {
    if (root !== null) requireRoot(db, root);
    const sql = `INSERT INTO drafts VALUES (:id, :name, :root, :document, :at, :at)
      ON CONFLICT DO UPDATE SET name = excluded.name, root = excluded.root, document = excluded.document, updated_at = excluded.updated_at`;
    prepare<[Record<string, string | number | null>]>(db, sql).run({ id, name, root, document, at });
    return rowToDraft(requireDraft(db, id));
  });
}

/** Removes a draft and its steps. Does nothing if it is gone already. */
export function removeDraft(db: Writable, id: DraftId): void {
  transact(db, () => prepare<[string]>(db, 'DELETE FROM drafts WHERE id = ?').run(id));
}

/** The steps of one node of a draft, in order; [] if the draft doesn't exist. */
export function readSteps(db: Readable, { draftId, node }: v.InferOutput<typeof StepsKeySchema>): string[] {
  const sql = 'SELECT data FROM draft_steps WHERE draft_id = ? AND node = ? ORDER BY position';
  return prepare<[string, string], { data: string }>(db, sql)
    .all(draftId, node)
    .map(({ data }) => data);
}

/**
 * Replaces all steps from a position on, all or nothing, committed to disk on return.
 * @throws StudioError `not-found` if there is no such draft, `bad-payload` if it has fewer steps; then nothing is changed
 */
export function putSteps(
  db: Writable,
  { draftId, node, from, steps }: v.InferOutput<typeof StepsChangeSchema>,
  at: Timestamp,
): void {
  transact(db, () => {
    requireDraft(db, draftId);
    const kept = countSteps(db, draftId, node);
    if (from > kept) {
      const message = `This draft has ${kept} steps, so none can be stored at position ${from}. Nothing was changed.`;
      throw new StudioError({ code: 'bad-payload', message, field: 'from' });
    }
    const clear = 'DELETE FROM draft_steps WHERE draft_id = ? AND node = ? AND position >= ?';
    prepare<[string, string, number]>(db, clear).run(draftId, node, from);
    const add = prepare<[string, string, number, string]>(
      db,
      'INSERT INTO draft_steps (draft_id, node, position, data) VALUES (?, ?, ?, ?)',
    );
    for (const [index, data] of steps.entries()) add.run(draftId, node, from + index, data);
    prepare<[number, string]>(db, 'UPDATE drafts SET updated_at = ? WHERE id = ?').run(at, draftId);
  });
}

/** All jobs created from a draft, oldest first, in any state, each as `read` returns it. */
export function jobsOfDraft(db: Readable, id: DraftId, read: (id: JobId) => Job | null): Job[] {
  const sql = `SELECT id FROM jobs WHERE json_extract(request, '$.canvas.draftId') = ? ORDER BY created_at, id`;
  return prepare<[string], { id: JobId }>(db, sql)
    .all(id)
    .flatMap((row) => read(row.id) ?? []);
}

function countSteps(db: Readable, draftId: DraftId, node: NodeId): number {
  // Positions have no gaps, and the last one is at the end of the index.
  const sql = 'SELECT max(position) + 1 AS steps FROM draft_steps WHERE draft_id = ? AND node = ?';
  return prepare<[string, string], { steps: number | null }>(db, sql).get(draftId, node)?.steps ?? 0;
}

function requireDraft(db: Readable, id: DraftId): DraftRow {
  const row = prepare<[string], DraftRow>(db, 'SELECT * FROM drafts WHERE id = ?').get(id);
  if (row) return row;
  throw new StudioError({ code: 'not-found', message: 'This draft is no longer in the library. Nothing was changed.' });
}

function requireRoot(db: Readable, root: Sha256): void {
  if (prepare<[string], { sha256: Sha256 }>(db, 'SELECT sha256 FROM originals WHERE sha256 = ?').get(root)) return;
  const message = 'This draft’s first image is no longer in the library. The draft wasn’t saved.';
  throw new StudioError({ code: 'not-found', message, field: 'root' });
}

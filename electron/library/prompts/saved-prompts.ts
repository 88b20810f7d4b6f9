import { setImmediate } from 'node:timers/promises';
import type { SavedPromptId, Timestamp } from '../../contract/entities/ids.ts';
import {
  SavedPromptTagsSchema,
  type PromptVersion,
  type SavedPrompt,
  type SavedPromptVersion,
} from '../../contract/entities/saved-prompts.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { readJsonOr } from '../db/columns.ts';
import { prepare, transact, type Readable, type Writable } from '../db/database.ts';
import { bestImageOf } from './best-image.ts';

interface Row {
  id: SavedPromptId;
  name: string;
  tags: string;
  text: string;
  version: number;
  createdAt: Timestamp;
  changedAt: Timestamp;
}

const COLUMNS = `s.id, s.name, s.tags, v.text, v.version, s.created_at AS createdAt, s.changed_at AS changedAt
  FROM saved_prompts s JOIN prompt_versions v ON v.prompt_id = s.id
    AND v.version = (SELECT max(version) FROM prompt_versions WHERE prompt_id = s.id)`;
/** Saved prompts read at a time: a millisecond or two. */
const SLICE = 50;

/** All saved prompts, changed last first, read in slices between which others get their turn. */
export async function listSavedPrompts(db: Readable): Promise<SavedPrompt[]> {
  const rows = prepare<[], Row>(
    db,
    `SELECT ${COLUMNS} WHERE s.deleted_at IS NULL ORDER BY s.changed_at DESC, s.id DESC`,
  ).all();
  const prompts: SavedPrompt[] = [];
  for (const [index, row] of rows.entries()) {
    if (index % SLICE === SLICE - 1) await setImmediate();
    prompts.push(toSavedPrompt(db, row));
  }
  return prompts;
}

interface SaveInput {
  promptId: SavedPromptId;
  name: string;
  tags: readonly string[];
  text: string;
}

/**
 * Creates a saved prompt, or changes it; a text other than the newest version's becomes a new version. A removed one comes back.
 * Committed to disk on return.
 */
export function savePrompt(db: Writable, { promptId, name, tags, text }: SaveInput, at: Timestamp): SavedPrompt {
  return transact(db, () => {
    const sql = `INSERT INTO saved_prompts (id, name, tags, created_at, changed_at) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET name = excluded.name, tags = excluded.tags, changed_at = excluded.changed_at, deleted_at = NULL`;
    prepare<[string, string, string, number, number]>(db, sql).run(
      promptId,
      name,
      JSON.stringify(distinctTags(tags)),
      at,
      at,
    );
    addVersion(db, promptId, text, at);
    return requirePrompt(db, promptId);
  });
}

/** Without repeats, ignoring case. */
function distinctTags(tags: readonly string[]): string[] {
  return [...new Map(tags.map((tag) => [tag.toLowerCase(), tag])).values()];
}

function addVersion(db: Writable, id: SavedPromptId, text: string, at: Timestamp): void {
  const [newest] = listPromptVersions(db, id, 1);
  if (newest?.text === text) return;
  const sql = 'INSERT INTO prompt_versions (prompt_id, version, text, created_at) VALUES (?, ?, ?, ?)';
  prepare<[string, number, string, number]>(db, sql).run(id, (newest?.version ?? 0) + 1, text, at);
}

/** Hides a saved prompt until it is restored; its versions stay. */
export function removePrompt(db: Writable, id: SavedPromptId, at: Timestamp): void {
  const sql = 'UPDATE saved_prompts SET deleted_at = ? WHERE id = ?';
  if (prepare<[number, string]>(db, sql).run(at, id).changes === 0) throw notFound();
}

/** @throws StudioError `not-found` */
export function restorePrompt(db: Writable, id: SavedPromptId): SavedPrompt {
  return transact(db, () => {
    prepare<[string]>(db, 'UPDATE saved_prompts SET deleted_at = NULL WHERE id = ?').run(id);
    return requirePrompt(db, id);
  });
}

/** The versions of a saved prompt, newest first; [] if there is no such prompt. */
export function listPromptVersions(db: Readable, id: SavedPromptId, limit = MAX_VERSIONS): PromptVersion[] {
  const sql = `SELECT version, text, created_at AS createdAt FROM prompt_versions WHERE prompt_id = ?
    ORDER BY version DESC LIMIT ?`;
  return prepare<[string, number], PromptVersion>(db, sql).all(id, limit);
}
/** Versions that are listed. */
const MAX_VERSIONS = 500;

/**
 * Records that a request's prompt was made from a version of a saved prompt. A saved prompt that isn't in this library is ignored. Call it
 * in the transaction that records the request.
 */
export function recordPromptSource(db: Writable, { id, version }: SavedPromptVersion, text: string): void {
  const sql = `INSERT OR IGNORE INTO prompt_sources (prompt_id, version, prompt)
    SELECT v.prompt_id, v.version, p.key FROM prompt_versions v, prompts p WHERE v.prompt_id = ? AND v.version = ? AND p.text = ?`;
  prepare<[string, number, string]>(db, sql).run(id, version, text);
}

function requirePrompt(db: Readable, id: SavedPromptId): SavedPrompt {
  const row = prepare<[string], Row>(db, `SELECT ${COLUMNS} WHERE s.id = ?`).get(id);
  if (!row) throw notFound();
  return toSavedPrompt(db, row);
}

function notFound(): StudioError {
  return new StudioError({
    code: 'not-found',
    message: 'This prompt is no longer in the library. Nothing was changed.',
  });
}

function toSavedPrompt(db: Readable, { tags, ...row }: Row): SavedPrompt {
  const at = { table: 'saved_prompts', column: 'tags', row: row.id };
  return { ...row, tags: readJsonOr(SavedPromptTagsSchema, tags, at, []), bestImage: bestImageOf(db, row.id) };
}

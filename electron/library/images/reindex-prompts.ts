import { setImmediate } from 'node:timers/promises';
import { prepare, transact, type Readable, type Writable } from '../db/database.ts';
import { INDEX_VERSION, toIndexText } from './search-tokens.ts';

/** Images per transaction: a few milliseconds, so that the application stays responsive. */
const BATCH = 50;
/** The version of the index, and how far a new one has come: the last timeline that was indexed again. */
const VERSION = 'search-version';
const POSITION = 'search-position';

/**
 * Indexes the prompts of all images again if they were indexed by an earlier version, in small steps, from where it was stopped. Meanwhile
 * the others are found by their old words.
 */
export async function reindexPrompts(db: Writable, signal?: AbortSignal): Promise<void> {
  if (stored(db, VERSION) === INDEX_VERSION) return;
  while (!signal?.aborted) {
    if (!reindexBatch(db)) return;
    await setImmediate();
  }
}

/** Indexes images again whose words have changed. Call it in the transaction that changes them. */
export function reindexImages(db: Writable, timelines: readonly number[]): void {
  const sql =
    'SELECT i.timeline, g.prompt FROM images i CROSS JOIN generations g ON g.id = i.generation_id WHERE i.timeline = ?';
  for (const timeline of timelines) {
    const row = prepare<[number], PromptRow>(db, sql).get(timeline);
    if (row) reindex(db, row);
  }
}

function reindex(db: Writable, { timeline, prompt }: PromptRow): void {
  prepare<[number]>(db, 'DELETE FROM picture_words WHERE rowid = ?').run(timeline);
  indexPrompt(db, timeline, prompt);
}

interface PromptRow {
  timeline: number;
  prompt: string;
}

/** Returns false after the last one. */
function reindexBatch(db: Writable): boolean {
  return transact(db, () => {
    const sql = `SELECT i.timeline, g.prompt FROM images i CROSS JOIN generations g ON g.id = i.generation_id
      WHERE i.timeline > ? ORDER BY i.timeline LIMIT ?`;
    const rows = prepare<[number, number], PromptRow>(db, sql).all(stored(db, POSITION) ?? -1, BATCH);
    for (const row of rows) reindex(db, row);
    const last = rows.at(-1);
    if (last) store(db, POSITION, last.timeline);
    else {
      store(db, VERSION, INDEX_VERSION);
      prepare<[string]>(db, 'DELETE FROM counters WHERE name = ?').run(POSITION);
    }
    return last !== undefined;
  });
}

/** Adds an image's prompt to the index. */
export function indexPrompt(db: Writable, timeline: number, prompt: string): void {
  const sql = 'INSERT INTO picture_words (rowid, prompt) VALUES (?, ?)';
  prepare<[number, string]>(db, sql).run(timeline, toIndexText(prompt));
}

function stored(db: Readable, name: string): number | null {
  const sql = 'SELECT value FROM counters WHERE name = ?';
  return prepare<[string], { value: number }>(db, sql).get(name)?.value ?? null;
}

function store(db: Writable, name: string, value: number): void {
  const sql = 'INSERT INTO counters (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value';
  prepare<[string, number]>(db, sql).run(name, value);
}

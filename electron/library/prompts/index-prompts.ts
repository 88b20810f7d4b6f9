import { setImmediate } from 'node:timers/promises';
import { prepare, transact, type Readable, type Writable } from '../db/database.ts';
import { INDEX_VERSION, toIndexText } from '../images/search-tokens.ts';

/** Prompts per transaction: a few milliseconds, so that the application stays responsive. */
const BATCH = 50;
/** The version of the folding that the words were indexed with. */
const VERSION = 'prompt-words-version';

/**
 * Indexes the words of used prompts that aren't yet, in small steps. A trigger marks a prompt when it is used again, because its place in the
 * history is its place in the index; a new version of the folding marks all.
 */
export async function indexUsedPrompts(db: Writable, signal?: AbortSignal): Promise<void> {
  if (storedVersion(db) !== INDEX_VERSION) startOver(db);
  while (!signal?.aborted && indexBatch(db)) await setImmediate();
}

function startOver(db: Writable): void {
  transact(db, () => {
    prepare<[]>(db, 'DELETE FROM prompt_words').run();
    prepare<[]>(db, 'UPDATE prompts SET indexed = 0 WHERE indexed = 1').run();
    const sql = 'INSERT INTO counters (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value';
    prepare<[string, number]>(db, sql).run(VERSION, INDEX_VERSION);
  });
}

function storedVersion(db: Readable): number | null {
  const sql = 'SELECT value FROM counters WHERE name = ?';
  return prepare<[string], { value: number }>(db, sql).get(VERSION)?.value ?? null;
}

/**
 * Returns false where nothing is left. Newest first: these are looked for first. Within a batch in ascending order, because FTS5 writes what it
 * has collected as soon as a row comes before the last one.
 */
function indexBatch(db: Writable): boolean {
  const sql = 'SELECT key, used, text FROM prompts WHERE indexed = 0 ORDER BY used DESC LIMIT ?';
  const rows = prepare<[number], { key: number; used: number; text: string }>(db, sql).all(BATCH);
  if (rows.length === 0) return false;
  transact(db, () => {
    for (const { key, used, text } of rows.toReversed()) {
      prepare<[number, string]>(db, 'INSERT INTO prompt_words (rowid, prompt) VALUES (?, ?)').run(
        used,
        toIndexText(text),
      );
      prepare<[number]>(db, 'UPDATE prompts SET indexed = 1 WHERE key = ?').run(key);
    }
  });
  return rows.length === BATCH;
}

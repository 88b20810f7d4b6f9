import { setImmediate } from 'node:timers/promises';
import { prepare, transact, type Readable, type Writable } from '../db/database.ts';
import { imageIndexText } from './image-words.ts';
import { INDEX_VERSION } from './search-tokens.ts';

/** Images per transaction: a few milliseconds, so that the application stays responsive. */
const BATCH = 50;
/** The version of the index, and how far a new one has come: the last timeline that was indexed again. */
const VERSION = 'search-version';
const POSITION = 'search-position';

/**
 * Indexes the words of all images again if they were indexed by an earlier version, in small steps, from where it was stopped. Meanwhile
 * the others are found by their old words.
 */
export async function reindexAllImages(db: Writable, signal?: AbortSignal): Promise<void> {
  if (stored(db, VERSION) === INDEX_VERSION) return;
  while (!signal?.aborted) {
    if (!reindexBatch(db)) return;
    await setImmediate();
  }
}

/** Returns false after the last one. */
function reindexBatch(db: Writable): boolean {
  return transact(db, () => {
    const sql = 'SELECT timeline FROM images WHERE timeline > ? ORDER BY timeline LIMIT ?';
    const rows = prepare<[number, number], { timeline: number }>(db, sql).all(stored(db, POSITION) ?? -1, BATCH);
    reindexImages(
      db,
      rows.map(({ timeline }) => timeline),
    );
    const last = rows.at(-1);
    if (last) store(db, POSITION, last.timeline);
    else {
      store(db, VERSION, INDEX_VERSION);
      prepare<[string]>(db, 'DELETE FROM counters WHERE name = ?').run(POSITION);
    }
    return last !== undefined;
  });
}

/** All images were indexed by this version. Call it in the transaction that ends it. */
export function markAllIndexed(db: Writable): void {
  store(db, VERSION, INDEX_VERSION);
}

/** Indexes images again whose words have changed. Call it in the transaction that changes them. */
export function reindexImages(db: Writable, timelines: readonly number[]): void {
  for (const timeline of timelines) {
    prepare<[number]>(db, 'DELETE FROM picture_words WHERE rowid = ?').run(timeline);
    indexImage(db, timeline);
  }
}

/** Adds an image's words to the index, see `image-words.ts`. Call it after its rows are stored. */
export function indexImage(db: Writable, timeline: number): void {
  const text = imageIndexText(db, timeline);
  if (text !== null) indexText(db, timeline, text);
}

/** Adds an image's words to the index. */
export function indexText(db: Writable, timeline: number, text: string): void {
  const sql = 'INSERT INTO picture_words (rowid, prompt) VALUES (?, ?)';
  prepare<[number, string]>(db, sql).run(timeline, text);
}

function stored(db: Readable, name: string): number | null {
  const sql = 'SELECT value FROM counters WHERE name = ?';
  return prepare<[string], { value: number }>(db, sql).get(name)?.value ?? null;
}

function store(db: Writable, name: string, value: number): void {
  const sql = 'INSERT INTO counters (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value';
  prepare<[string, number]>(db, sql).run(name, value);
}

import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { View, ViewQuestion } from '../../../electron/contract/entities/views.ts';
import { openDatabase, openUntrusted, type Readable } from '../../../electron/library/db/database.ts';
import { migrate } from '../../../electron/library/db/migrations/migrate.ts';
import { toIndexText } from '../../../electron/library/images/search-tokens.ts';
import { IndexCore } from '../../../electron/library/index/index-core.ts';
import { readLibrary, type IndexData } from '../../../electron/library/index/index-data.ts';
import { emptyFolder } from '../test-library.ts';
import { RandomLibrary } from './random-library.ts';

/** A random library, its index, and questions by their text. */
export interface IndexOfRows {
  library: RandomLibrary;
  reader: Readable;
  core: IndexCore;
  ask(query: string, more?: Partial<ViewQuestion>): View;
  /** Timeline keys of what a query finds, in order. */
  find(query: string, more?: Partial<ViewQuestion>): number[];
}

/** Reads the whole library. */
export function loadIndex(reader: Readable): IndexData {
  const slices = readLibrary(reader);
  for (;;) {
    const { done, value } = slices.next();
    if (done) return value;
  }
}

/**
 * @param prompts in place of the random words of the first images
 * @param now the time as the index sees it
 * @param prepare changes rows before they are indexed
 */
export async function indexOfRows(
  jobs: number,
  prompts: readonly string[] = [],
  now: () => number = () => Date.UTC(2026, 7, 1, 12),
  prepare: (library: RandomLibrary) => void = () => undefined,
): Promise<IndexOfRows> {
  const path = join(await emptyFolder(), 'library.db');
  const db = openDatabase(path);
  db.pragma('synchronous = OFF');
  migrate(db);
  const library = new RandomLibrary(db, 5);
  db.transaction(() => {
    for (let job = 0; job < jobs; job += 1) library.addJob();
    for (const [index, timeline] of library.timelines().slice(0, prompts.length).entries()) {
      const prompt = prompts[index] ?? '';
      db.prepare(
        'UPDATE generations SET prompt = ? WHERE id = (SELECT generation_id FROM images WHERE timeline = ?)',
      ).run(prompt, timeline);
      db.prepare('DELETE FROM picture_words WHERE rowid = ?').run(timeline);
      db.prepare('INSERT INTO picture_words (rowid, prompt) VALUES (?, ?)').run(timeline, toIndexText(prompt));
    }
  })();
  db.transaction(prepare)(library);
  const reader = openUntrusted(path, { readonly: true }) as Readable;
  onTestFinished(() => {
    reader.close();
    db.close();
  });
  const core = new IndexCore(reader, loadIndex(reader), { prefix: 'a', now });
  const ask = (query: string, more: Partial<ViewQuestion> = {}): View => {
    const sort = { by: 'date', descending: false } as const;
    return core.answer('ask', {
      question: { query, sort, grouping: 'none', stacking: 'none', place: 'library', ...more },
    });
  };
  const timelineOf = reader.prepare<[string], number>('SELECT timeline FROM images WHERE id = ?').pluck();
  const find = (query: string, more: Partial<ViewQuestion> = {}): number[] =>
    core.answer('rows', { viewId: ask(query, more).id, from: 0, count: 10_000 }).map((row) => timelineOf.get(row!.id)!);
  return { library, reader, core, ask, find };
}

import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { View, ViewQuestion } from '../../../electron/contract/entities/views.ts';
import { openDatabase, openUntrusted, type Readable } from '../../../electron/library/db/database.ts';
import { migrate } from '../../../electron/library/db/migrations/migrate.ts';
import { toIndexText } from '../../../electron/library/images/search-tokens.ts';
import { IndexCore } from '../../../electron/library/index/index-core.ts';
import { readLibrary } from '../../../electron/library/index/index-data.ts';
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

/** @param prompts in place of the random words of the first images */
export async function indexOfRows(jobs: number, prompts: readonly string[] = []): Promise<IndexOfRows> {
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
  const reader = openUntrusted(path, { readonly: true }) as Readable;
  onTestFinished(() => {
    reader.close();
    db.close();
  });
  const slices = readLibrary(reader);
  let step = slices.next();
  while (!step.done) step = slices.next();
  const core = new IndexCore(reader, step.value, { prefix: 'a', now: () => Date.UTC(2026, 7, 1, 12) });
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

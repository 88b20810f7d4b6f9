import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase, type Writable } from '../../../electron/library/db/database.ts';
import { migrate } from '../../../electron/library/db/migrations/migrate.ts';
import { pruneLog } from '../../../electron/library/index/prune-log.ts';
import { emptyFolder } from '../test-library.ts';

/** A log of these revisions. */
async function logOf(revisions: readonly number[]): Promise<Writable> {
  const db = openDatabase(join(await emptyFolder(), 'library.db'));
  onTestFinished(() => void db.close());
  db.pragma('synchronous = OFF');
  migrate(db);
  const add = db.prepare('INSERT INTO index_log (revision, timeline, part) VALUES (?, 1, 1)');
  db.transaction(() => revisions.forEach((revision) => add.run(revision)))();
  return db;
}

const left = (db: Writable) => db.prepare<[], number>('SELECT revision FROM index_log').pluck().all();
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('what the stored index has is removed, also beyond gaps in the numbers; the rest stays', async () => {
  const db = await logOf([...numbers(1, 700), ...numbers(5000, 5010), 90_000, 90_001]);
  await pruneLog(db, 90_000, new AbortController().signal);
  expect(left(db)).toEqual([90_001]);
  await pruneLog(db, 90_000, new AbortController().signal);
  expect(left(db)).toEqual([90_001]);
});

test('one step removes a bounded number of rows, and it ends there when it is stopped', async () => {
  const db = await logOf(numbers(1, 3000));
  const stop = new AbortController();
  const pruning = pruneLog(db, 3000, stop.signal);
  // It runs until its first pause at once.
  const removed = 3000 - left(db).length;
  expect(removed).toBeGreaterThan(0);
  expect(removed).toBeLessThanOrEqual(1000);
  stop.abort();
  await pruning;
  expect(left(db)).toHaveLength(3000 - removed);
});

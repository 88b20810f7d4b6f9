import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../../electron/library/db/database.ts';
import { migrate } from '../../../../electron/library/db/migrations/migrate.ts';
import { initial } from '../../../../electron/library/db/migrations/0001-initial.ts';
import { moneyBatchesInputs } from '../../../../electron/library/db/migrations/0002-money-batches-inputs.ts';
import { repeats } from '../../../../electron/library/db/migrations/0003-repeats.ts';
import { emptyFolder } from '../../test-library.ts';

const ID = (last: number): string => `01890000-0000-7000-8000-${String(last).padStart(12, '0')}`;

it('finds jobs that repeat an image, old and new, by an index', async () => {
  const db = openDatabase(join(await emptyFolder(), 'library.db'));
  onTestFinished(() => void db.close());
  const add = (id: number, request: object): unknown =>
    db
      .prepare(
        `INSERT INTO jobs (id, state, request, profile_name, base_url, created_at) VALUES (?, 'done', ?, 'p', 'u', 1)`,
      )
      .run(ID(id), JSON.stringify(request));
  migrate(db, [initial, moneyBatchesInputs]);
  add(1, { repeats: ID(9) });
  add(2, {});
  migrate(db, [initial, moneyBatchesInputs, repeats]);
  add(3, { repeats: ID(9) });
  add(4, { repeats: null });
  expect(db.pragma('user_version', { simple: true })).toBe(3);
  const sql = "SELECT id FROM jobs WHERE json_extract(request, '$.repeats') = ?";
  expect(db.prepare(sql).pluck().all(ID(9)).toSorted()).toEqual([ID(1), ID(3)]);
  expect(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).get(ID(9))).toMatchObject({
    detail: expect.stringContaining('jobs_repeating'),
  });
});

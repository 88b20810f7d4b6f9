import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../../electron/library/db/database.ts';
import { finishedJobs } from '../../../../electron/library/db/migrations/0008-finished-jobs.ts';
import { migrate, MIGRATIONS } from '../../../../electron/library/db/migrations/migrate.ts';
import { FINISHED_JOBS } from '../../../../electron/library/jobs/job-history.ts';
import { emptyFolder } from '../../test-library.ts';

const ID = (last: number): string => `01890000-0000-7000-8000-${String(last).padStart(12, '0')}`;

it('finds jobs by when they ended, old and new, by an index', async () => {
  const db = openDatabase(join(await emptyFolder(), 'library.db'));
  onTestFinished(() => void db.close());
  const add = (id: number, finishedAt: number | null): unknown =>
    db
      .prepare(
        `INSERT INTO jobs (id, state, request, profile_name, base_url, created_at, finished_at)
         VALUES (?, ?, '{}', 'p', 'u', 1, ?)`,
      )
      .run(ID(id), finishedAt === null ? 'waiting' : 'done', finishedAt);
  const before = MIGRATIONS.slice(0, MIGRATIONS.indexOf(finishedJobs));
  migrate(db, before);
  add(1, 50);
  add(2, null);
  migrate(db, [...before, finishedJobs]);
  add(3, 40);
  add(4, 39);
  const query = [40, 9e15, '', 10];
  expect(db.prepare(FINISHED_JOBS).all(query)).toEqual([
    { finished_at: 50, id: ID(1) },
    { finished_at: 40, id: ID(3) },
  ]);
  const plan = db.prepare(`EXPLAIN QUERY PLAN ${FINISHED_JOBS}`).all(query) as { detail: string }[];
  expect(plan.map(({ detail }) => detail).join()).toMatch(/jobs_finished(?!.*TEMP B-TREE)/u);
});

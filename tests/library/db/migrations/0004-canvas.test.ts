import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase, type Writable } from '../../../../electron/library/db/database.ts';
import { migrate } from '../../../../electron/library/db/migrations/migrate.ts';
import { initial } from '../../../../electron/library/db/migrations/0001-initial.ts';
import { moneyBatchesInputs } from '../../../../electron/library/db/migrations/0002-money-batches-inputs.ts';
import { repeats } from '../../../../electron/library/db/migrations/0003-repeats.ts';
import { canvas } from '../../../../electron/library/db/migrations/0004-canvas.ts';
import { emptyFolder } from '../../test-library.ts';

const ID = (last: number): string => `01890000-0000-7000-8000-${String(last).padStart(12, '0')}`;
const SHA = 'ab'.repeat(32);
let db: Writable;

beforeEach(async () => {
  db = openDatabase(join(await emptyFolder(), 'library.db'));
  onTestFinished(() => void db.close());
  migrate(db, [initial, moneyBatchesInputs, repeats]);
  // Rows of a library of version 3.
  db.exec(`
    INSERT INTO jobs (id, state, request, profile_name, base_url, created_at)
      VALUES ('${ID(1)}', 'done', '{"canvas":{"draftId":"${ID(7)}","node":"root"}}', 'p', 'u', 1), ('${ID(8)}', 'done', '{}', 'p', 'u', 1);
    INSERT INTO generations (id, job_id, ordinal, operation, state, model, prompt, n, parameters, created_at)
      VALUES ('${ID(2)}', '${ID(1)}', 0, 'edit', 'done', 'm', 'p', 1, '{}', 1);
    INSERT INTO originals VALUES ('${SHA}', 'png', 100);
    INSERT INTO images (timeline, id, job_id, generation_id, position, sha256, width, height, created_at)
      VALUES (1, '${ID(3)}', '${ID(1)}', '${ID(2)}', 0, '${SHA}', 1, 1, 1);`);
  migrate(db, [initial, moneyBatchesInputs, repeats, canvas]);
});

const result = (values: string): string => `INSERT INTO strict_results VALUES (${values})`;
const DONE = `'${ID(3)}', 'done', 6, '${SHA}', 1, 1, 0, 10, 5, 2, NULL, 1`;

describe('the tables of the canvas', () => {
  it('keep existing rows, and are strict', () => {
    expect(db.prepare('SELECT count(*) FROM images').pluck().get()).toBe(1);
    const loose = "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND schema = 'main'";
    expect(db.prepare(`${loose} AND name NOT LIKE 'sqlite_%'`).pluck().all()).toEqual([]);
    expect(db.pragma('user_version', { simple: true })).toBe(4);
  });

  it.each([
    result(DONE),
    result(`'${ID(3)}', 'due', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL`),
    result(`'${ID(3)}', 'failed', 64, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}', 1`),
  ])('accept %s', (sql) => {
    expect(db.prepare(sql).run().changes).toBe(1);
  });

  it.each([
    ['a result of no picture', result(DONE.replace(ID(3), ID(9)))],
    ['a result without its file', result(DONE.replace(SHA, 'cd'.repeat(32)))],
    ['one that is done and says nothing', result(`'${ID(3)}', 'done', 6, NULL, 1, 1, 0, 10, 5, 2, NULL, 1`)],
    ['more changed than there is', result(DONE.replace('10, 5, 2', '10, 11, 2'))],
    ['more visible than changed', result(DONE.replace('10, 5, 2', '10, 5, 6'))],
    ['a failure without a reason', result(`'${ID(3)}', 'failed', 6, ${'NULL, '.repeat(8)}1`)],
    ['one that is due and was made', result(`'${ID(3)}', 'due', 6, ${'NULL, '.repeat(8)}1`)],
    [
      'a draft that began with no file',
      `INSERT INTO drafts VALUES ('${ID(7)}', 'a', '${'cd'.repeat(32)}', '{}', 1, 1)`,
    ],
    ['a step of no draft', `INSERT INTO draft_steps VALUES ('${ID(7)}', 'root', 0, '{}')`],
  ])('reject %s', (_, sql) => {
    expect(() => db.exec(sql)).toThrow(/constraint/u);
  });

  it('delete a result with its image, and steps with their draft', () => {
    db.exec(result(DONE));
    db.exec(`INSERT INTO drafts VALUES ('${ID(7)}', 'a', '${SHA}', '{}', 1, 1);
      INSERT INTO draft_steps VALUES ('${ID(7)}', 'root', 0, '{}');
      DELETE FROM drafts; DELETE FROM images;`);
    const left = 'SELECT (SELECT count(*) FROM strict_results) + (SELECT count(*) FROM draft_steps)';
    expect(db.prepare(left).pluck().get()).toBe(0);
  });

  it('find the jobs of a draft by an index, in order', () => {
    const sql = "SELECT id FROM jobs WHERE json_extract(request, '$.canvas.draftId') = ? ORDER BY created_at, id";
    expect(db.prepare(sql).pluck().all(ID(7))).toEqual([ID(1)]);
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(ID(7)) as { detail: string }[];
    const words = plan.map(({ detail }) => detail).join();
    expect(words).toContain('jobs_of_draft');
    expect(words).not.toContain('TEMP B-TREE');
  });
});

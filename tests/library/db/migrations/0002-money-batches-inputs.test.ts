import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase, type Writable } from '../../../../electron/library/db/database.ts';
import { migrate } from '../../../../electron/library/db/migrations/migrate.ts';
import { initial } from '../../../../electron/library/db/migrations/0001-initial.ts';
import { moneyBatchesInputs } from '../../../../electron/library/db/migrations/0002-money-batches-inputs.ts';
import { emptyFolder } from '../../test-library.ts';

const ID = (last: number): string => `01890000-0000-7000-8000-${String(last).padStart(12, '0')}`;
const SHA = 'ab'.repeat(32);
let db: Writable;

beforeEach(async () => {
  db = openDatabase(join(await emptyFolder(), 'library.db'));
  migrate(db, [initial]);
  // Rows of a library of version 1.
  db.exec(`
    INSERT INTO jobs (id, state, request, profile_name, base_url, created_at) VALUES ('${ID(1)}', 'done', '{}', 'p', 'u', 1);
    INSERT INTO generations (id, job_id, ordinal, operation, state, model, prompt, n, parameters, created_at)
      VALUES ('${ID(2)}', '${ID(1)}', 0, 'create', 'done', 'm', 'p', 1, '{}', 1);
    INSERT INTO originals VALUES ('${SHA}', 'png', 100);
    INSERT INTO images (timeline, id, job_id, generation_id, position, sha256, width, height, created_at)
      VALUES (1, '${ID(3)}', '${ID(1)}', '${ID(2)}', 0, '${SHA}', 1, 1, 1);`);
  migrate(db, [initial, moneyBatchesInputs]);
  onTestFinished(() => void db.close());
});

const get = (sql: string): unknown => db.prepare(sql).get();

describe('costs, batches, collections, inputs and responses', () => {
  it('keep existing rows, with unknown costs', () => {
    expect(get('SELECT cost, cost_basis, prices, estimate_least, estimate_most FROM generations')).toEqual({
      cost: null,
      cost_basis: null,
      prices: null,
      estimate_least: null,
      estimate_most: null,
    });
    expect(get('SELECT id, cost FROM images')).toEqual({ id: ID(3), cost: null });
    expect(get('SELECT batch_id, batch_place FROM jobs')).toEqual({ batch_id: null, batch_place: null });
    expect(db.pragma('user_version', { simple: true })).toBe(2);
  });

  it('create strict tables only', () => {
    const loose = db.prepare(
      "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND schema = 'main' AND name NOT LIKE 'sqlite_%'",
    );
    expect(loose.pluck().all()).toEqual([]);
  });

  it.each([
    ['a negative cost', 'UPDATE generations SET cost = -1'],
    ['a cost in parts', 'UPDATE generations SET cost = 0.5'],
    ['a share below nothing', 'UPDATE images SET cost = -1'],
    ['a basis that there is not', "UPDATE generations SET cost_basis = 'guess'"],
    ['prices that are no object', "UPDATE generations SET prices = '[]'"],
    ['an estimate that falls', 'UPDATE generations SET estimate_least = 5, estimate_most = 4'],
    ['a job of no batch', `UPDATE jobs SET batch_id = '${ID(9)}'`],
    ['a place that is no list', `UPDATE jobs SET batch_place = '{}'`],
    ['a batch that is no object', `INSERT INTO batches VALUES ('${ID(9)}', '[]', 1)`],
    ['a collection without a name', `INSERT INTO collections VALUES ('${ID(9)}', '', 1)`],
    ['a collection of nothing', `INSERT INTO collection_images VALUES ('${ID(9)}', '${ID(3)}', 1)`],
    ['an answer of no request', `INSERT INTO answers VALUES ('${ID(9)}', '[]')`],
    ['an answer that is no list', `INSERT INTO answers VALUES ('${ID(2)}', '{}')`],
    [
      'an input without a file',
      `INSERT INTO input_files VALUES ('${'cd'.repeat(32)}', 'a.png', 1, 1, 1, 1, 0, NULL, '[]', NULL, 1)`,
    ],
    [
      'an input that lies in no known way',
      `INSERT INTO input_files VALUES ('${SHA}', 'a.png', 1, 1, 9, 1, 0, NULL, '[]', NULL, 1)`,
    ],
  ])('reject %s', (_, sql) => {
    expect(() => db.exec(sql)).toThrow(/constraint|malformed|cannot store/u);
  });

  it('match collection names ignoring case', () => {
    db.exec(`INSERT INTO collections VALUES ('${ID(4)}', 'Ships', 1)`);
    expect(() => db.exec(`INSERT INTO collections VALUES ('${ID(5)}', 'SHIPS', 1)`)).toThrow(/UNIQUE/u);
  });

  it('delete a collection without its images, and an image without its collections', () => {
    db.exec(`INSERT INTO collections VALUES ('${ID(4)}', 'a', 1), ('${ID(5)}', 'b', 1);
      INSERT INTO collection_images VALUES ('${ID(4)}', '${ID(3)}', 1), ('${ID(5)}', '${ID(3)}', 1);
      DELETE FROM collections WHERE name = 'a'`);
    expect(get('SELECT count(*) AS n FROM images')).toEqual({ n: 1 });
    expect(get('SELECT collection_id FROM collection_images')).toEqual({ collection_id: ID(5) });
    db.exec('DELETE FROM images');
    expect(get('SELECT count(*) AS n FROM collection_images')).toEqual({ n: 0 });
    expect(get('SELECT name FROM collections')).toEqual({ name: 'b' });
  });

  it('keep an input’s bytes when its image is deleted, and delete a response with its request', () => {
    db.exec(`INSERT INTO input_files VALUES ('${SHA}', 'a.png', 1, 1, 1, 1, 0, NULL, '[]', '${ID(3)}', 1);
      INSERT INTO answers VALUES ('${ID(2)}', '[{}]');
      DELETE FROM images; DELETE FROM jobs`);
    expect(get('SELECT sha256, image_id FROM input_files')).toEqual({ sha256: SHA, image_id: null });
    expect(get('SELECT count(*) AS n FROM answers')).toEqual({ n: 0 });
  });
});

import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase, type Writable } from '../../../../electron/library/db/database.ts';
import { migrate, MIGRATIONS } from '../../../../electron/library/db/migrations/migrate.ts';
import { order } from '../../../../electron/library/db/migrations/0009-order.ts';
import { emptyFolder } from '../../test-library.ts';

const ID = (last: number): string => `01890000-0000-7000-8000-${String(last).padStart(12, '0')}`;
const SHA = 'ab'.repeat(32);
const until = MIGRATIONS.indexOf(order) + 1;

/** A library of version 8 with two images in collections, then migrated. */
async function migrated(): Promise<Writable> {
  const db = openDatabase(join(await emptyFolder(), 'library.db'));
  onTestFinished(() => void db.close());
  migrate(db, MIGRATIONS.slice(0, until - 1));
  db.exec(`
    INSERT INTO jobs (id, state, request, profile_name, base_url, created_at) VALUES ('${ID(1)}', 'done', '{}', 'p', 'u', 1);
    INSERT INTO generations (id, job_id, ordinal, operation, state, model, prompt, n, parameters, created_at)
      VALUES ('${ID(2)}', '${ID(1)}', 0, 'create', 'done', 'm', 'p', 2, '{}', 1);
    INSERT INTO originals VALUES ('${SHA}', 'png', 100);
    INSERT INTO images (timeline, id, job_id, generation_id, position, sha256, width, height, created_at) VALUES
      (1, '${ID(3)}', '${ID(1)}', '${ID(2)}', 0, '${SHA}', 1, 1, 1), (2, '${ID(4)}', '${ID(1)}', '${ID(2)}', 1, '${SHA}', 1, 1, 1);
    INSERT INTO picture_words (rowid, prompt) VALUES (1, 'ship'), (2, 'ship');
    INSERT INTO collections VALUES ('${ID(5)}', 'Ships', 7), ('${ID(6)}', 'Boats', 8);
    INSERT INTO collection_images VALUES ('${ID(5)}', '${ID(4)}', 10), ('${ID(5)}', '${ID(3)}', 11), ('${ID(6)}', '${ID(3)}', 12);`);
  migrate(db, MIGRATIONS.slice(0, until));
  return db;
}

it('keeps collections and their images, in the order they were added', async () => {
  const db = await migrated();
  expect(db.prepare('SELECT id, name, position, created_at FROM collections ORDER BY position').all()).toEqual([
    { id: ID(6), name: 'Boats', position: 1, created_at: 8 },
    { id: ID(5), name: 'Ships', position: 2, created_at: 7 },
  ]);
  const sql = `SELECT c.name, m.timeline, m.position, m.added_at FROM collection_images m JOIN collections c ON c.key = m.collection
    ORDER BY c.name, m.position`;
  expect(db.prepare(sql).raw().all()).toEqual([
    ['Boats', 1, 1, 12],
    ['Ships', 2, 1, 10],
    ['Ships', 1, 2, 11],
  ]);
});

it('keeps the words of images in the trash, and removes those of deleted ones', async () => {
  const db = await migrated();
  const found = (): unknown[] =>
    db.prepare("SELECT rowid FROM picture_words WHERE picture_words MATCH 'ship'").pluck().all();
  db.exec('UPDATE images SET deleted_at = 1 WHERE timeline = 2');
  expect(found()).toEqual([1, 2]);
  db.exec('DELETE FROM images WHERE timeline = 2');
  expect(found()).toEqual([1]);
});

it('logs every change that the image index has to apply, under growing revisions', async () => {
  const db = await migrated();
  const changed = (sql: string): unknown[] => {
    db.exec('DELETE FROM index_log');
    db.exec(sql);
    return db.prepare('SELECT DISTINCT timeline FROM index_log ORDER BY timeline').pluck().all();
  };
  expect(changed('UPDATE images SET rating = 3 WHERE timeline = 1')).toEqual([1]);
  expect(changed(`INSERT INTO tags (key, id, name, folded, created_at) VALUES (1, '${ID(7)}', 'A', 'a', 1)`)).toEqual([
    -1,
  ]);
  expect(changed('INSERT INTO image_tags VALUES (1, 2)')).toEqual([2]);
  expect(changed('DELETE FROM image_tags')).toEqual([2]);
  expect(changed("UPDATE generations SET billing = 'possible'")).toEqual([1, 2]);
  expect(changed(`INSERT INTO inputs VALUES ('${ID(2)}', 0, 'image', '${SHA}', '${ID(4)}')`)).toEqual([1, 2]);
  expect(changed('DELETE FROM collection_images WHERE timeline = 1')).toEqual([1]);
  expect(changed("UPDATE collections SET name = 'B' WHERE name = 'Boats'")).toEqual([-1]);
  expect(changed('UPDATE images SET decode_starts = 1')).toEqual([]);
  const before = db.prepare('SELECT max(revision) FROM index_log').pluck().get() ?? 0;
  expect(changed('DELETE FROM images WHERE timeline = 2')).toEqual([2]);
  expect(db.prepare('SELECT max(revision) FROM index_log').pluck().get()).toBeGreaterThan(Number(before));
});

it('lists each prompt once, with its images, and those used later', async () => {
  const db = await migrated();
  const prompts = (): unknown[] => db.prepare('SELECT text, used_at FROM prompts ORDER BY used').raw().all();
  expect(prompts()).toEqual([['p', 1]]);
  const sql =
    'SELECT i.timeline FROM images i JOIN prompts p ON p.key = i.prompt_key WHERE p.text = ? ORDER BY i.timeline';
  expect(db.prepare(sql).pluck().all('p')).toEqual([1, 2]);
  const use = (last: number, prompt: string): unknown =>
    db.exec(`INSERT INTO generations (id, job_id, ordinal, operation, state, model, prompt, n, parameters, created_at)
      VALUES ('${ID(last)}', '${ID(1)}', ${last}, 'create', 'done', 'm', '${prompt}', 1, '{}', ${last})`);
  use(8, 'q');
  use(9, 'p');
  use(10, '');
  expect(prompts()).toEqual([
    ['q', 8],
    ['p', 9],
  ]);
  db.exec(`INSERT INTO images (timeline, id, job_id, generation_id, position, sha256, width, height, created_at)
    VALUES (3, '${ID(11)}', '${ID(1)}', '${ID(8)}', 0, '${SHA}', 1, 1, 1)`);
  expect(db.prepare(sql).pluck().all('q')).toEqual([3]);
});

import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase, type Writable } from '../../../../electron/library/db/database.ts';
import { imports } from '../../../../electron/library/db/migrations/0010-imports.ts';
import { migrate, MIGRATIONS } from '../../../../electron/library/db/migrations/migrate.ts';
import { emptyFolder } from '../../test-library.ts';

const ID = (last: number): string => `01890000-0000-7000-8000-${String(last).padStart(12, '0')}`;
const SHA = 'ab'.repeat(32);
const until = MIGRATIONS.indexOf(imports) + 1;

/** A library of version 9 with three images, two of which a person has added something to. */
async function earlier(): Promise<Writable> {
  const db = openDatabase(join(await emptyFolder(), 'library.db'));
  onTestFinished(() => void db.close());
  migrate(db, MIGRATIONS.slice(0, until - 1));
  db.exec(`
    INSERT INTO jobs (id, state, request, profile_name, base_url, created_at) VALUES ('${ID(1)}', 'done', '{}', 'p', 'u', 1);
    INSERT INTO generations (id, job_id, ordinal, operation, state, model, prompt, n, parameters, created_at, recorded_at) VALUES
      ('${ID(2)}', '${ID(1)}', 0, 'create', 'done', 'm', 'a ship', 2, '{}', 1, 5),
      ('${ID(3)}', '${ID(1)}', 1, 'create', 'done', 'm', 'a boat', 1, '{}', 1, 5),
      ('${ID(4)}', '${ID(1)}', 2, 'create', 'done', 'm', 'a raft', 1, '{}', 1, 5);
    INSERT INTO originals VALUES ('${SHA}', 'png', 100);
    INSERT INTO images (timeline, id, job_id, generation_id, position, sha256, width, height, created_at, rating, note, cost) VALUES
      (1, '${ID(5)}', '${ID(1)}', '${ID(2)}', 0, '${SHA}', 1, 1, 1, 4, 'good', 12),
      (2, '${ID(6)}', '${ID(1)}', '${ID(3)}', 0, '${SHA}', 1, 1, 1, 0, NULL, 3),
      (3, '${ID(7)}', '${ID(1)}', '${ID(4)}', 0, '${SHA}', 1, 1, 1, 0, NULL, 3);
    INSERT INTO tags (key, id, name, folded, created_at) VALUES (1, '${ID(8)}', 'Sea', 'sea', 1);
    INSERT INTO image_tags VALUES (1, 2);
    INSERT INTO picture_words (rowid, prompt) VALUES (1, 'ship'), (2, 'boat'), (3, 'raft');`);
  return db;
}

const all = (db: Writable, sql: string): unknown[] => db.prepare(sql).all();
const migrated = async (): Promise<Writable> => {
  const db = await earlier();
  migrate(db, MIGRATIONS.slice(0, until));
  return db;
};

it('keeps every image with all its columns, its tags, its words and its counts', async () => {
  const before = await earlier();
  const kept = [
    'SELECT * FROM images ORDER BY timeline',
    'SELECT * FROM image_tags',
    'SELECT * FROM tags',
    'SELECT * FROM counters ORDER BY name',
    "SELECT rowid FROM picture_words WHERE picture_words MATCH 'ship'",
    'SELECT revision, timeline, part FROM index_log',
  ];
  const rows = kept.map((sql) => all(before, sql));
  migrate(before, MIGRATIONS.slice(0, until));
  const [images = [], ...rest] = kept.map((sql) => all(before, sql));
  expect(images).toEqual((rows[0] ?? []).map((row) => ({ ...(row as object), import_id: null, signed: null })));
  expect(rest).toEqual(rows.slice(1));
});

it('keeps every index and trigger', async () => {
  const db = await earlier();
  const names = (): unknown[] =>
    all(
      db,
      "SELECT type, name FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY name",
    );
  const before = names();
  migrate(db, MIGRATIONS.slice(0, until));
  expect(names()).toEqual(expect.arrayContaining(before));
});

it('takes imported images, which count, are found by their prompt, and may be deleted', async () => {
  const db = await migrated();
  const value = (sql: string): unknown => db.prepare(sql).pluck().get();
  db.exec(`
    INSERT INTO imports (id, run, file_name, imported_at, dated, prompt) VALUES ('${ID(20)}', '${ID(21)}', 'a.png', 9, 'file', 'a ship');
    INSERT INTO images (timeline, id, import_id, position, sha256, width, height, created_at)
      VALUES (9, '${ID(22)}', '${ID(20)}', 0, '${SHA}', 1, 1, 9);`);
  expect(value("SELECT value FROM counters WHERE name = 'pictures'")).toBe(4);
  expect(value('SELECT text FROM images JOIN prompts ON key = prompt_key WHERE timeline = 9')).toBe('a ship');
  expect(value('SELECT count(*) FROM index_log WHERE timeline = 9')).toBe(1);
  db.exec('UPDATE images SET deleted_at = 5 WHERE timeline = 9; DELETE FROM images WHERE timeline = 9');
  expect(value('SELECT count(*) FROM deleted_images')).toBe(0);
  expect(value("SELECT value FROM counters WHERE name = 'pictures'")).toBe(3);
  // What was spent on requested ones stays known.
  db.exec('DELETE FROM images WHERE timeline = 1');
  expect(all(db, 'SELECT generation_id, images FROM deleted_images')).toEqual([{ generation_id: ID(2), images: 1 }]);
});

it('an image comes from a request or from an import, never from both or from neither', async () => {
  const db = await migrated();
  db.exec(
    `INSERT INTO imports (id, run, file_name, imported_at, dated) VALUES ('${ID(20)}', '${ID(21)}', 'a.png', 9, 'file')`,
  );
  const insert = (job: string, generation: string, imported: string): void =>
    void db.exec(`INSERT INTO images (timeline, id, job_id, generation_id, import_id, position, sha256, width, height, created_at)
      VALUES (30, '${ID(30)}', ${job}, ${generation}, ${imported}, 7, '${SHA}', 1, 1, 9)`);
  expect(() => insert('NULL', 'NULL', 'NULL')).toThrow(/CHECK/u);
  expect(() => insert(`'${ID(1)}'`, `'${ID(2)}'`, `'${ID(20)}'`)).toThrow(/CHECK/u);
  expect(() => insert('NULL', `'${ID(2)}'`, 'NULL')).toThrow(/CHECK/u);
  expect(() => insert('NULL', 'NULL', `'${ID(20)}'`)).not.toThrow();
});

it('has the sidecars of images that a person added something to written again, and no others', async () => {
  const db = await migrated();
  expect(all(db, 'SELECT prompt, recorded_at FROM generations ORDER BY id')).toEqual([
    { prompt: 'a ship', recorded_at: null },
    { prompt: 'a boat', recorded_at: null },
    { prompt: 'a raft', recorded_at: 5 },
  ]);
});

it('whether a file is signed is logged for the image index', async () => {
  const db = await migrated();
  db.exec('DELETE FROM index_log; UPDATE images SET signed = 1 WHERE timeline = 3');
  expect(all(db, 'SELECT timeline, part FROM index_log')).toEqual([{ timeline: 3, part: 0 }]);
});

import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase, type Writable } from '../../../../electron/library/db/database.ts';
import { migrate } from '../../../../electron/library/db/migrations/migrate.ts';
import { initial } from '../../../../electron/library/db/migrations/0001-initial.ts';
import { emptyFolder } from '../../test-library.ts';

const ID = (last: number): string => `01890000-0000-7000-8000-${String(last).padStart(12, '0')}`;
const SHA = 'ab'.repeat(32);
let db: Writable;

beforeEach(async () => {
  db = openDatabase(join(await emptyFolder(), 'library.db'));
  migrate(db, [initial]);
  db.exec(`
    INSERT INTO jobs (id, state, request, profile_name, base_url, created_at) VALUES ('${ID(1)}', 'waiting', '{}', 'p', 'u', 1);
    INSERT INTO generations (id, job_id, ordinal, operation, state, model, prompt, n, parameters, created_at)
      VALUES ('${ID(2)}', '${ID(1)}', 0, 'create', 'intent', 'm', 'p', 1, '{}', 1);
    INSERT INTO originals VALUES ('${SHA}', 'png', 100);`);
  onTestFinished(() => void db.close());
});

const image = (timeline: number, fields: Record<string, string | number | null> = {}): void => {
  const row = {
    timeline,
    id: ID(100 + timeline),
    job_id: ID(1),
    generation_id: ID(2),
    position: timeline,
    sha256: SHA,
    width: 1,
    height: 1,
    created_at: 1,
    ...fields,
  };
  const names = Object.keys(row);
  db.prepare(`INSERT INTO images (${names.join()}) VALUES (${names.map((name) => `@${name}`).join()})`).run(row);
};
const counter = (name: string): unknown => db.prepare('SELECT value FROM counters WHERE name = ?').pluck().get(name);

describe('the first schema', () => {
  it('creates strict tables only', () => {
    const loose = db.prepare(
      "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND schema = 'main' AND name NOT LIKE 'sqlite_%'",
    );
    expect(loose.pluck().all()).toEqual([]);
  });

  it.each([
    ['a state that there is not', "UPDATE jobs SET state = 'resting'"],
    ['a request that is no JSON', "UPDATE jobs SET request = '{'"],
    ['a request that is no object', "UPDATE jobs SET request = '[]'"],
    ['text for a time', "UPDATE jobs SET created_at = 'noon'"],
    ['an id of another form', "UPDATE jobs SET id = '7'"],
    ['a request of no job', `UPDATE generations SET job_id = '${ID(77)}'`],
    ['no pictures', 'UPDATE generations SET n = 0'],
    ['a billing that there is not', "UPDATE generations SET billing = 'maybe'"],
    ['an error that is no object', `UPDATE generations SET error = '"text"'`],
    ['a hash in capitals', `INSERT INTO originals VALUES ('${'AB'.repeat(32)}', 'png', 1)`],
    ['a format that there is not', `INSERT INTO originals VALUES ('${'cd'.repeat(32)}', 'tiff', 1)`],
    ['a partial without a file', `INSERT INTO partials VALUES ('${ID(2)}', 0, '${'cd'.repeat(32)}', 1)`],
    ['an input in a role that there is not', `INSERT INTO inputs VALUES ('${ID(2)}', 0, 'muse', '${SHA}', NULL)`],
  ])('rejects %s', (_, sql) => {
    expect(() => db.exec(sql)).toThrow(/constraint|malformed|cannot store/u);
  });

  it('rejects two images at one position of a response, and an image without a file', () => {
    image(1);
    expect(() => image(2, { position: 1 })).toThrow(/UNIQUE/u);
    expect(() => image(3, { sha256: 'cd'.repeat(32) })).toThrow(/FOREIGN KEY/u);
  });

  it('counts pictures and bytes', () => {
    image(1);
    image(2);
    expect([counter('pictures'), counter('bytes')]).toEqual([2, 100]);
    db.exec('UPDATE images SET deleted_at = 5 WHERE timeline = 1');
    db.exec('UPDATE images SET deleted_at = 6 WHERE timeline = 1');
    expect(counter('pictures')).toBe(1);
    db.exec('DELETE FROM images WHERE timeline = 1');
    expect(counter('pictures')).toBe(1);
    db.exec('UPDATE images SET deleted_at = NULL; DELETE FROM images; DELETE FROM originals');
    expect([counter('pictures'), counter('bytes')]).toEqual([0, 0]);
  });

  it('removes a deleted image’s search tokens', () => {
    for (const timeline of [1, 2, 3]) {
      image(timeline);
      db.prepare('INSERT INTO picture_words (rowid, prompt) VALUES (?, ?)').run(timeline, 'a tall ship');
    }
    db.exec('DELETE FROM images WHERE timeline = 1; UPDATE images SET deleted_at = 1 WHERE timeline = 2');
    expect(db.prepare("SELECT rowid FROM picture_words WHERE picture_words MATCH 'ship'").pluck().all()).toEqual([3]);
  });

  it('keeps an input’s bytes when its image is deleted', () => {
    image(1);
    db.exec(`INSERT INTO inputs VALUES ('${ID(2)}', 0, 'image', '${SHA}', '${ID(101)}'); DELETE FROM images`);
    expect(db.prepare('SELECT sha256, image_id FROM inputs').get()).toEqual({ sha256: SHA, image_id: null });
    expect(() => db.exec('DELETE FROM originals')).toThrow(/FOREIGN KEY/u);
  });
});

import Database from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openDatabase, type Writable } from '../../../electron/library/db/database.ts';
import { inspectDatabase, MIGRATIONS, migrate } from '../../../electron/library/db/migrations/migrate.ts';
import type { Migration } from '../../../electron/library/db/migrations/migration.ts';
import { emptyFolder } from '../test-library.ts';

async function freshDatabase(): Promise<Writable> {
  const db = openDatabase(join(await emptyFolder(), 'library.db'));
  onTestFinished(() => void db.close());
  return db;
}
const version = (db: Database.Database): unknown => db.pragma('user_version', { simple: true });

describe('migrations', () => {
  it('are numbered without gaps', () => {
    expect(MIGRATIONS.map((migration) => migration.version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  it('run once, in order', async () => {
    const db = await freshDatabase();
    const ran: number[] = [];
    const step = (at: number, sql: string): Migration => ({
      version: at,
      up(target) {
        ran.push(at);
        target.exec(sql);
      },
    });
    const first = step(1, 'CREATE TABLE a (x)');
    migrate(db, [first]);
    migrate(db, [first, step(2, 'ALTER TABLE a ADD COLUMN y')]);
    migrate(db, [first, step(2, '')]);
    expect(ran).toEqual([1, 2]);
    expect(version(db)).toBe(2);
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
  });

  it('roll back a failed step and keep the earlier ones', async () => {
    const db = await freshDatabase();
    const good: Migration = { version: 1, up: (target) => void target.exec('CREATE TABLE a (x)') };
    const bad: Migration = { version: 2, up: (target) => void target.exec('CREATE TABLE b (x); CREATE TABLE a (x)') };
    expect(() => migrate(db, [good, bad])).toThrow(/already exists/u);
    expect(version(db)).toBe(1);
    expect(db.prepare("SELECT group_concat(name) FROM sqlite_schema WHERE type = 'table'").pluck().get()).toBe('a');
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
  });

  it('that break a reference are rolled back', async () => {
    const db = await freshDatabase();
    const tables = 'CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p (id));';
    const broken: Migration = { version: 1, up: (target) => void target.exec(`${tables} INSERT INTO c VALUES (9)`) };
    expect(() => migrate(db, [broken])).toThrow(/broken reference/u);
    expect(version(db)).toBe(0);
  });
});

describe('a database that another process', () => {
  it('is creating is inspected as it was at one moment', async () => {
    const creating = await freshDatabase();
    // Its log isn't empty any more, so that it is read through SQLite.
    for (const value of [1, 0]) creating.pragma(`user_version = ${value}`);
    const { pragma } = Database.prototype;
    const reads: string[] = [];
    vi.spyOn(Database.prototype, 'pragma').mockImplementation(function (this: Database.Database, source, options) {
      const value: unknown = pragma.call(this, source, options);
      if (this !== creating && source === 'application_id') {
        reads.push(source);
        migrate(creating);
      }
      return value;
    });
    onTestFinished(() => void vi.restoreAllMocks());
    expect(() => inspectDatabase(creating.name)).not.toThrow();
    expect(reads).toHaveLength(1);
    expect(version(creating)).toBe(MIGRATIONS.length);
  });
});

import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../../electron/library/db/database.ts';
import { MIGRATIONS, migrate } from '../../../../electron/library/db/migrations/migrate.ts';
import { emptyFolder } from '../../test-library.ts';

it('a library of version 5 keeps its files and counts, and takes any format', async () => {
  const db = openDatabase(join(await emptyFolder(), 'library.db'));
  onTestFinished(() => void db.close());
  migrate(db, MIGRATIONS.slice(0, 5));
  const [one, two] = ['1'.repeat(64), '2'.repeat(64)];
  db.exec(`INSERT INTO originals VALUES ('${one}', 'png', 500);
    INSERT INTO landings (file, sha256, bytes, format, target) VALUES ('a', '${two}', 7, 'gif', '{}');`);
  migrate(db, MIGRATIONS.slice(0, 6));
  const bytes = (): unknown => db.prepare("SELECT value FROM counters WHERE name = 'bytes'").pluck().get();
  expect(db.prepare('SELECT * FROM originals').all()).toEqual([{ sha256: one, format: 'png', bytes: 500 }]);
  expect(db.prepare('SELECT file, format FROM landings').all()).toEqual([{ file: 'a', format: 'gif' }]);
  expect(bytes()).toBe(500);
  db.exec(`INSERT INTO originals VALUES ('${two}', 'avif', 20)`);
  expect(bytes()).toBe(520);
  db.exec(`DELETE FROM originals WHERE sha256 = '${one}'`);
  expect(bytes()).toBe(20);
  expect(() => db.exec(`INSERT INTO originals VALUES ('${one}', '../x', 1)`)).toThrow(/CHECK/u);
  expect(db.pragma('foreign_key_check')).toEqual([]);
});

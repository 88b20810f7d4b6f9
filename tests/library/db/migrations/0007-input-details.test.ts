import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../../electron/library/db/database.ts';
import { inputDetails } from '../../../../electron/library/db/migrations/0007-input-details.ts';
import { migrate, MIGRATIONS } from '../../../../electron/library/db/migrations/migrate.ts';
import { emptyFolder } from '../../test-library.ts';

it('a library of version 6 keeps its inputs, to be inspected again', async () => {
  const db = openDatabase(join(await emptyFolder(), 'library.db'));
  onTestFinished(() => void db.close());
  const before = MIGRATIONS.slice(0, MIGRATIONS.indexOf(inputDetails));
  migrate(db, before);
  const hash = 'a'.repeat(64);
  db.exec(`INSERT INTO originals (sha256, format, bytes) VALUES ('${hash}', 'png', 9);
    INSERT INTO input_files VALUES ('${hash}', 'Bottle.png', 3, 2, 1, 1, 0, NULL, '["Cropped."]', NULL, 7);`);
  migrate(db, [...before, inputDetails]);
  expect(db.prepare('SELECT name, deeds, details FROM input_files').all()).toEqual([
    { name: 'Bottle.png', deeds: '["Cropped."]', details: null },
  ]);
  expect(() => db.exec("UPDATE input_files SET details = '{'")).toThrow(/CHECK/u);
});

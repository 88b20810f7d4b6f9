import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLibrary } from '../../electron/library/library.ts';
import { isReadOnly, openReadOnly } from '../../electron/library/open-read-only.ts';
import { copyAsKilled } from './library-copy.ts';
import { furnished } from './rebuild/furnished-library.ts';
import { rowsOf } from './rebuild/library-rows.ts';
import { sharedDecoding } from './shared-decoding.ts';
import { emptyFolder, reportOf, savedImage, sha256 } from './test-library.ts';

/** Every file of a folder: its bytes and when they were changed. */
function contentsOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names.map((name) => {
      const stat = statSync(join(folder, name));
      return [name, `${stat.mtimeMs} ${stat.isFile() ? sha256(readFileSync(join(folder, name))) : 'folder'}`];
    }),
  );
}

it('has what the library has, with what is only in its log, and changes nothing in its folder', async () => {
  const { folder } = await furnished();
  const library = await openLibrary(folder, sharedDecoding);
  await savedImage(library);
  const killed = copyAsKilled(folder, join(await emptyFolder(), 'killed'));
  const rows = rowsOf(library);
  library.close();
  expect(readdirSync(killed)).toContain('library.db-wal');
  const before = contentsOf(killed);
  const preferences = await emptyFolder();
  const opened = await openReadOnly(killed, preferences, sharedDecoding);
  expect(rowsOf(opened)).toEqual(rows);
  expect(opened.readOnlyFolder).toBe(killed);
  opened.db.prepare('UPDATE images SET rating = 5').run();
  expect(readdirSync(join(preferences, 'read-only'))).toHaveLength(1);
  opened.close();
  expect(readdirSync(join(preferences, 'read-only'))).toEqual([]);
  expect(contentsOf(killed)).toEqual(before);
});

it('refuses a database that is older than its files, by the name of the library’s folder', async () => {
  const { folder } = await furnished();
  const library = await openLibrary(folder, sharedDecoding);
  library.db.pragma('foreign_keys = OFF');
  library.db.exec('DELETE FROM imports');
  library.close();
  const preferences = await emptyFolder();
  const { code, message } = await reportOf(() => openReadOnly(folder, preferences, sharedDecoding));
  expect(code).toBe('library-incomplete');
  expect(message).toContain(folder);
  expect(message).not.toContain(preferences);
  expect(readdirSync(join(preferences, 'read-only'))).toEqual([]);
});

it('a folder that can be written isn’t read-only, and stays as it is', async () => {
  const { folder } = await furnished();
  const before = readdirSync(folder);
  expect(await isReadOnly(folder)).toBe(false);
  expect(readdirSync(folder)).toEqual(before);
  expect(await isReadOnly(join(folder, 'originals'))).toBe(false);
});

import Database from 'better-sqlite3';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLibrary } from '../../electron/library/library.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from '../../electron/library/db/migrations/migrate.ts';
import { readNewestImages } from '../../electron/library/images/newest-images.ts';
import { emptyFolder, reportOf, savedImage, testLibrary } from './test-library.ts';

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('opening a library', () => {
  it('creates the folders and a database with durable pragmas', async () => {
    const { folder, db } = await testLibrary();
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining([
        'incoming',
        'library.db',
        'library.lock',
        'originals',
        'quarantine',
        'records',
        'thumbnails',
      ]),
    );
    const pragma = (name: string): unknown => db.pragma(name, { simple: true });
    expect(pragma('journal_mode')).toBe('wal');
    expect(pragma('synchronous')).toBe(2);
    expect(pragma('fullfsync')).toBe(1);
    expect(pragma('trusted_schema')).toBe(0);
    expect(pragma('cell_size_check')).toBe(1);
    expect(pragma('foreign_keys')).toBe(1);
    expect(pragma('locking_mode')).toBe('normal');
    expect(pragma('application_id')).toBe(APPLICATION_ID);
    expect(pragma('user_version')).toBe(SCHEMA_VERSION);
  });

  it('finds everything again after closing', async () => {
    const first = await testLibrary();
    const image = await savedImage(first, { prompt: 'an owl of glass' });
    first.close();
    const second = await testLibrary(first.folder);
    expect(readNewestImages(second.db, { limit: 10 }).images).toEqual([image]);
  });

  it('rejects a newer library and leaves every byte unchanged', async () => {
    const { folder, close } = await testLibrary();
    close();
    const path = join(folder, 'library.db');
    const db = new Database(path);
    db.pragma(`user_version = ${SCHEMA_VERSION + 3}`);
    db.close();
    const before = { hash: hashOf(path), names: readdirSync(folder).sort() };

    const refused = await reportOf(() => openLibrary(folder));
    expect(refused.code).toBe('library-newer');
    expect(refused.message).toContain(`format ${SCHEMA_VERSION + 3}`);
    expect(refused.message).toContain(`supports ${SCHEMA_VERSION}`);
    expect(refused.message).toContain('Update Emulsion');
    expect({ hash: hashOf(path), names: readdirSync(folder).sort() }).toEqual(before);
  });

  it('detects a newer version that is only in the write-ahead log after a crash', async () => {
    const { folder, close } = await testLibrary();
    close();
    const path = join(folder, 'library.db');
    // A process that exits without closing leaves its last commits in the write-ahead log.
    execFileSync(process.execPath, [
      '--input-type=module',
      '-e',
      `import D from ${JSON.stringify(import.meta.resolve('better-sqlite3'))};
       const db = new D(${JSON.stringify(path)}); db.pragma('journal_mode = WAL'); db.pragma('user_version = 77');
       process.reallyExit(0);`,
    ]);
    expect(existsSync(`${path}-wal`)).toBe(true);
    const before = hashOf(path);
    expect((await reportOf(() => openLibrary(folder))).code).toBe('library-newer');
    expect(hashOf(path)).toBe(before);
  });

  it.each([
    [
      'a database of another program',
      (path: string) => void new Database(path).exec('CREATE TABLE notes (text)').close(),
    ],
    [
      'a database with another id',
      (path: string) => {
        const db = new Database(path);
        db.pragma('application_id = 7');
        db.exec('CREATE TABLE t (x)').close();
      },
    ],
    [
      'a text file',
      (path: string) => {
        writeFileSync(path, 'Dear diary. '.repeat(50));
      },
    ],
    [
      'a cut file',
      (path: string) => {
        writeFileSync(path, 'SQLite format 3\0');
      },
    ],
  ])('rejects %s and leaves it alone', async (_, make) => {
    const folder = await emptyFolder();
    const path = join(folder, 'library.db');
    make(path);
    const before = hashOf(path);
    const refused = await reportOf(() => openLibrary(folder));
    expect(refused.code).toBe('library-damaged');
    expect(refused.message).toContain(path);
    expect(hashOf(path)).toBe(before);
    expect(readdirSync(folder)).toEqual(['library.db']);
  });

  it('reports a database whose middle was overwritten', async () => {
    const library = await testLibrary();
    await savedImage(library);
    library.close();
    const path = join(library.folder, 'library.db');
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 0x5a)]));
    const refused = await reportOf(async () => {
      const opened = await openLibrary(library.folder);
      try {
        readNewestImages(opened.db, { limit: 10 });
      } finally {
        opened.close();
      }
    });
    expect(refused.code).toBe('library-damaged');
    expect(refused.message).toContain('originals');
  });

  it('names the folder if it isn’t writable', async () => {
    const parent = await emptyFolder();
    writeFileSync(join(parent, 'taken'), 'a file where a folder should be');
    const folder = join(parent, 'taken', 'library');
    const refused = await reportOf(() => openLibrary(folder));
    expect(refused.code).toBe('disk-unwritable');
    expect(refused.message).toContain(folder);
  });

  it.each([
    ['a file where the library should be', 'taken', 'taken'],
    ['a file on the way to it', join('taken', 'a', 'library'), 'taken'],
  ])('names %s', async (_, folderName, file) => {
    const parent = await emptyFolder();
    writeFileSync(join(parent, 'taken'), '');
    const refused = await reportOf(() => openLibrary(join(parent, folderName)));
    expect(refused.code).toBe('disk-unwritable');
    expect(refused.message).toContain(`${join(parent, file)} is a file, not a folder.`);
    expect(readdirSync(parent)).toEqual(['taken']);
  });

  it.each(['records', 'incoming', 'originals'])('names a file in the place of the folder %s', async (name) => {
    const folder = await emptyFolder();
    writeFileSync(join(folder, name), '');
    const refused = await reportOf(() => openLibrary(folder));
    expect(refused.message).toContain(`${join(folder, name)} is a file, not a folder. Nothing was changed.`);
    expect(readdirSync(folder)).toEqual([name]);
  });

  it('reports a database path that is a folder', async () => {
    const folder = await emptyFolder();
    await mkdir(join(folder, 'library.db'));
    const refused = await reportOf(() => openLibrary(folder));
    expect(refused.code).toBe('library-damaged');
    expect(refused.message).toContain(`${join(folder, 'library.db')} is a folder, not an Emulsion database`);
    expect(readdirSync(folder)).toEqual(['library.db']);
  });

  it.runIf(existsSync('/proc/self'))('gives up at once where the system says that folders are missing', async () => {
    const refused = await reportOf(() => openLibrary('/proc/nope/library'));
    expect(refused.code).toBe('disk-unwritable');
    expect(refused.message).toContain('/proc/nope/library');
  });

  it('names the folder if a file is in the place of one of its folders', async () => {
    const folder = await emptyFolder();
    writeFileSync(join(folder, 'originals'), '');
    expect((await reportOf(() => openLibrary(folder))).code).toBe('disk-unwritable');
    // The lock was released.
    expect((await reportOf(() => openLibrary(folder))).code).toBe('disk-unwritable');
  });

  it('quarantines files in the incoming folder and deletes derived ones', async () => {
    const folder = await emptyFolder();
    await mkdir(join(folder, 'incoming'));
    writeFileSync(join(folder, 'incoming', 'half.part'), 'half of an image');
    writeFileSync(join(folder, 'incoming', 'derived-x'), 'half of a thumbnail');
    writeFileSync(join(folder, 'incoming', 'empty.part'), '');
    const { recovery } = await testLibrary(folder);
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
    const [kept = '', ...others] = readdirSync(join(folder, 'quarantine'));
    expect(others).toEqual([]);
    expect(kept).toMatch(/half\.part$/u);
    expect(recovery.quarantined).toEqual([kept]);
    expect(readFileSync(join(folder, 'quarantine', kept), 'utf8')).toBe('half of an image');
  });
});

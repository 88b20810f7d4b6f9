import Database from 'better-sqlite3';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openLibrary } from '../../../electron/library/library.ts';
import { emptyFolder, reportOf, testLibrary } from '../test-library.ts';

const OPENER = join(import.meta.dirname, 'hold-lock.ts');

/** A process that opens the library, prints the outcome, and holds it until it is killed. */
async function opener(folder: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', OPENER, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, said };
}

/** Records `trusted_schema` of each statement's connection while the statements run for real. */
function watchTrust(): Set<unknown> {
  const seen = new Set<unknown>();
  const inspection = (db: Database.Database): void => void seen.add(db.pragma('trusted_schema', { simple: true }));
  const { exec, prepare } = Database.prototype;
  vi.spyOn(Database.prototype, 'exec').mockImplementation(function (this: Database.Database, sql) {
    inspection(this);
    return exec.call(this, sql);
  });
  vi.spyOn(Database.prototype, 'prepare').mockImplementation(function (this: Database.Database, sql) {
    inspection(this);
    return prepare.call(this, sql);
  });
  onTestFinished(() => void vi.restoreAllMocks());
  return seen;
}

describe('an untrusted file', () => {
  it('is trusted by no statement: the lock, the library, or one that is only inspected', async () => {
    const folder = await emptyFolder();
    const { child } = await opener(folder);
    // Killed, so the next one has to inspect the database through SQLite.
    child.kill('SIGKILL');
    await once(child, 'exit');
    const seen = watchTrust();
    await testLibrary(folder);
    expect(seen).toEqual(new Set([0]));
  });
});

describe('the lock', () => {
  it('lets exactly one of many processes in', async () => {
    const folder = join(await emptyFolder(), 'library');
    const said = (await Promise.all(Array.from({ length: 5 }, () => opener(folder)))).map((each) => each.said);
    expect(said.filter((line) => line === 'opened')).toHaveLength(1);
    expect(said.filter((line) => line === 'library-locked')).toHaveLength(4);
  });

  it('names the process that holds the library', async () => {
    const folder = await emptyFolder();
    const { child, said } = await opener(folder);
    expect(said).toBe('opened');
    const refused = await reportOf(() => openLibrary(folder));
    expect(refused.code).toBe('library-locked');
    expect(refused.message).toContain(`process ${child.pid}`);
    expect(refused.message).toContain('Use it there, or choose another folder.');
  });

  it('is free after its process was killed', async () => {
    const folder = await emptyFolder();
    const { child } = await opener(folder);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await testLibrary(folder);
  });

  it('is released on close', async () => {
    const library = await testLibrary();
    expect((await reportOf(() => openLibrary(library.folder))).code).toBe('library-locked');
    library.close();
    library.close();
    const again = await testLibrary(library.folder);
    again.close();
  });

  it('of another computer is respected until it closes the library', async () => {
    const library = await testLibrary();
    const path = join(library.folder, 'library.lock');
    library.close();
    const lock = new Database(path);
    lock.exec("UPDATE owner SET host = 'the-other-desk', released_at = NULL");
    lock.close();
    const refused = await reportOf(() => openLibrary(library.folder));
    expect(refused.code).toBe('library-locked');
    expect(refused.message).toContain('the-other-desk');
    expect(refused.message).toContain(path);

    const released = new Database(path);
    released.exec('UPDATE owner SET released_at = 1');
    released.close();
    await testLibrary(library.folder);
    expect(hostname()).not.toBe('the-other-desk');
  });
});

describe('a lock that can’t be taken', () => {
  /** The error of opening if SQLite fails to begin the lock's transaction with this code. */
  async function errorOf(code: string): ReturnType<typeof reportOf> {
    const folder = await emptyFolder();
    const { exec } = Database.prototype;
    vi.spyOn(Database.prototype, 'exec').mockImplementation(function (this: Database.Database, sql) {
      if (sql === 'BEGIN IMMEDIATE' && this.name.endsWith('library.lock'))
        throw new Database.SqliteError('refused', code);
      return exec.call(this, sql);
    });
    onTestFinished(() => void vi.restoreAllMocks());
    return reportOf(() => openLibrary(folder));
  }

  it.each([
    ['another process holds it', 'SQLITE_BUSY', 'library-locked', 'Another process holds'],
    ['the folder isn’t writable', 'SQLITE_CANTOPEN', 'disk-unwritable', 'can’t write to the library folder'],
    ['the file is read-only', 'SQLITE_READONLY', 'disk-unwritable', 'can’t write to the library folder'],
    ['the disk is full', 'SQLITE_FULL', 'disk-full', 'disk'],
    ['the lock file is damaged', 'SQLITE_CORRUPT', 'library-damaged', 'The lock file'],
    ['there are no file locks', 'SQLITE_IOERR_LOCK', 'disk-unwritable', 'doesn’t support file locks'],
    ['the reason is unknown', 'SQLITE_NOMEM', 'internal', 'couldn’t be locked (SQLITE_NOMEM)'],
  ])('says that %s', async (_cause, code, expected, sentence) => {
    const refused = await errorOf(code);
    expect([refused.code, refused.billing]).toEqual([expected, 'none']);
    expect(refused.message).toContain(sentence);
    expect(refused.message).toMatch(/Nothing was changed\.|weren’t touched\./u);
  });

  it.each([
    ['a text', 'not a database'],
    ['an empty header', 'SQLite format 3\0'.padEnd(4096, '\0')],
  ])('says that the lock file is damaged where it is %s, and leaves the database alone', async (_what, content) => {
    const library = await testLibrary();
    library.close();
    const before = readFileSync(join(library.folder, 'library.db'));
    writeFileSync(join(library.folder, 'library.lock'), content);
    const refused = await reportOf(() => openLibrary(library.folder));
    expect(refused.code).toBe('library-damaged');
    expect(refused.message).toContain(join(library.folder, 'library.lock'));
    expect(refused.message).toContain('The lock file');
    expect(readFileSync(join(library.folder, 'library.db'))).toEqual(before);
  });

  it('says that a table of another program is in the way', async () => {
    const library = await testLibrary();
    library.close();
    rmSync(join(library.folder, 'library.lock'));
    const other = new Database(join(library.folder, 'library.lock'));
    other.exec('CREATE TABLE owner (name TEXT)');
    other.close();
    expect((await reportOf(() => openLibrary(library.folder))).code).toBe('library-damaged');
  });
});

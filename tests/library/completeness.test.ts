import Database from 'better-sqlite3';
import {
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { GenerationId } from '../../electron/contract/entities/ids.ts';
import { APPLICATION_ID } from '../../electron/library/db/migrations/migrate.ts';
import { requireDatabase } from '../../electron/library/completeness.ts';
import { originalPath, sidecarPath } from '../../electron/library/files/folders.ts';
import { readImage } from '../../electron/library/image-record.ts';
import { finishGeneration, markSent } from '../../electron/library/jobs/generations.ts';
import { interruptUnfinishedJobs } from '../../electron/library/jobs/interruption.ts';
import { openLibrary, readLibraryTotals, type Library } from '../../electron/library/library.ts';
import { moveToOriginals } from '../../electron/library/files/originals.ts';
import { writeSidecar } from '../../electron/library/sidecars/write-sidecar.ts';
import {
  emptyFolder,
  intentFor,
  receiveFile,
  recordRequest,
  reportOf,
  savedImage,
  smallPng,
  testLibrary,
} from './test-library.ts';

const AT = Date.UTC(2026, 10, 30, 12);
let folder: string;
let database: string;

beforeEach(async () => {
  folder = join(await emptyFolder(), 'library');
  database = join(folder, 'library.db');
});

/** An ended request with an image and a sidecar. */
async function addImage(library: Library): Promise<GenerationId> {
  const { generationId } = await savedImage(library, { at: AT });
  finishGeneration(library.db, generationId, { state: 'done', at: AT, answer: null, billing: 'billed', error: null });
  await writeSidecar(library, generationId);
  return generationId;
}

async function filledLibrary(images = 2): Promise<void> {
  const library = await openLibrary(folder);
  for (let image = 0; image < images; image += 1) await addImage(library);
  library.close();
}

/** Every file with its content, except the lock. */
function contents(): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name !== 'library.lock');
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return new Map(files.map((name) => [name, readFileSync(join(folder, name), 'latin1')]));
}

const refusal = (): Promise<{ code: string; message: string }> => reportOf(() => openLibrary(folder));

describe('a library whose database is', () => {
  it.each<[string, () => void, RegExp]>([
    [
      'deleted',
      () => rmSync(database),
      /has 2 image files and 2 records, but its database, library\.db, is missing\./u,
    ],
    ['emptied', () => truncateSync(database, 0), /but its database, library\.db, is empty\./u],
    [
      'replaced by that of a new library',
      () => {
        rmSync(database);
        new Database(database).exec(`PRAGMA application_id = ${APPLICATION_ID}; CREATE TABLE other (id)`).close();
      },
      /doesn’t know 2 records: it is an older copy/u,
    ],
  ])('%s is not opened, and nothing is changed', async (_, spoil, said) => {
    await filledLibrary();
    writeFileSync(join(folder, 'incoming', 'derived-x'), 'not to be cleared');
    spoil();
    const before = contents();
    const { code, message } = await refusal();
    expect(code).toBe('library-incomplete');
    expect(message).toMatch(said);
    expect(message).toContain('Nothing was changed.');
    expect(message).not.toMatch(/billed/iu);
    expect(contents()).toEqual(before);
  });

  it('an older copy is not opened; the newest one is', async () => {
    await filledLibrary(1);
    const [older, newest] = [`${database}.older`, `${database}.newest`];
    copyFileSync(database, older);
    await filledLibrary(1);
    copyFileSync(database, newest);
    copyFileSync(older, database);
    const before = contents();
    expect((await refusal()).message).toMatch(/has 2 image files and 2 records, .* doesn’t know 1 record:/u);
    expect(contents()).toEqual(before);
    copyFileSync(newest, database);
    expect(readLibraryTotals((await testLibrary(folder)).db).images).toBe(2);
  });

  it('without its log is not opened: what it held is on the disk', async () => {
    const library = await testLibrary(folder);
    await addImage(library);
    const copy = join(await emptyFolder(), 'library');
    // As after a kill, but without library.db-wal.
    cpSync(folder, copy, { recursive: true });
    rmSync(join(copy, 'library.db-wal'));
    rmSync(join(copy, 'library.lock'));
    expect((await reportOf(() => openLibrary(copy))).code).toBe('library-incomplete');
  });

  it('knowing none of its images is not opened, even without a sidecar', async () => {
    const library = await openLibrary(folder);
    for (let image = 0; image < 3; image += 1) await savedImage(library);
    library.close();
    const other = await emptyFolder();
    (await openLibrary(join(other, 'library'))).close();
    copyFileSync(join(other, 'library', 'library.db'), database);
    expect((await refusal()).message).toMatch(/has 3 image files and 0 records, .* doesn’t know 3 image files:/u);
  });

  it('missing beside its log is not opened, even without an image', async () => {
    (await openLibrary(folder)).close();
    rmSync(database);
    writeFileSync(`${database}-wal`, 'rows');
    expect((await refusal()).code).toBe('library-incomplete');
    expect(existsSync(database)).toBe(false);
  });
});

describe('a library is opened without a question', () => {
  it('when it is new, or empty', async () => {
    (await openLibrary(folder)).close();
    rmSync(database);
    (await openLibrary(folder)).close();
  });

  it('when another process creates it at this moment', async () => {
    const library = await openLibrary(folder);
    await addImage(library);
    library.close();
    const elsewhere = `${database}.elsewhere`;
    renameSync(database, elsewhere);
    const { stat } = fs;
    vi.spyOn(fs, 'stat').mockImplementationOnce(async (path) => {
      const found = stat(path);
      await found.catch(() => renameSync(elsewhere, database));
      return found;
    });
    onTestFinished(() => void vi.restoreAllMocks());
    await requireDatabase(folder);
    expect(existsSync(elsewhere)).toBe(false);
  });

  it('after a crash left files that no row names', async () => {
    const library = await openLibrary(folder);
    await addImage(library);
    const stray = await receiveFile(library, await smallPng());
    await moveToOriginals(stray, originalPath(folder, stray.sha256, 'png'));
    recordRequest(library, intentFor('never sent'));
    library.close();
    (await openLibrary(folder)).close();
  });
});

describe('opened anyway', () => {
  it('a library without its database keeps every file, and isn’t asked about again', async () => {
    await filledLibrary();
    rmSync(database);
    writeFileSync(`${database}-wal`, 'rows that may be worth something');
    const before = contents();
    const library = await openLibrary(folder, undefined, [], true);
    expect(readLibraryTotals(library.db).images).toBe(0);
    library.close();
    const after = contents();
    for (const [name, content] of before) if (!name.startsWith('library.db')) expect(after.get(name)).toBe(content);
    expect([...after].some(([name, content]) => name.startsWith('quarantine') && content.startsWith('rows'))).toBe(
      true,
    );

    const again = await testLibrary(folder);
    await addImage(again);
    again.close();
    rmSync(database);
    expect((await refusal()).code).toBe('library-incomplete');
  });

  it('an older database never overwrites a sidecar that knows more', async () => {
    const library = await openLibrary(folder);
    const id = recordRequest(library, intentFor('sent', { createdAt: AT }));
    markSent(library.db, id, AT);
    library.close();
    copyFileSync(database, `${database}.older`);
    const later = await openLibrary(folder);
    finishGeneration(later.db, id, { state: 'done', at: AT, answer: null, billing: 'billed', error: null });
    await writeSidecar(later, id);
    await addImage(later);
    later.close();
    const path = sidecarPath(folder, id, AT);
    const newest = readFileSync(path, 'utf8');
    copyFileSync(`${database}.older`, database);
    expect((await refusal()).code).toBe('library-incomplete');

    const opened = await openLibrary(folder, undefined, [], true);
    interruptUnfinishedJobs(opened.db, AT);
    await writeSidecar(opened, id);
    const [kept = '', ...more] = readdirSync(join(folder, 'quarantine'));
    expect(more).toEqual([]);
    expect(readFileSync(join(folder, 'quarantine', kept), 'utf8')).toBe(newest);
    expect(readFileSync(path, 'utf8')).not.toBe(newest);
    const image = await savedImage(opened);
    expect(readImage(opened.db, image.id)).not.toBeNull();
    opened.close();
    (await openLibrary(folder)).close();
  });
});

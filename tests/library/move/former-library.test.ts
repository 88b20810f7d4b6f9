import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { toErrorReport, type ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { prepare } from '../../../electron/library/db/database.ts';
import { acquireLock } from '../../../electron/library/files/lock.ts';
import { copyLibrary } from '../../../electron/library/move/copy-library.ts';
import { formerLibrary, keepFormer, trashFormer } from '../../../electron/library/move/former-library.ts';
import { furnished } from '../rebuild/furnished-library.ts';
import { emptyFolder, reportOf, testLibrary } from '../test-library.ts';

const idle = { signal: new AbortController().signal, progress: () => undefined };

const matching = (sentence: RegExp): string => expect.stringMatching(sentence) as string;

interface Moved {
  former: string;
  copy: string;
  /** Moves the old folder to a trash. @returns the refusal; null if it was moved */
  move(trash?: (path: string) => Promise<void>): Promise<ErrorReport | null>;
  trashed(): boolean;
}

/** A copied library that was closed, and its copy. @param before is called while it is open, once it is copied */
async function moved(
  before: (library: Awaited<ReturnType<typeof testLibrary>>) => void = () => undefined,
): Promise<Moved> {
  const { folder: former } = await furnished();
  const library = await testLibrary(former);
  const copy = join(await emptyFolder(), 'copy');
  await copyLibrary(library, copy, idle);
  before(library);
  library.close();
  const spared = await emptyFolder();
  const there = `${former}.trashed`;
  return {
    former,
    copy,
    async move(trash = (path) => rename(path, there)) {
      const options = { former, spared, signal: idle.signal, trash };
      const attempt = await trashFormer(copy, options).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      return attempt === null ? null : toErrorReport(attempt);
    },
    trashed: () => existsSync(join(there, 'library.db')) && !existsSync(former),
  };
}

it('moves the folder that the library was copied from to the trash, whole, and asks no more', async () => {
  const { former, copy, move, trashed } = await moved();
  expect(await formerLibrary(copy)).toBe(former);
  expect(await move()).toBeNull();
  expect(trashed()).toBe(true);
  expect(await formerLibrary(copy)).toBeNull();
  expect(readdirSync(copy).filter((name) => name.includes('copied'))).toEqual([]);
});

it('what is done in the copy doesn’t matter', async () => {
  const { copy, move } = await moved();
  const opened = await testLibrary(copy);
  prepare(opened.db, 'UPDATE images SET rating = 5').run();
  opened.close();
  expect(await move()).toBeNull();
});

it.each<[string, (folder: string) => void]>([
  ['a file was added', (folder) => writeFileSync(join(folder, 'letter.txt'), 'mine')],
  ['a record was changed', (folder) => appendFileSync(oneOf(folder, 'records'), ' ')],
  ['an original is missing', (folder) => rmSync(oneOf(folder, 'originals'))],
])('refuses when %s', async (_what, change) => {
  const { former, move, trashed } = await moved();
  change(former);
  expect(await move()).toMatchObject({
    code: 'parameter-invalid',
    message: matching(/Something was added or changed in it after it was copied/u),
  });
  expect(trashed()).toBe(false);
});

it.each([
  'UPDATE images SET rating = 3 WHERE timeline = (SELECT max(timeline) FROM images)',
  'UPDATE tags SET name = name || 1, folded = folded || 1',
  'DELETE FROM image_tags',
  'UPDATE saved_prompts SET name = name || 1',
])('refuses when a row was changed while the copy wasn’t open yet: %s', async (sql) => {
  const { move, trashed } = await moved(({ db }) => prepare(db, sql).run());
  expect(await move()).toMatchObject({ message: matching(/Something was added or changed/u) });
  expect(trashed()).toBe(false);
});

it('refuses when the copy has lost an image that the old folder has', async () => {
  const { copy, move, trashed } = await moved();
  rmSync(oneOf(copy, 'originals'));
  expect(await move()).toMatchObject({ message: matching(/Images that it has aren’t in the copy any more/u) });
  expect(trashed()).toBe(false);
});

it('refuses while the old library is open', async () => {
  const { former, move, trashed } = await moved();
  const lock = acquireLock(join(former, 'library.lock'));
  expect(await move()).toMatchObject({ code: 'library-locked' });
  lock.release();
  expect(trashed()).toBe(false);
  expect(await move()).toBeNull();
});

it('refuses a folder that was replaced by a link, even to the copy', async () => {
  const { former, copy, move } = await moved();
  renameSync(former, `${former}.elsewhere`);
  symlinkSync(copy, former);
  expect(await move()).toMatchObject({ message: matching(/It is a link to another folder now/u) });
  expect(existsSync(join(copy, 'library.db'))).toBe(true);
});

it('refuses a folder that has Emulsion’s settings', async () => {
  const { former, copy } = await moved();
  const trash = (): Promise<void> => Promise.reject(new Error('It was moved.'));
  const options = { former, spared: join(former, 'records'), signal: idle.signal, trash };
  expect((await reportOf(() => trashFormer(copy, options))).message).toMatch(/Emulsion’s settings are in it/u);
});

it('a copy of the copy, or one that was moved, isn’t asked about, and moves nothing', async () => {
  const { former, copy } = await moved();
  const second = join(await emptyFolder(), 'second');
  cpSync(copy, second, { recursive: true });
  expect(await formerLibrary(second)).toBeNull();
  const options = {
    former,
    spared: second,
    signal: idle.signal,
    trash: () => Promise.reject(new Error('It was moved.')),
  };
  expect((await reportOf(() => trashFormer(second, options))).message).toMatch(/The open library isn’t a copy of it/u);
  const library = await testLibrary(copy);
  const third = join(await emptyFolder(), 'third');
  await copyLibrary(library, third, idle);
  expect(await formerLibrary(third)).toBe(copy);
});

it('names only the folder that it was copied from', async () => {
  const { copy } = await moved();
  const other = await moved();
  const options = {
    former: other.former,
    spared: copy,
    signal: idle.signal,
    trash: () => Promise.reject(new Error('It was moved.')),
  };
  expect((await reportOf(() => trashFormer(copy, options))).message).toMatch(/The open library isn’t a copy of it/u);
});

it('a trash that refuses, or does nothing, leaves the folder and the question', async () => {
  const { former, copy, move } = await moved();
  const said = { code: 'disk-unwritable', message: matching(/^The system didn’t move .* The folder is still there/u) };
  expect(await move(() => Promise.reject(new Error('Operation was aborted')))).toMatchObject(said);
  expect(await move(() => Promise.resolve())).toMatchObject(said);
  expect(await formerLibrary(copy)).toBe(former);
});

it('a folder that is kept isn’t asked about again', async () => {
  const { former, copy, move } = await moved();
  await keepFormer(copy);
  expect(await formerLibrary(copy)).toBeNull();
  expect(await move()).toMatchObject({ message: matching(/The open library isn’t a copy of it/u) });
  expect(existsSync(former)).toBe(true);
});

/** Path of a file below a folder of a library. */
function oneOf(folder: string, part: string): string {
  const names = readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' });
  const name = names.find((each) => /[0-9a-f]{12,}\.\w+$/u.test(each) && statSync(join(folder, part, each)).isFile());
  return join(folder, part, name ?? '');
}

it.each([
  ['new photo.png.part'],
  ['notes.tmp'],
  ['library.old.db'],
  ['index/mine.png'],
  ['thumbnails/mine.png'],
  ['thumbnails/256/ab/mine.webp'],
  ['originals/mine.tmp'],
])('refuses while a file is in it that no copy has: %s', async (path) => {
  // Also one that was there before the library was copied.
  const { former, move, trashed } = await moved(({ folder }) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), 'mine');
  });
  const refusal = await move();
  expect(refusal?.message).toContain(path === 'library.old.db' ? 'added or changed' : `${join(path)} is in it`);
  expect([trashed(), existsSync(join(former, path))]).toEqual([false, true]);
});

it('refuses while a link is in it below its own folders', async () => {
  const elsewhere = await emptyFolder();
  const { former, move } = await moved(({ folder }) => symlinkSync(elsewhere, join(folder, 'originals', 'linked')));
  expect((await move())?.message).toContain(`${join('originals', 'linked')} is in it`);
  expect(existsSync(former)).toBe(true);
});

import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLibrary, type Library } from '../../../electron/library/library.ts';
import { copyLibrary } from '../../../electron/library/move/copy-library.ts';
import { beginCopy } from '../../../electron/library/move/copy-target.ts';
import { copyFiles } from '../../../electron/library/move/copy-files.ts';
import { furnished } from '../rebuild/furnished-library.ts';
import { rowsOf } from '../rebuild/library-rows.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { emptyFolder, reportOf, sha256, testLibrary } from '../test-library.ts';

const idle = { signal: new AbortController().signal, progress: () => undefined };

/** Hashes of all files of a library by path; what says of which one it is a copy is none of them. */
function filesIn(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter(
    (name) => statSync(join(folder, name)).isFile() && !/^library\.(?:db|lock|copied\.json)/u.test(name),
  );
  return Object.fromEntries(files.map((name) => [name, sha256(readFileSync(join(folder, name)))]));
}

async function rowsIn(folder: string): Promise<ReturnType<typeof rowsOf>> {
  const library = await openLibrary(folder, sharedDecoding);
  try {
    return rowsOf(library);
  } finally {
    library.close();
  }
}

async function open(): Promise<{ library: Library; target: string; rows: Record<string, unknown[]> }> {
  const { folder, rows } = await furnished();
  return { library: await testLibrary(folder), target: join(await emptyFolder(), 'new disk', 'library'), rows };
}

it('copies an open library: every file, and a database with the same rows; the library stays as it was', async () => {
  const { library, target, rows } = await open();
  const before = filesIn(library.folder);
  const steps: (string | null)[] = [];
  const result = await copyLibrary(library, target, { ...idle, progress: ({ name }) => steps.push(name) });
  expect(result).toMatchObject({ folder: target, damaged: [] });
  expect(filesIn(target)).toEqual(before);
  expect(filesIn(library.folder)).toEqual(before);
  expect(steps).toContain('library.db');
  expect(await rowsIn(target)).toEqual(rows);
  expect(readdirSync(target).filter((name) => name.includes('copying'))).toEqual([]);
});

it('is of the beginning: what is written meanwhile is left out where it would contradict the database', async () => {
  const { library, target, rows } = await open();
  const { folder } = library;
  await mkdir(target, { recursive: true });
  const month = join(folder, 'records', '2026', '12');
  mkdirSync(month, { recursive: true });
  const later = join(month, '01890000-0000-7000-8000-0000000000ff.json');
  const shard = join(folder, 'originals', 'ab');
  mkdirSync(shard, { recursive: true });
  const original = join(shard, `${'0'.repeat(62)}.png`);
  await copyFiles({
    folder,
    target,
    free: null,
    isStopped: () => false,
    progress() {
      if (existsSync(later)) return;
      writeFileSync(original, 'received');
      writeFileSync(later, '{}');
    },
  });
  expect(existsSync(later.replace(folder, target))).toBe(false);
  expect(existsSync(original.replace(folder, target))).toBe(true);
  expect(await rowsIn(target)).toEqual(rows);
});

it('a record that is written again meanwhile is in the copy as its database says', async () => {
  const { library, target } = await open();
  const { folder } = library;
  await mkdir(target, { recursive: true });
  const names = Object.keys(filesIn(folder)).filter((name) => /^records.*(?:[0-9a-f]{12}|library)\.json$/u.test(name));
  const before = names.map((name) => readFileSync(join(folder, name), 'utf8'));
  let isChanged = false;
  const progress = (): void => {
    if (isChanged) return;
    isChanged = true;
    for (const name of names) writeFileSync(join(folder, name), '{"kind":"emulsion-generation","later":true}');
  };
  await copyFiles({ folder, target, free: null, isStopped: () => false, progress });
  expect(names.length).toBeGreaterThan(4);
  expect(names.map((name) => readFileSync(join(target, name), 'utf8'))).toEqual(before);
  expect(readdirSync(target, { recursive: true }).filter((name) => String(name).endsWith('.copying'))).toEqual([]);
});

/** Begins a copy and stops it after some files. @returns the files that are there, without those of the copying itself */
async function interrupted(folder: string, target: string, after: number): Promise<string[]> {
  await beginCopy(folder, target);
  const seen = new Set<string>();
  const isStopped = (): boolean => seen.size >= after;
  const progress = (_done: number, _total: number, name: string): void => {
    if (name !== 'library.db') seen.add(name);
  };
  expect(await copyFiles({ folder, target, free: null, isStopped, progress })).toBeNull();
  expect(existsSync(join(target, 'library.db'))).toBe(false);
  const copied = Object.keys(filesIn(target)).filter((name) => !name.startsWith('library.copying'));
  expect(copied.length).toBeGreaterThanOrEqual(after);
  return copied;
}

it('goes on after a break, and copies nothing again that is there', async () => {
  const { library, target, rows } = await open();
  const copied = await interrupted(library.folder, target, 4);
  const inodes = (): number[] => copied.map((name) => statSync(join(target, name)).ino);
  const before = inodes();
  await copyLibrary(library, target, idle);
  expect(inodes()).toEqual(before);
  expect(filesIn(target)).toEqual(filesIn(library.folder));
  expect(readdirSync(target).filter((name) => name.includes('copying'))).toEqual([]);
  expect(await rowsIn(target)).toEqual(rows);
});

it('after a break, what the library has no more isn’t in the copy, and nothing that the copying didn’t write is touched', async () => {
  const { library, target } = await open();
  const extra = ['quarantine/one.bin', 'quarantine/two.bin', 'quarantine/three.bin'];
  for (const name of extra) {
    mkdirSync(join(library.folder, 'quarantine'), { recursive: true });
    writeFileSync(join(library.folder, name), name);
  }
  await interrupted(library.folder, target, Object.keys(filesIn(library.folder)).length - 1);
  expect(existsSync(join(target, 'quarantine/one.bin'))).toBe(true);
  // The computer was switched off in the middle of a file.
  appendFileSync(join(target, 'library.copying.jsonl'), '{"path":"quarantine/gone.bin"}\n{"path":"quarantine/cut');
  writeFileSync(join(target, 'quarantine/gone.bin.copying'), 'cut off');
  writeFileSync(join(target, 'quarantine/mine.copying'), 'mine');
  writeFileSync(join(target, 'letter.txt'), 'mine');
  rmSync(join(library.folder, 'quarantine/one.bin'));
  await copyLibrary(library, target, idle);
  const mine = sha256(Buffer.from('mine'));
  expect(filesIn(target)).toEqual({
    ...filesIn(library.folder),
    'letter.txt': mine,
    'quarantine/mine.copying': mine,
  });
});

it('a record that the first attempt wrote and the library has deleted since isn’t in the copy', async () => {
  const { library, target } = await open();
  const isRecord = (name: string): boolean => /^records.*[0-9a-f]{12}\.json$/u.test(name);
  const copied = await interrupted(library.folder, target, Object.keys(filesIn(library.folder)).length - 1);
  const name = copied.find(isRecord) ?? '';
  expect(existsSync(join(target, name))).toBe(true);
  rmSync(join(library.folder, name));
  await copyLibrary(library, target, idle);
  expect(existsSync(join(target, name))).toBe(false);
});

it('a file that was changed between two attempts is copied again, even with the same size', async () => {
  const { library, target } = await open();
  const name = (await interrupted(library.folder, target, 4)).find((path) => path.startsWith('originals')) ?? '';
  const path = join(library.folder, name);
  const { atimeMs, mtimeMs, size } = statSync(path);
  writeFileSync(path, Buffer.alloc(size, 1));
  // As soon after as a file system can tell.
  utimesSync(path, atimeMs / 1000, (mtimeMs + 1) / 1000);
  const { damaged } = await copyLibrary(library, target, idle);
  expect(damaged).toEqual([name]);
  expect(filesIn(target)).toEqual(filesIn(library.folder));
});

it('an original that was damaged already is named by the attempt that completes the copy', async () => {
  const { library, target } = await open();
  const name = Object.keys(filesIn(library.folder)).find((path) => path.startsWith('originals')) ?? '';
  writeFileSync(join(library.folder, name), 'flipped');
  expect(await interrupted(library.folder, target, 4)).toContain(name);
  expect((await copyLibrary(library, target, idle)).damaged).toEqual([name]);
});

it('a journal that can’t be read costs a copy of each file', async () => {
  const { library, target } = await open();
  const copied = await interrupted(library.folder, target, 4);
  writeFileSync(join(target, 'library.copying.jsonl'), '{"kind":"emulsion-copy-journal","version":2}\n');
  const before = statSync(join(target, copied[0] ?? '')).ino;
  await copyLibrary(library, target, idle);
  expect(statSync(join(target, copied[0] ?? '')).ino).not.toBe(before);
  expect(filesIn(target)).toEqual(filesIn(library.folder));
});

it('refuses a folder in the library, around it, or with a library or an unwritable one', async () => {
  const { library, target } = await open();
  const { folder } = library;
  const refusal = async (chosen: string): Promise<string> => {
    const { code, message } = await reportOf(() => copyLibrary(library, chosen, idle));
    return `${code}: ${message.split('.')[0] ?? ''}`;
  };
  expect(await refusal(folder)).toContain('parameter-invalid');
  expect(await refusal(join(folder, 'originals', 'copy'))).toBe(
    'parameter-invalid: That folder is in the library’s own folder',
  );
  const link = join(await emptyFolder(), 'link');
  symlinkSync(folder, link);
  expect(await refusal(join(link, 'new'))).toBe('parameter-invalid: That folder is in the library’s own folder');
  await copyLibrary(library, target, idle);
  expect(await refusal(target)).toBe(`parameter-invalid: There is a library in ${target}`);
  // Also where the end of the copy wasn't recorded any more.
  await beginCopy(folder, target);
  expect(await refusal(target)).toBe(`parameter-invalid: There is a library in ${target}`);
  const file = join(await emptyFolder(), 'file');
  writeFileSync(file, '');
  expect(await refusal(file)).toContain('parameter-invalid');
});

it('makes a folder of its own where other files are, and touches none of them', async () => {
  const { library } = await open();
  const chosen = await emptyFolder();
  writeFileSync(join(chosen, 'letter.txt'), 'mine');
  const { folder } = await copyLibrary(library, chosen, idle);
  expect(folder).toBe(join(chosen, 'Emulsion Library'));
  expect(readFileSync(join(chosen, 'letter.txt'), 'utf8')).toBe('mine');
});

it('says how much room is needed and free, and copies nothing then', async () => {
  const { library, target } = await open();
  await mkdir(target, { recursive: true });
  const options = {
    folder: library.folder,
    target,
    free: 50_000_000,
    isStopped: () => false,
    progress: () => undefined,
  };
  expect(await reportOf(() => copyFiles(options))).toMatchObject({
    code: 'disk-full',
    message: expect.stringMatching(/needs 0\.2 GB, and 0\.0 GB are free\. Your library is unchanged\./u) as string,
  });
  expect(readdirSync(target)).toEqual([]);
});

it('names originals whose bytes aren’t those that were saved', async () => {
  const { library, target } = await open();
  const [name] = Object.keys(filesIn(library.folder)).filter((path) => path.startsWith('originals'));
  if (name === undefined) throw new Error('An original.');
  const { atime, mtime } = statSync(join(library.folder, name));
  writeFileSync(join(library.folder, name), 'flipped');
  utimesSync(join(library.folder, name), atime, mtime);
  expect((await copyLibrary(library, target, idle)).damaged).toEqual([name]);
});

it('leaves the library as it was, and makes none, when it is cancelled at the start', async () => {
  const { library, target } = await open();
  const reason = new Error('cancelled');
  const before = filesIn(library.folder);
  const attempt = copyLibrary(library, target, { ...idle, signal: AbortSignal.abort(reason) });
  await expect(attempt).rejects.toBe(reason);
  expect(filesIn(library.folder)).toEqual(before);
  expect(existsSync(join(target, 'library.db'))).toBe(false);
});

import fs, { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createFolder,
  renameNew,
  retryOnWindows,
  writeNewFile,
  writeFileAtomic,
} from '../../electron/disk/durable-file.ts';
import { errorCode } from '../../electron/disk/error-code.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulsion-disk-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  return rm(folder, { recursive: true, force: true });
});

describe('writeFileAtomic', () => {
  test('replaces a file, sets its permissions, and leaves no temporary file', async () => {
    const path = join(folder, 'a.json');
    await writeFile(path, 'old');
    await writeFileAtomic(path, 'new', { mode: 0o600 });
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['a.json']);
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('concurrent writes all succeed, and one of them remains complete', async () => {
    const path = join(folder, 'a.json');
    const texts = Array.from({ length: 30 }, (_, index) => String(index % 10).repeat(100_000 - index));
    await Promise.all(texts.map((text) => writeFileAtomic(path, text)));
    expect(texts).toContain(await readFile(path, 'utf8'));
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  test('if the rename fails, the temporary file is removed and the error is thrown', async () => {
    await mkdir(join(folder, 'taken', 'inside'), { recursive: true });
    await expect(writeFileAtomic(join(folder, 'taken'), 'new')).rejects.toThrow(/EISDIR|EPERM|ENOTEMPTY|EEXIST/u);
    expect(await readdir(folder)).toEqual(['taken']);
  });

  test('fails if the temporary path exists, and leaves that file alone', async () => {
    const temporaryPath = join(folder, 'staged');
    await writeFile(temporaryPath, 'theirs');
    await expect(writeFileAtomic(join(folder, 'a'), 'mine', { temporaryPath })).rejects.toMatchObject({
      code: 'EEXIST',
    });
    await expect(writeNewFile(temporaryPath, 'mine')).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readFile(temporaryPath, 'utf8')).toBe('theirs');
  });
});

describe('renameNew', () => {
  const texts = (...paths: string[]) => Promise.all(paths.map((path) => readFile(path, 'utf8')));

  test.each(['with links', 'without links'])(
    'gives a file a name unless there is a file of that name, on a file system %s',
    async (kind) => {
      const noLinks = Object.assign(new Error('operation not permitted'), { code: 'EPERM' });
      if (kind === 'without links') vi.spyOn(fs, 'link').mockRejectedValue(noLinks);
      const [from, to] = [join(folder, 'from'), join(folder, 'to')];
      await writeFile(from, 'new');
      await writeFile(to, 'old');
      expect(await renameNew(from, to)).toBe(false);
      expect(await texts(from, to)).toEqual(['new', 'old']);
      await rm(to);
      expect(await renameNew(from, to)).toBe(true);
      expect(await texts(to)).toEqual(['new']);
      expect(await readdir(folder)).toEqual(['to']);
    },
  );

  test('of many at once one gets the name, and nothing is replaced', async () => {
    const names = Array.from({ length: 20 }, (_, index) => join(folder, `part-${index}`));
    await Promise.all(names.map((name) => writeFile(name, name)));
    const to = join(folder, 'to');
    const given = await Promise.all(names.map((name) => renameNew(name, to)));
    expect(given.filter(Boolean)).toEqual([true]);
    expect(await texts(to)).toEqual([names[given.indexOf(true)]]);
    expect(await readdir(folder)).toHaveLength(names.length);
  });
});

test('creates a folder with its parents; creating it again does nothing', async () => {
  const path = join(folder, 'a', 'b', 'c');
  await createFolder(path, 0o700);
  await createFolder(path, 0o700);
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o700);
});

describe('retryOnWindows', () => {
  /** Fails that many times with this code, then returns the attempt's number. */
  function refusing(times: number, code: string): () => Promise<number> {
    let attempt = 0;
    return async () => {
      attempt += 1;
      if (attempt <= times) throw Object.assign(new Error(code), { code });
      return attempt;
    };
  }

  test.each(['EPERM', 'EBUSY', 'EACCES'])('retries %s on Windows', async (code) => {
    expect(await retryOnWindows(refusing(3, code), 'win32')).toBe(4);
  });

  test('throws an error that persists', async () => {
    await expect(retryOnWindows(refusing(1000, 'EBUSY'), 'win32')).rejects.toMatchObject({ code: 'EBUSY' });
  });

  test('doesn’t retry other errors or on other systems', async () => {
    await expect(retryOnWindows(refusing(1, 'ENOSPC'), 'win32')).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(retryOnWindows(refusing(1, 'EACCES'), 'linux')).rejects.toMatchObject({ code: 'EACCES' });
  });
});

test('returns only string codes', () => {
  expect(errorCode(Object.assign(new Error('full'), { code: 'ENOSPC' }))).toBe('ENOSPC');
  for (const other of [new Error('full'), Object.assign(new Error('dom'), { code: 20 }), { code: 'ENOSPC' }, null])
    expect(errorCode(other)).toBe('');
});

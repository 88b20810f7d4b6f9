import { mkdir, readdir, readFile, rm, writeFile as write } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { atTarget, writeFile } from '../../../electron/library/export/write-file.ts';
import { emptyFolder, reportOf } from '../test-library.ts';

const PART = Buffer.alloc(1000, 7);
/** Parts of a file; `between` happens after the first. */
async function* parts(between: () => Promise<void> = () => Promise.resolve()): AsyncGenerator<Buffer> {
  yield PART;
  await between();
  yield PART;
}

test('a file has its name when it is whole, not before', async () => {
  const folder = await emptyFolder();
  let meanwhile: string[] = [];
  const bytes = await writeFile(
    folder,
    'a.png',
    parts(async () => void (meanwhile = await readdir(folder))),
    0,
  );
  expect(meanwhile).toEqual([expect.stringMatching(/^a\.png\.[0-9a-f]{8}\.part$/u)]);
  expect(bytes).toBe(2000);
  expect(await readFile(join(folder, 'a.png'))).toEqual(Buffer.concat([PART, PART]));
  expect(await readdir(folder)).toEqual(['a.png']);
});

test('a file that appears meanwhile stays', async () => {
  const folder = await emptyFolder();
  const taken = await writeFile(
    folder,
    'a.png',
    parts(() => write(join(folder, 'a.png'), 'mine')),
    0,
  );
  expect(taken).toBeNull();
  expect(await readdir(folder)).toEqual(['a.png']);
  expect(await readFile(join(folder, 'a.png'), 'utf8')).toBe('mine');
});

test('a source that fails leaves nothing', async () => {
  const folder = await emptyFolder();
  const failing = parts(() => Promise.reject(new Error('unreadable')));
  await expect(writeFile(folder, 'a.png', failing, 0)).rejects.toThrow('unreadable');
  expect(await readdir(folder)).toEqual([]);
});

test('a full disk leaves nothing, and is named', async () => {
  const folder = await emptyFolder();
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  const report = await reportOf(() => atTarget(folder, () => Promise.reject(full)));
  expect(report).toMatchObject({ code: 'disk-full', message: expect.stringContaining(folder) as string });
  const failing = parts(() => atTarget(folder, () => Promise.reject(full)));
  await expect(writeFile(folder, 'a.png', failing, 0)).rejects.toThrow('is full');
  expect(await readdir(folder)).toEqual([]);
});

// Windows doesn't delete a folder with an open file in it.
test.skipIf(process.platform === 'win32')(
  'a folder that vanishes meanwhile is named, and isn’t created again',
  async () => {
    const folder = join(await emptyFolder(), 'target');
    await mkdir(folder);
    const report = await reportOf(() =>
      writeFile(
        folder,
        'a.png',
        parts(() => rm(folder, { recursive: true })),
        0,
      ),
    );
    expect(report.message).toContain(folder);
    expect(await readdir(join(folder, '..'))).toEqual([]);
  },
);

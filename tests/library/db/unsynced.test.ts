import { expect, it, vi } from 'vitest';
import { syncCommits, transactUnsynced } from '../../../electron/library/db/unsynced.ts';
import { syncFile } from '../../../electron/disk/durable-file.ts';
import type { Library } from '../../../electron/library/library.ts';
import { testLibrary } from '../test-library.ts';

vi.mock(import('../../../electron/disk/durable-file.ts'), async (original) => {
  const real = await original();
  return { ...real, syncFile: vi.fn(real.syncFile) };
});

const write = ({ db }: Library): unknown => transactUnsynced(db, () => db.pragma('user_version', { simple: true }));

it('whoever waits for the disk waits for the sync that is under way', async () => {
  const library = await testLibrary();
  const disk = Promise.withResolvers<undefined>();
  vi.mocked(syncFile).mockReturnValueOnce(disk.promise);
  write(library);
  const ended: string[] = [];
  const first = syncCommits(library.db).then(() => ended.push('first'));
  const second = syncCommits(library.db).then(() => ended.push('second'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(ended).toEqual([]);
  disk.resolve(undefined);
  await Promise.all([first, second]);
  expect(ended.toSorted()).toEqual(['first', 'second']);
});

it('a sync that fails fails for all that wait for it, and is made again', async () => {
  const library = await testLibrary();
  const disk = Promise.withResolvers<undefined>();
  vi.mocked(syncFile).mockClear().mockReturnValueOnce(disk.promise);
  write(library);
  const both = Promise.allSettled([syncCommits(library.db), syncCommits(library.db)]);
  disk.reject(new Error('the disk'));
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await syncCommits(library.db);
  await syncCommits(library.db);
  expect(vi.mocked(syncFile)).toHaveBeenCalledTimes(2);
});

it('what is committed while a sync is under way is synced by another one', async () => {
  const library = await testLibrary();
  const disk = Promise.withResolvers<undefined>();
  vi.mocked(syncFile).mockClear().mockReturnValueOnce(disk.promise);
  write(library);
  const first = syncCommits(library.db);
  write(library);
  const second = syncCommits(library.db);
  disk.resolve(undefined);
  await Promise.all([first, second]);
  expect(vi.mocked(syncFile)).toHaveBeenCalledTimes(2);
});

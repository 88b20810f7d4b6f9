import { expect, test } from 'vitest';
import { freeBytes, freeSpaceOf, lookAtFreeSpace, type FreeSpace } from '../../../electron/library/files/free-space.ts';
import { emptyFolder, testLibrary } from '../test-library.ts';

const { signal } = new AbortController();

test('the free space of a real disk is read', async () => {
  expect(await freeBytes(await emptyFolder())).toBeGreaterThan(0);
});

test('it is told when it is known, when it changes noticeably, and when it becomes little', async () => {
  const library = await testLibrary();
  const told: FreeSpace[] = [];
  const look = (bytes: number | null): Promise<void> =>
    lookAtFreeSpace(library, { signal, changed: (space) => told.push(space) }, async () => bytes);
  expect(freeSpaceOf(library)).toBeNull();
  await look(50_000_000_000);
  await look(49_999_000_000);
  await look(1_020_000_000);
  await look(980_000_000);
  await look(null);
  expect(told).toEqual([
    { bytes: 50_000_000_000, low: false },
    { bytes: 1_020_000_000, low: false },
    { bytes: 980_000_000, low: true },
  ]);
  expect(freeSpaceOf(library)).toEqual({ bytes: 980_000_000, low: true });
});

test('a disk that can’t be read leaves it unknown', async () => {
  const library = await testLibrary();
  const changed = (): never => {
    throw new Error('Nothing is known.');
  };
  await lookAtFreeSpace(library, { signal, changed }, () => Promise.reject(new Error('ENOENT')));
  expect(freeSpaceOf(library)).toBeNull();
});

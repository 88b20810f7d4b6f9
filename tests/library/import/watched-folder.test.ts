import { lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, expect, test } from 'vitest';
import { Imports } from '../../../electron/library/import/imports.ts';
import { lastWatchedImport, WatchedFolder, type WatchState } from '../../../electron/library/import/watched-folder.ts';
import { readNewestImages } from '../../../electron/library/images/newest-images.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { LibraryRuns } from '../../../electron/library/runs/library-runs.ts';
import { emptyFolder, smallPng, testLibrary } from '../test-library.ts';

const { signal } = new AbortController();

/** A watch of an empty folder, and what was told of it. */
async function watching() {
  const library = await testLibrary();
  const folder = await emptyFolder();
  const failures: unknown[] = [];
  const failed = (thrown: unknown): void => void failures.push(thrown);
  const runs = new LibraryRuns({ changed: () => undefined, failed });
  const imports = new Imports(library, runs, { added: () => undefined, named: () => undefined, failed });
  onTestFinished(() => imports.close());
  const kept: { state: WatchState | null; told: number } = { state: { folder, since: 0 }, told: 0 };
  const watch = new WatchedFolder({
    library,
    imports,
    state: () => kept.state,
    save: async (state) => void (kept.state = state),
    changed: () => (kept.told += 1),
    failed,
  });
  const names = (): string[] =>
    readNewestImages(library.db, { limit: 100 })
      .images.map(({ id }) => readImage(library.db, id)?.imported?.fileName ?? '')
      .toSorted();
  return { library, folder, watch, kept, names, failures };
}

test('a file is imported once it is as it was at the look before, and only once', async () => {
  const { library, folder, watch, kept, names, failures } = await watching();
  const bytes = await smallPng();
  writeFileSync(join(folder, 'one.png'), bytes.subarray(0, 20));
  await watch.look(signal);
  expect(names()).toEqual([]);
  writeFileSync(join(folder, 'one.png'), bytes);
  await watch.look(signal);
  expect(names()).toEqual([]);
  await watch.look(signal);
  expect(names()).toEqual(['one.png']);
  expect(lastWatchedImport(library)).toMatchObject({ imported: 1, refused: 0, readable: true });

  const { told } = kept;
  await watch.look(signal);
  await watch.look(signal);
  expect(names()).toEqual(['one.png']);
  expect(kept.told).toBe(told);
  expect(failures).toEqual([]);
});

test('what was there before isn’t imported; what is moved in is, from folders below too', async () => {
  const { folder, watch, kept, names } = await watching();
  writeFileSync(join(folder, 'before.png'), await smallPng());
  await watch.look(signal);
  kept.state = { folder, since: Date.now() + 60_000 };
  await watch.look(signal);
  await watch.look(signal);
  expect(names()).toEqual([]);

  kept.state = { folder, since: 0 };
  const elsewhere = await emptyFolder();
  writeFileSync(join(elsewhere, 'moved.png'), await smallPng());
  renameSync(elsewhere, join(folder, 'below'));
  rmSync(join(folder, 'before.png'));
  await watch.look(signal);
  await watch.look(signal);
  expect(names()).toEqual(['moved.png']);
});

test('what isn’t an image is counted once, and doesn’t hold back images', async () => {
  const { library, folder, watch, names } = await watching();
  writeFileSync(join(folder, 'notes.txt'), 'words');
  writeFileSync(join(folder, 'two.png'), await smallPng());
  await watch.look(signal);
  await watch.look(signal);
  expect(names()).toEqual(['two.png']);
  const found = lastWatchedImport(library);
  expect(found).toMatchObject({ imported: 1, refused: 1 });
  await watch.look(signal);
  await watch.look(signal);
  expect(lastWatchedImport(library)).toBe(found);
});

test('a folder that is gone is said once, and watched again when it is back', async () => {
  const { library, folder, watch, kept, names, failures } = await watching();
  renameSync(folder, `${folder}-away`);
  await watch.look(signal);
  await watch.look(signal);
  expect(lastWatchedImport(library)).toMatchObject({ readable: false });
  expect(kept.told).toBe(1);
  renameSync(`${folder}-away`, folder);
  writeFileSync(join(folder, 'back.png'), await smallPng());
  await watch.look(signal);
  await watch.look(signal);
  expect(names()).toEqual(['back.png']);
  expect(failures).toEqual([]);
});

test('new images are seen wherever they stand among 40,000 other files', { timeout: 120_000 }, async () => {
  const { folder, watch, kept, names } = await watching();
  const added = Array.from({ length: 20 }, (_each, index) => `new ${String(index).padStart(2, '0')}.png`);
  const deep = join(folder, ...Array<string>(30).fill('a'));
  mkdirSync(deep, { recursive: true });
  const paths = [...added.map((name) => join(folder, name)), join(deep, 'newest.png')];
  // A folder lists its files as they came, newest first, or in no order: some have their place before all others, some after them.
  for (const path of paths.slice(0, 10)) writeFileSync(path, '');
  const old = (index: number): string => join(folder, `old ${index}.txt`);
  for (let index = 0; index < 40_000; index += 1) writeFileSync(old(index), '');
  const since = lstatSync(old(39_999)).ctimeMs;
  kept.state = { folder, since };
  for (const path of paths) {
    const bytes = await smallPng();
    // The file system's clock ticks every few ms.
    do writeFileSync(path, bytes);
    while (lstatSync(path).ctimeMs <= since);
  }
  await watch.look(signal);
  await watch.look(signal);
  expect(names()).toEqual([...added, 'newest.png']);
});

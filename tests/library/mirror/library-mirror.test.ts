import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { MirrorFolder, MirrorStatus } from '../../../electron/contract/entities/mirror-folder.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import type { Library } from '../../../electron/library/library.ts';
import { LibraryMirror, mirrorStatus } from '../../../electron/library/mirror/mirror-folder.ts';
import { mirrorSentence } from '../../../electron/library/mirror/mirror-problem.ts';
import { MIRROR_RECORD, MirrorRecord } from '../../../electron/library/mirror/mirror-record.ts';
import { canMount, makeReadOnly, smallVolume } from '../../fakes/small-volume.ts';
import { emptyFolder, savedImage, sha256, smallPng, testLibrary, withBytes } from '../test-library.ts';

/** A running mirror of a library, which looks again soon. It ends before the library is closed. */
async function running(library: Library, folder: string, options: Partial<MirrorFolder> = {}) {
  await MirrorRecord.begin(folder);
  const chosen: MirrorFolder = { folder, images: 'originals', names: '{prompt}', paused: false, ...options };
  const said: (MirrorStatus | null)[] = [];
  const failures: unknown[] = [];
  let heard = Promise.withResolvers<undefined>();
  let looked = Promise.withResolvers<undefined>();
  const mirror = new LibraryMirror({
    library,
    chosen() {
      looked.resolve(undefined);
      looked = Promise.withResolvers();
      return chosen;
    },
    watched: () => null,
    changed() {
      said.push(mirrorStatus(library));
      heard.resolve(undefined);
      heard = Promise.withResolvers();
    },
    failed: (thrown) => failures.push(thrown),
    retryMs: 20,
  });
  const ending = new AbortController();
  const ended = mirror.run(ending.signal);
  onTestFinished(async () => {
    ending.abort();
    await ended;
  });
  /** Resolves once the status, if there is any, is this one. */
  const says = async (wanted: Partial<MirrorStatus>): Promise<void> => {
    while (!isLike(mirrorStatus(library), wanted)) await heard.promise;
  };
  return { mirror, chosen, said, failures, says, looks: () => looked.promise };
}

function isLike(status: MirrorStatus | null, wanted: Partial<MirrorStatus>): boolean {
  return status !== null && isDeepStrictEqual({ ...status, ...wanted }, status);
}

const namesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name !== MIRROR_RECORD).sort();

test('a disk that is unplugged and comes back is copied to by itself; nothing is created in its place', async () => {
  const library = await testLibrary();
  await savedImage(library, { prompt: 'a fox' });
  const folder = join(await emptyFolder(), 'disk');
  await mkdir(folder);
  const { mirror, says, failures } = await running(library, folder);
  await says({ state: 'complete', done: 1, total: 1 });

  await rename(folder, `${folder} away`);
  await savedImage(library, { prompt: 'a hare' });
  mirror.notice();
  await says({ state: 'waiting', done: 1, total: 1, problem: mirrorSentence('gone', folder) });
  await expect(readdir(folder)).rejects.toMatchObject({ code: 'ENOENT' });

  // What some systems leave where a disk was.
  await mkdir(folder);
  await says({ state: 'waiting', problem: mirrorSentence('no-record', folder) });
  expect(await readdir(folder)).toEqual([]);

  await rm(folder, { recursive: true });
  await rename(`${folder} away`, folder);
  await says({ state: 'complete', done: 2, total: 2, problem: null });
  expect(await namesIn(folder)).toEqual(['a fox.png', 'a hare.png']);
  expect(failures).toEqual([]);
});

test('an image that can’t be read holds back no other, and is tried again when missing copies are asked for', async () => {
  const library = await testLibrary();
  const fox = await savedImage(library, { prompt: 'a fox' });
  const original = originalPath(library.folder, withBytes(library, fox).sha256, 'png');
  const bytes = await readFile(original);
  await rm(original);
  const folder = await emptyFolder();
  const { mirror, says, said } = await running(library, folder);
  await says({ state: 'complete', done: 0, total: 1, failed: 1 });
  await savedImage(library, { prompt: 'a hare' });
  mirror.notice();
  await says({ state: 'complete', done: 1, total: 2, failed: 1 });
  await writeFile(original, bytes);
  mirror.copyMissing();
  await says({ state: 'complete', done: 2, failed: 0 });
  expect(await namesIn(folder)).toEqual(['a fox.png', 'a hare.png']);
  // Nothing is said twice.
  for (const [at, status] of said.entries()) expect(status).not.toEqual(said[at + 1]);
});

test('what arrives in a pause is copied after it', async () => {
  const library = await testLibrary();
  await savedImage(library, { prompt: 'a fox' });
  const folder = await emptyFolder();
  const { mirror, chosen, says, looks } = await running(library, folder);
  await says({ state: 'complete', done: 1 });
  chosen.paused = true;
  await savedImage(library, { prompt: 'a hare' });
  mirror.pauseChanged();
  await looks();
  // A second look comes after what the first one did.
  mirror.notice();
  await looks();
  expect(await namesIn(folder)).toEqual(['a fox.png']);
  chosen.paused = false;
  mirror.pauseChanged();
  await says({ state: 'complete', done: 2 });
  expect(await namesIn(folder)).toEqual(['a fox.png', 'a hare.png']);
});

test('passes that are stopped and begun again copy each image once', async () => {
  const library = await testLibrary();
  for (let at = 0; at < 12; at += 1) await savedImage(library, { at, prompt: `image ${at}` });
  const folder = await emptyFolder();
  const { mirror, says } = await running(library, folder);
  for (let restarts = 0; restarts < 3; restarts += 1) {
    await says({});
    mirror.restart();
  }
  await says({ state: 'complete', done: 12, total: 12 });
  expect(await namesIn(folder)).toEqual(Array.from({ length: 12 }, (_, at) => `image ${at}.png`).sort());
});

test('what can’t be explained is logged, said, and tried again', async () => {
  const library = await testLibrary();
  await savedImage(library, { prompt: 'a fox' });
  const folder = await emptyFolder();
  const away = `${library.folder} away`;
  await rename(library.folder, away);
  const { says, failures } = await running(library, folder);
  await says({ state: 'waiting', problem: mirrorSentence('failed', folder) });
  expect(failures.length).toBeGreaterThan(0);
  await rename(away, library.folder);
  await says({ state: 'complete', done: 1, total: 1 });
});

describe.runIf(canMount)('on a volume of its own', () => {
  /** Files that aren't copies, and copies whose bytes aren't an original's. */
  async function wrongIn(folder: string, library: Library): Promise<string[]> {
    const known = library.db.prepare<[], string>('SELECT sha256 FROM originals').pluck().all();
    const wrong: string[] = [];
    for (const name of await namesIn(folder))
      if (name !== 'filler' && !known.includes(sha256(await readFile(join(folder, name))))) wrong.push(name);
    return wrong;
  }

  test('a full disk leaves whole copies only, and copying continues when there is room', async () => {
    const library = await testLibrary();
    for (const at of [1, 2, 3]) await savedImage(library, { at, prompt: `${at}`, bytes: await smallPng(300, 200) });
    const volume = smallVolume(4);
    const { bytes } = library.db.prepare<[], { bytes: number }>('SELECT max(bytes) AS bytes FROM originals').get() ?? {
      bytes: 0,
    };
    volume.fill(Math.ceil(bytes * 1.5));
    const { says } = await running(library, volume.folder);
    await says({ state: 'waiting', problem: mirrorSentence('full', volume.folder) });
    expect(await namesIn(volume.folder)).toEqual(['1.png', 'filler']);
    expect(await wrongIn(volume.folder, library)).toEqual([]);
    volume.empty();
    await says({ state: 'complete', done: 3, total: 3 });
    expect(await namesIn(volume.folder)).toEqual(['1.png', '2.png', '3.png']);
    expect(await wrongIn(volume.folder, library)).toEqual([]);
  });

  test('a folder that can’t be written is said, and copying continues when it can', async () => {
    const library = await testLibrary();
    await savedImage(library, { prompt: 'a fox' });
    const folder = await emptyFolder();
    await MirrorRecord.begin(folder);
    const restore = makeReadOnly(folder);
    const { says } = await running(library, folder);
    await says({ state: 'waiting', problem: mirrorSentence('unwritable', folder) });
    expect(await namesIn(folder)).toEqual([]);
    restore();
    await says({ state: 'complete', done: 1, total: 1 });
    expect(await namesIn(folder)).toEqual(['a fox.png']);
  });
});

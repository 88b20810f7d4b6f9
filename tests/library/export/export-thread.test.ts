import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runExportThread } from '../../../electron/library/export/export-thread.ts';
import { SignedCounts } from '../../../electron/library/export/signed-counts.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import type { Library } from '../../../electron/library/library.ts';
import { pngChunk } from '../../../electron/library/pixels/colour/png-chunks.ts';
import { withPngChunks } from '../coloured-images.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { emptyFolder, reportOf, savedImage, smallPng, testLibrary, withBytes } from '../test-library.ts';
import { controlled, timelinesOf } from './controlled.ts';

const AT = Date.UTC(2026, 5, 15, 12);

async function library(images: number): Promise<Library> {
  const made = await testLibrary();
  for (let number = 1; number <= images; number += 1)
    await savedImage(made, { at: AT + number, prompt: `image ${number}` });
  return made;
}

function taskOf(made: Library, target: string) {
  const options = { as: 'files' as const, images: 'originals' as const, names: '{prompt}', folder: target };
  return { kind: 'export' as const, folder: made.folder, timelines: timelinesOf(made), options };
}

test('a thread exports, and says how far it is', async () => {
  const made = await library(3);
  const target = await emptyFolder();
  const names: (string | null)[] = [];
  const { control } = controlled(({ done, total, name }) => names.push(`${done}/${total} ${name}`));
  const result = await runExportThread(taskOf(made, target), control, sharedDecoding);
  expect(result).toMatchObject({ path: target, images: 3, failed: 0 });
  expect((await readdir(target)).sort()).toEqual(['image 1.png', 'image 2.png', 'image 3.png']);
  expect(names).toEqual(['0/3 image 1', '1/3 image 2', '2/3 image 3', '3/3 null']);
});

test('a pause holds it between two images', async () => {
  const made = await library(3);
  const target = await emptyFolder();
  const pause = Promise.withResolvers<undefined>();
  const held = Promise.withResolvers<undefined>();
  const { control } = controlled();
  let points = 0;
  const pausePoint = async (): Promise<void> => {
    points += 1;
    if (points !== 2) return;
    held.resolve(undefined);
    await pause.promise;
  };
  const exported = runExportThread(taskOf(made, target), { ...control, pausePoint }, sharedDecoding);
  await held.promise;
  expect(await readdir(target)).toEqual(['image 1.png']);
  pause.resolve(undefined);
  expect((await exported).images).toBe(3);
});

test('what is cancelled, in a pause too, rejects with the signal’s reason and leaves whole files only', async () => {
  const made = await library(3);
  const target = await emptyFolder();
  const reason = new Error('cancelled');
  const { control, abort } = controlled();
  let points = 0;
  const pausePoint = (): Promise<void> => {
    points += 1;
    if (points !== 2) return Promise.resolve();
    abort.abort(reason);
    return Promise.reject(reason);
  };
  await expect(runExportThread(taskOf(made, target), { ...control, pausePoint }, sharedDecoding)).rejects.toBe(reason);
  expect(await readdir(target)).toEqual(['image 1.png']);
});

test('a target that is gone is named by the thread too', async () => {
  const made = await library(1);
  const target = join(await emptyFolder(), 'gone');
  const report = await reportOf(() => runExportThread(taskOf(made, target), controlled().control, sharedDecoding));
  expect(report).toMatchObject({ code: 'disk-unwritable', message: expect.stringContaining(target) as string });
});

test('signed images are counted before an export, also those that nobody looked at', async () => {
  const made = await library(2);
  const signed = withPngChunks(await smallPng(), pngChunk('caBX', Buffer.from('manifest')));
  const first = await savedImage(made, { at: AT + 10, bytes: signed });
  const other = withPngChunks(await smallPng(), pngChunk('caBX', Buffer.from('another')));
  const gone = await savedImage(made, { at: AT + 11, bytes: other });
  const counts = new SignedCounts(new AbortController().signal);
  const count = () => counts.count(made.folder, () => Promise.resolve(timelinesOf(made)));
  made.db.prepare('UPDATE images SET signed = NULL').run();
  await rm(originalPath(made.folder, withBytes(made, gone).sha256, 'png'));
  expect(await count()).toBe(1);
  // What is known isn't read again.
  made.db.prepare('UPDATE images SET signed = 1 WHERE id = ?').run(gone.id);
  expect(await count()).toBe(2);
  const file = originalPath(made.folder, withBytes(made, first).sha256, 'png');
  await writeFile(file, (await readFile(file)).subarray(0, 8));
  expect(await count()).toBe(1);
});

test('a count that another one follows is stopped', async () => {
  const made = await library(1);
  const counts = new SignedCounts(new AbortController().signal);
  const chosen = Promise.withResolvers<Float64Array>();
  const first = counts.count(made.folder, () => chosen.promise);
  const second = counts.count(made.folder, () => Promise.resolve(timelinesOf(made)));
  chosen.resolve(timelinesOf(made));
  expect(await first).toBeNull();
  expect(await second).toBe(0);
  expect(await counts.count(made.folder, null)).toBeNull();
});

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { v7 as uuid } from 'uuid';
import { makeLibrary } from '../../build/make-library/make-library.ts';
import type { Edit } from '../../electron/contract/entities/changes.ts';
import type { ChangeId, ImageId, RunId } from '../../electron/contract/entities/ids.ts';
import { isOpen } from '../../electron/contract/entities/runs.ts';
import { backfill } from '../../electron/library/backfill.ts';
import { Imports } from '../../electron/library/import/imports.ts';
import { openLibrary, type Library } from '../../electron/library/library.ts';
import { LibraryChanges } from '../../electron/library/order/library-changes.ts';
import { LibraryRuns } from '../../electron/library/runs/library-runs.ts';
import { createCollection } from '../fakes/collections.ts';
import { textChunk } from '../library/metadata-images.ts';

/** One of so many images is imported. */
const IMPORTED_OF = 20;
/** A PNG's signature and its first chunk: chunks of text may follow. */
const HEAD = 33;
/** Notes that differ from each other. */
const NOTES = 100;

/**
 * Makes a library of requests and imports, whose images are then rated, tagged, noted, collected and moved to the trash as a person does it,
 * with records that say all of it. It is closed afterwards.
 * @param folder an empty one, for the library and what is imported
 * @returns the library's folder
 */
export async function fillLibrary(folder: string, images: number): Promise<string> {
  const imported = Math.ceil(images / IMPORTED_OF);
  const dir = join(folder, 'library');
  await makeLibrary({ dir, count: images - imported, thumbnails: images - imported });
  const library = await openLibrary(dir);
  try {
    await importInto(library, await drawFiles(join(folder, 'from another program'), imported), imported);
    await change(library);
    const failures: unknown[] = [];
    await backfill(library, { failed: (thrown) => failures.push(thrown) });
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything was written.');
  } finally {
    library.close();
  }
  return dir;
}

/** PNG files that say how they were made, as Automatic1111 writes it. */
async function drawFiles(folder: string, count: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (let at = 0; at < count; at += 1) {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    const background = '#456';
    const png = await sharp({ create: { width: 64, height: 48, channels: 3, background, noise } })
      .png()
      .toBuffer();
    const text = `a harbour at dawn, number ${at}\nNegative prompt: blurry\nSteps: 20, Sampler: Euler, Seed: ${at}, Model: sd_xl`;
    const parts = [png.subarray(0, HEAD), textChunk('parameters', text), png.subarray(HEAD)];
    await writeFile(join(folder, `${at}.png`), Buffer.concat(parts));
  }
  return folder;
}

async function importInto(library: Library, path: string, count: number): Promise<void> {
  const failures: unknown[] = [];
  const failed = (thrown: unknown): void => void failures.push(thrown);
  const ended = Promise.withResolvers<unknown>();
  const [scanId, importId] = [uuid() as RunId, uuid() as RunId];
  const runs = new LibraryRuns({
    failed,
    changed: (run) => {
      if (isOpen(run)) return;
      if (run.state !== 'done') ended.reject(new Error(`The ${run.kind} ended as ${run.state}.`, { cause: run.error }));
      else if (run.kind === 'scan') imports.start(importId, scanId);
      else ended.resolve(run.result);
    },
  });
  const imports = new Imports(library, runs, { added: () => undefined, named: () => undefined, failed });
  try {
    imports.scan(scanId, { kind: 'paths', paths: [path] });
    const result = (await ended.promise) as { imported: number };
    if (result.imported !== count || failures.length > 0)
      throw new AggregateError(failures, `${result.imported} of ${count} files were imported.`);
  } finally {
    await runs.close();
    await imports.close();
  }
}

/** What a person adds, each to a part of the images. */
async function change(library: Library): Promise<void> {
  const ids = library.db.prepare<[], ImageId>('SELECT id FROM images ORDER BY timeline').pluck().all();
  const every = (step: number, from = 0): ImageId[] => ids.filter((_, at) => at % step === from % step);
  const failures: unknown[] = [];
  const changes = new LibraryChanges({
    library,
    resolve: () => Promise.reject(new Error('No view is open.')),
    changed: () => undefined,
    failed: (thrown) => failures.push(thrown),
  });
  const apply = async (imageIds: readonly ImageId[], edit: Edit): Promise<void> => {
    if (imageIds.length === 0) return;
    const selection = { kind: 'images' as const, imageIds: [...imageIds] };
    const ended = await changes.ended(await changes.apply(uuid() as ChangeId, selection, edit));
    if (ended.state !== 'done') failures.push(ended);
  };
  try {
    for (const rating of [1, 2, 3, 4, 5] as const) await apply(every(23, rating), { kind: 'rate', rating });
    await apply(every(29, 3), { kind: 'favourite', on: true });
    await apply(every(31, 7), { kind: 'reject', on: true });
    await apply(every(11), { kind: 'tag', add: ['客户/Ärger & Söhne', 'لقطات'], remove: [] });
    const { id: collectionId } = createCollection(library.db, 'The client’s “choice” 🦊', Date.now());
    const chosen = every(37, 5);
    await apply(chosen, { kind: 'collect', collectionId, on: true, before: null });
    await apply(chosen.slice(-1), { kind: 'arrange', collectionId, before: chosen[0] ?? null });
    for (const [at, id] of every(Math.ceil(ids.length / NOTES)).entries())
      await apply([id], { kind: 'note', note: `Note ${at}:\n“quoted”, <tagged> & \u202eturned\u202c 🎞️` });
    for (const id of every(Math.ceil(ids.length / 20), 1)) await apply([id], { kind: 'cover' });
    await apply(every(53, 11), { kind: 'trash' });
  } finally {
    await changes.close();
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Not every change was made.');
}

import { existsSync, readdirSync, writeFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { expect, it } from 'vitest';
import type { Change } from '../../../electron/contract/entities/changes.ts';
import type { DraftId } from '../../../electron/contract/entities/ids.ts';
import type { Image } from '../../../electron/contract/entities/images.ts';
import { saveDraft } from '../../../electron/library/drafts.ts';
import { heatMapPath, originalPath, thumbnailPath } from '../../../electron/library/files/folders.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { savePartial } from '../../../electron/library/images/save-image.ts';
import { createThumbnails } from '../../../electron/library/images/thumbnails.ts';
import { addInput } from '../../../electron/library/inputs/add-input.ts';
import { finishGeneration, readGeneration } from '../../../electron/library/jobs/generations.ts';
import { readJobHistory } from '../../../electron/library/jobs/job-history.ts';
import { listRecentJobs } from '../../../electron/library/jobs/recent-jobs.ts';
import { readSpending } from '../../../electron/library/jobs/spending.ts';
import { finishEmptying } from '../../../electron/library/order/empty-trash.ts';
import { finishRemovals } from '../../../electron/library/order/removals.ts';
import { readTrashTotals } from '../../../electron/library/order/trash-totals.ts';
import type { Library } from '../../../electron/library/library.ts';
import { findUnlisted } from '../../../electron/library/unlisted-originals.ts';
import { receiveFile, reportOf, savedImage, smallPng, testLibrary, withBytes } from '../test-library.ts';
import type { Selection } from '../../../electron/contract/entities/views.ts';
import { changeId, openOrder, testOrder, type TestOrder } from './order-fixtures.ts';

type Order = Omit<TestOrder, 'images'>;

async function opened(): Promise<Order> {
  return openOrder(await testLibrary());
}

async function trash({ apply }: Order, ...images: Image[]): Promise<Change> {
  return apply(
    images.map(({ id }) => id),
    { kind: 'trash' },
  );
}

async function empty({ apply, settled }: Order, ...images: Image[]): Promise<Change> {
  return settled(
    await apply(
      images.map(({ id }) => id),
      { kind: 'empty' },
    ),
  );
}

function isOnDisk({ folder }: Library, sha256: string): boolean {
  return existsSync(originalPath(folder, sha256 as never, 'png'));
}

it('deletes images with their files, and keeps their requests and what they cost', async () => {
  const order = await opened();
  const { library } = order;
  const [gone, stays] = [await savedImage(library), await savedImage(library)];
  const { sha256 } = withBytes(library, gone);
  await createThumbnails(library, gone.id);
  finishGeneration(library.db, gone.generationId, {
    state: 'done',
    at: 5,
    answer: null,
    billing: 'billed',
    error: null,
  });
  await trash(order, gone);
  expect(readTrashTotals(library.db)).toEqual({ images: 1, bytes: gone.bytes });
  expect(await empty(order, gone, stays)).toMatchObject({ state: 'final', images: 1 });
  expect(readTrashTotals(library.db)).toEqual({ images: 0, bytes: 0 });
  expect(readImage(library.db, gone.id)).toBeNull();
  expect(readImage(library.db, stays.id)).not.toBeNull();
  expect(isOnDisk(library, sha256)).toBe(false);
  expect(existsSync(thumbnailPath(library.folder, sha256, 256))).toBe(false);
  expect(readGeneration(library.db, gone.generationId)).toMatchObject({ state: 'done', billing: 'billed' });
  expect(library.db.prepare('SELECT count(*) FROM removals').pluck().get()).toBe(0);
});

it('can’t be undone, and earlier changes of its images undo the rest', async () => {
  const order = await opened();
  const { apply, changes, library } = order;
  const [gone, stays] = [await savedImage(library), await savedImage(library)];
  const rated = await apply([gone.id, stays.id], { kind: 'rate', rating: 3 });
  const alone = await apply([gone.id], { kind: 'favourite', on: true });
  await trash(order, gone);
  const emptied = await empty(order, gone);
  expect(await reportOf(() => changes.undo(emptied.id))).toMatchObject({
    code: 'parameter-invalid',
    message: 'These images were deleted for good, so this can’t be undone. Nothing was changed.',
  });
  expect(await reportOf(() => changes.undo(alone.id))).toMatchObject({ code: 'parameter-invalid' });
  expect(await changes.undo(rated.id)).toMatchObject({ state: 'undone', left: 1 });
  expect(readImage(library.db, stays.id)?.marks.rating).toBe(0);
});

it.each(['another image', 'an input', 'a draft', 'a request', 'a save that isn’t finished'])(
  'keeps a file that %s names',
  async (what) => {
    const order = await opened();
    const { library } = order;
    const bytes = await smallPng();
    const image = await savedImage(library, { bytes });
    const { sha256 } = withBytes(library, image);
    if (what === 'another image') await savedImage(library, { bytes });
    if (what === 'an input')
      await addInput(library, {
        body: (async function* () {
          yield bytes;
        })(),
        name: 'a.png',
        limit: 1e7,
        declared: null,
      });
    if (what === 'a draft')
      saveDraft(library.db, { id: uuid() as DraftId, name: 'D', root: sha256, document: '{}' }, 1);
    if (what === 'a request')
      library.db.exec(`INSERT INTO inputs SELECT generation_id, 0, 'image', sha256, id FROM images`);
    if (what === 'a save that isn’t finished')
      library.db.prepare("INSERT INTO landings VALUES ('x', ?, 1, 'png', '{}')").run(sha256);
    await trash(order, image);
    await empty(order, image);
    expect(readImage(library.db, image.id)).toBeNull();
    expect(isOnDisk(library, sha256)).toBe(true);
    expect(library.db.prepare('SELECT count(*) FROM originals WHERE sha256 = ?').pluck().get(sha256)).toBe(1);
    library.db.exec('DELETE FROM landings');
  },
);

it('deletes partial images with the last image of a request that is done, masked results and heat maps', async () => {
  const order = await opened();
  const { library } = order;
  const image = await savedImage(library);
  const partial = await receiveFile(library, await smallPng());
  await savePartial(library, { generationId: image.generationId, index: 0, file: partial, at: 2 });
  finishGeneration(library.db, image.generationId, {
    state: 'done',
    at: 5,
    answer: null,
    billing: 'billed',
    error: null,
  });
  const masked = await addInput(library, {
    body: (async function* (bytes) {
      yield bytes;
    })(await smallPng()),
    name: 'Masked.png',
    limit: 1e7,
    declared: null,
  });
  library.db.prepare('UPDATE input_files SET image_id = ?').run(image.id);
  library.db
    .prepare(`INSERT INTO strict_results VALUES (?, 'done', 0, ?, 8, 6, 0, 1, 0, 0, NULL, 1)`)
    .run(image.id, masked.sha256);
  const heat = heatMapPath(library.folder, image.id);
  mkdirSync(dirname(heat), { recursive: true });
  writeFileSync(heat, 'x');
  await trash(order, image);
  await empty(order, image);
  expect(
    readdirSync(join(library.folder, 'originals'), { recursive: true, withFileTypes: true }).filter((e) => e.isFile()),
  ).toEqual([]);
  expect(library.db.prepare('SELECT count(*) FROM originals').pluck().get()).toBe(0);
  expect(existsSync(heat)).toBe(false);
});

it('never deletes what was received again meanwhile, and files that wait for deletion aren’t unlisted', async () => {
  const order = await opened();
  const { library } = order;
  const bytes = await smallPng();
  const image = await savedImage(library, { bytes });
  const { sha256 } = withBytes(library, image);
  // As after a crash between the rows' deletion and the file's.
  library.db.pragma('foreign_keys = OFF');
  library.db.exec(
    `DELETE FROM images; DELETE FROM originals; INSERT INTO removals VALUES ('original', '${sha256}', 'png')`,
  );
  library.db.pragma('foreign_keys = ON');
  expect(await findUnlisted(library, new AbortController().signal)).toBeNull();
  await savedImage(library, { bytes });
  expect(await finishRemovals(library, () => false)).toEqual([]);
  expect(isOnDisk(library, sha256)).toBe(true);
  expect(library.db.prepare('SELECT count(*) FROM removals').pluck().get()).toBe(0);
});

it('doesn’t follow a name that is none out of the library', async () => {
  const { library } = await opened();
  const outside = join(dirname(library.folder), 'cdef.png');
  writeFileSync(outside, 'x');
  library.db.exec(
    `INSERT INTO removals VALUES ('original', '../../../cdef', 'png'), ('heat-map', '../../../cdef', NULL)`,
  );
  expect(await finishRemovals(library, () => false)).toEqual([]);
  expect(existsSync(outside)).toBe(true);
});

it('restoring puts back tags and collections', async () => {
  const order = await opened();
  const { apply, library } = order;
  const image = await savedImage(library);
  await apply([image.id], { kind: 'tag', add: ['client/acme'], remove: [] });
  await trash(order, image);
  expect(library.db.prepare('SELECT max(images) FROM tags').pluck().get()).toBe(0);
  await apply([image.id], { kind: 'restore' });
  expect(readImage(library.db, image.id)?.tags.map(({ path }) => path)).toEqual(['client/acme']);
  expect(library.db.prepare('SELECT max(images) FROM tags').pluck().get()).toBe(1);
});

it('keeps what was moved to the trash after the selection was made', async () => {
  const order = await opened();
  const { changes, library, settled } = order;
  const [seen, later] = [await savedImage(library), await savedImage(library)];
  await trash(order, seen, later);
  library.db.prepare('UPDATE images SET deleted_at = 1000 WHERE id = ?').run(seen.id);
  library.db.prepare('UPDATE images SET deleted_at = 3000 WHERE id = ?').run(later.id);
  const all = { kind: 'view', until: 2000 } as Selection;
  expect(await settled(await changes.apply(changeId(), all, { kind: 'empty' }))).toMatchObject({ images: 1 });
  expect(readImage(library.db, seen.id)).toBeNull();
  expect(readImage(library.db, later.id)).not.toBeNull();
});

it('keeps an image that was restored while it waited for another change, also if it was moved to the trash again', async () => {
  const { apply, changes, images, library, settled } = await testOrder(300);
  const three = images.slice(0, 3);
  await apply(three, { kind: 'trash' });
  const until = Date.now();
  await changes.apply(changeId(), { kind: 'view' } as Selection, { kind: 'rate', rating: 3 });
  const emptied = await changes.apply(changeId(), { kind: 'view', until } as Selection, { kind: 'empty' });
  await apply(three.slice(0, 2), { kind: 'restore' });
  for (const asked = Date.now(); Date.now() === asked;);
  await apply(three.slice(1, 2), { kind: 'trash' });
  expect(await settled(emptied)).toMatchObject({ state: 'final', images: 1 });
  expect(three.map((id) => readImage(library.db, id) !== null)).toEqual([true, true, false]);
});

it('keeps an image that was restored after it was listed, also if it was moved to the trash again', async () => {
  const order = await opened();
  const { library } = order;
  const [gone, restored, again] = [await savedImage(library), await savedImage(library), await savedImage(library)];
  await trash(order, gone, restored, again);
  const { db } = library;
  db.exec(`INSERT INTO changes (sequence, id, state, edit, inverse, images, at) VALUES (90, '${changeId()}', 'applying',
    '{"kind":"empty"}', '{"names":[],"aspects":[],"cells":[],"touched":3,"left":0}', 3, 1);
    INSERT INTO change_images SELECT 90, timeline, json_object('deleted_at', deleted_at) FROM images`);
  db.prepare('UPDATE images SET deleted_at = NULL WHERE id = ?').run(restored.id);
  db.prepare('UPDATE images SET deleted_at = deleted_at + 1 WHERE id = ?').run(again.id);
  finishEmptying(db);
  expect([gone, restored, again].map(({ id }) => readImage(db, id) !== null)).toEqual([false, true, true]);
  expect(db.prepare('SELECT state, images FROM changes WHERE sequence = 90').get()).toEqual({
    state: 'final',
    images: 1,
  });
});

it('refuses to delete all where images came to the trash under an earlier time', async () => {
  const order = await opened();
  const { changes, library } = order;
  const image = await savedImage(library);
  const moved = await trash(order, image);
  await changes.undo(moved.id);
  const until = Date.now();
  await changes.redo(moved.id);
  const all = { kind: 'view', until } as Selection;
  expect(await reportOf(() => changes.apply(changeId(), all, { kind: 'empty' }))).toMatchObject({
    message: 'More images were moved to the trash meanwhile. Check the trash, and delete again. Nothing was changed.',
  });
});

it('keeps the job in the history and its cost in the spending, and not in the list of jobs with images', async () => {
  const order = await opened();
  const { db } = order.library;
  const [gone, stays] = [await savedImage(order.library), await savedImage(order.library)];
  db.exec(
    `UPDATE jobs SET state = 'done', finished_at = 5; UPDATE generations SET state = 'done', billing = 'billed', cost = 7, cost_basis = 'usage';
     UPDATE images SET cost = 7;
     INSERT INTO collections (id, name, created_at) VALUES ('${uuid()}', 'Ships', 1), ('${uuid()}', 'Boats', 1);
     INSERT INTO collection_images SELECT c.key, i.timeline, 1, 1 FROM collections c, images i WHERE i.id = '${gone.id}';`,
  );
  const span = { span: { from: 0, to: Number.MAX_SAFE_INTEGER }, steps: [] };
  const spent = readSpending(db, span);
  expect(spent).toMatchObject({ total: 14, images: 2 });
  await trash(order, gone);
  await empty(order, gone);
  expect(listRecentJobs(db, { limit: 1 }).map(({ jobId }) => jobId)).toEqual([stays.jobId]);
  const { jobs } = readJobHistory(db, { after: null, limit: 9 });
  expect(jobs.map(({ id }) => id).sort()).toEqual([gone.jobId, stays.jobId].sort());
  expect(spent.collections).toMatchObject([{ cost: 7 }, { cost: 7 }, { cost: 7 }]);
  expect(readSpending(db, span)).toEqual(spent);
});

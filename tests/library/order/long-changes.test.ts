import { expect, it, vi } from 'vitest';
import type { Change } from '../../../electron/contract/entities/changes.ts';
import type { Selection } from '../../../electron/contract/entities/views.ts';
import { listTags } from '../../../electron/library/order/read-tags.ts';
import { KEPT } from '../../../electron/library/order/journal.ts';
import { changeId, everyRow, insertCollection, openOrder, testOrder, type TestOrder } from './order-fixtures.ts';
import { emptyFolder, reportOf, testLibrary } from '../test-library.ts';
import { join } from 'node:path';

/** All images, newest first: see `openOrder`. */
const ALL = { kind: 'view' } as Selection;

it('go on in slices, tell their progress, and let small edits in between', async () => {
  const { apply, changes, events, images, library, settled } = await testOrder(3000);
  const tagged = await changes.apply(changeId(), ALL, { kind: 'tag', add: ['client/acme'], remove: [] });
  expect(tagged).toMatchObject({ state: 'applying', applied: 0, images: 3000 });
  await new Promise((resolve) => setImmediate(resolve));
  expect(await apply(images.slice(0, 1), { kind: 'rate', rating: 5 })).toMatchObject({ state: 'done' });
  expect(await settled(tagged)).toMatchObject({ state: 'done', applied: 3000 });
  const progress = events
    .filter(({ id, state }) => id === tagged.id && state === 'applying')
    .map(({ applied }) => applied);
  expect(progress.length).toBeGreaterThan(0);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect((await listTags(library.db))[1]?.images).toBe(3000);
});

it('one after the other; each is reverted as a whole when it is cancelled', async () => {
  const { changes, events, library, settled } = await testOrder(3000);
  const before = everyRow(library.db);
  const first = await changes.apply(changeId(), ALL, { kind: 'tag', add: ['a'], remove: [] });
  const second = await changes.apply(changeId(), ALL, { kind: 'rate', rating: 3 });
  while (!events.some(({ applied }) => applied > 0)) await new Promise((resolve) => setImmediate(resolve));
  expect(await changes.cancel(first.id)).toMatchObject({ state: 'undone', applied: 0 });
  expect(await settled(second)).toMatchObject({ state: 'done' });
  expect(await settled(await changes.undo(second.id))).toMatchObject({ state: 'undone', left: 0 });
  expect(everyRow(library.db)).toEqual(before);
  expect(changes.list({ after: null, limit: 9 }).changes.map(({ id }) => id)).toEqual([second.id]);
});

it('is undone when it is cancelled after its last image', async () => {
  const { changes, library, settled } = await testOrder(1500);
  const before = everyRow(library.db);
  const tagged = library.db.prepare('SELECT count(*) FROM image_tags').pluck();
  const change = await changes.apply(changeId(), ALL, { kind: 'tag', add: ['a'], remove: [] });
  while (tagged.get() !== 1500) await new Promise((resolve) => setImmediate(resolve));
  expect(await settled(await changes.cancel(change.id))).toMatchObject({ state: 'undone' });
  expect(everyRow(library.db)).toEqual(before);
});

it('is undone when its end and a cancel cross', async () => {
  const { changes, library, settled } = await testOrder(1500);
  const before = everyRow(library.db);
  const change = await changes.apply(changeId(), ALL, { kind: 'tag', add: ['a'], remove: [] });
  expect(await settled(change)).toMatchObject({ state: 'done' });
  expect(await settled(await changes.cancel(change.id))).toMatchObject({ state: 'undone' });
  expect(everyRow(library.db)).toEqual(before);
});

it('a selection keeps its order in a collection', async () => {
  const { changes, library, settled } = await testOrder(900);
  const collectionId = insertCollection(library.db, 'Ships');
  const edit = { kind: 'collect' as const, collectionId, on: true, before: null };
  await settled(await changes.apply(changeId(), ALL, edit));
  const order = library.db.prepare('SELECT timeline FROM collection_images ORDER BY position').pluck().all();
  expect(order).toEqual((order as number[]).toSorted((a, b) => b - a));
  expect(order).toHaveLength(900);
});

it('are reverted with a sentence when the disk is full in the middle', async () => {
  const { changes, library, settled } = await testOrder(3000);
  const before = everyRow(library.db);
  const { db } = library;
  let slices = 0;
  db.function('fail_later', () => {
    slices += 1;
    if (slices > 500) throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    return 1;
  });
  db.exec('CREATE TEMP TRIGGER full AFTER INSERT ON main.image_tags BEGIN SELECT fail_later(); END');
  const failed = await settled(await changes.apply(changeId(), ALL, { kind: 'tag', add: ['a'], remove: [] }));
  expect(failed).toMatchObject({ state: 'undone', error: { code: 'disk-full' } });
  db.exec('DROP TRIGGER temp.full');
  expect(everyRow(db)).toEqual(before);
  expect(changes.list({ after: null, limit: 9 }).changes).toEqual([]);
});

it('the journal survives a restart', async () => {
  const folder = join(await emptyFolder(), 'library');
  const first = await testOrder(300, folder);
  const before = everyRow(first.library.db);
  const tagged = await first.settled(
    await first.changes.apply(changeId(), ALL, { kind: 'tag', add: ['a/b'], remove: [] }),
  );
  await first.changes.close();
  first.library.close();
  const again = openOrder(await testLibrary(folder));
  expect(again.changes.list({ after: null, limit: 9 }).changes).toEqual([{ ...tagged, applied: 300 }]);
  await again.settled(await again.changes.undo(tagged.id));
  expect(everyRow(again.library.db)).toEqual(before);
});

it('leave checkpoints to commits again, also where the journal can’t be shortened', async () => {
  const { changes, failures, library, settled } = await testOrder(900);
  const { db } = library;
  const kept = { ...KEPT };
  Object.assign(KEPT, { changes: 1 });
  try {
    await settled(await changes.apply(changeId(), ALL, { kind: 'rate', rating: 1 }));
    db.exec("CREATE TEMP TRIGGER stuck BEFORE DELETE ON main.changes BEGIN SELECT raise(ABORT, 'stuck'); END");
    await settled(await changes.apply(changeId(), ALL, { kind: 'rate', rating: 2 }));
    await expect.poll(() => failures).toHaveLength(1);
    await expect.poll(() => db.pragma('wal_autocheckpoint', { simple: true })).toBe(1000);
  } finally {
    Object.assign(KEPT, kept);
  }
});

it('what is taken back after a cancel is finished by the next start where the application closes meanwhile', async () => {
  const folder = join(await emptyFolder(), 'library');
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  /** Cancels a change in its middle, and closes before all of it is taken back. */
  async function closeWhileReverting(order: Omit<TestOrder, 'images'>, change: Change): Promise<void> {
    const { changes, library } = order;
    const count = library.db.prepare<[], number>('SELECT count(*) FROM image_tags').pluck();
    while ((count.get() ?? 0) < 1000) await turn();
    void changes.cancel(change.id);
    for (let most = 0, now = count.get() ?? 0; now >= most; now = count.get() ?? 0) {
      most = now;
      await turn();
    }
    expect(count.get()).toBeGreaterThan(0);
    await changes.close();
    library.close();
  }
  const first = await testOrder(6000, folder);
  const before = everyRow(first.library.db);
  await closeWhileReverting(first, await first.changes.apply(changeId(), ALL, { kind: 'tag', add: ['a'], remove: [] }));
  const second = openOrder(await testLibrary(folder));
  expect(everyRow(second.library.db)).toEqual(before);
  expect(second.changes.list({ after: null, limit: 9 }).changes).toEqual([]);

  const tagged = await second.settled(
    await second.changes.apply(changeId(), ALL, { kind: 'tag', add: ['a'], remove: [] }),
  );
  await second.settled(await second.changes.undo(tagged.id));
  await closeWhileReverting(second, await second.changes.redo(tagged.id));
  const third = openOrder(await testLibrary(folder));
  expect(everyRow(third.library.db)).toEqual(before);
  expect(third.changes.list({ after: null, limit: 9 }).changes).toMatchObject([{ id: tagged.id, state: 'undone' }]);
});

it('the journal keeps a number of changes and of images, and never a part of one', async () => {
  const { apply, changes, images } = await testOrder(4);
  const kept = { ...KEPT };
  Object.assign(KEPT, { changes: 3, images: 1000 });
  try {
    const made: Change[] = [];
    for (const rating of [1, 2, 3, 4, 5] as const) made.push(await apply(images, { kind: 'rate', rating }));
    const ids = (): string[] => changes.list({ after: null, limit: 9 }).changes.map(({ id }) => id);
    const newest = made.slice(2).map(({ id }) => id);
    await expect.poll(ids).toEqual(newest.reverse());
    expect(await reportOf(() => changes.undo(made[0]?.id ?? changeId()))).toMatchObject({ code: 'not-found' });
    Object.assign(KEPT, { changes: 1000, images: 5 });
    const last = await apply(images, { kind: 'favourite', on: true });
    await expect.poll(ids).toEqual([last.id]);
  } finally {
    Object.assign(KEPT, kept);
  }
});

it('work when the clock is set back, and when two pages edit the same image', async () => {
  const { apply, changes, images, library } = await testOrder(2);
  vi.useFakeTimers({ toFake: ['Date'], now: 5_000_000 });
  try {
    const first = await apply(images, { kind: 'rate', rating: 3 });
    vi.setSystemTime(1000);
    const second = await apply(images.slice(0, 1), { kind: 'rate', rating: 5 });
    expect(changes.list({ after: null, limit: 9 }).changes.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(await changes.undo(first.id)).toMatchObject({ left: 1 });
    expect(await changes.undo(second.id)).toMatchObject({ left: 0 });
    // The page that was first undoes its own change only.
    expect(library.db.prepare('SELECT rating FROM images ORDER BY timeline').pluck().all()).toEqual([3, 0]);
  } finally {
    vi.useRealTimers();
  }
});

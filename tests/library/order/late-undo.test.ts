import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../electron/contract/entities/changes.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { Selection } from '../../../electron/contract/entities/views.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import {
  membersAfter,
  planCollectionChange,
  planCollectionRemoval,
} from '../../../electron/library/order/collection-changes.ts';
import { requireCollection } from '../../../electron/library/order/collection-rows.ts';
import { listTags } from '../../../electron/library/order/read-tags.ts';
import {
  planTagMerge,
  planTagMove,
  planTagRemoval,
  planTagRename,
} from '../../../electron/library/order/tag-changes.ts';
import { imagesWithTags } from '../../../electron/library/order/tag-rows.ts';
import { emptyFolder, reportOf, testLibrary } from '../test-library.ts';
import { changeId, everyRow, insertCollection, openOrder, tagId, testOrder, type TestOrder } from './order-fixtures.ts';

/* Undo and redo after what they concern was changed, moved or deleted by something else. */

const none = (): Promise<number[]> => Promise.resolve([]);
const paths = async ({ library }: Pick<TestOrder, 'library'>): Promise<string[]> =>
  (await listTags(library.db)).map(({ path, images }) => `${path} ${images}`);
const emptyTrash = async ({ changes, settled }: Pick<TestOrder, 'changes' | 'settled'>): Promise<Change> =>
  settled(
    await changes.apply(changeId(), { kind: 'view', until: Number.MAX_SAFE_INTEGER } as Selection, { kind: 'empty' }),
  );

describe('a merge of duplicates', () => {
  async function merged(): Promise<{ order: TestOrder; keep: ImageId; others: ImageId[]; change: Change }> {
    const order = await testOrder(3);
    const [keep, ...others] = order.images as [ImageId, ...ImageId[]];
    await order.apply(others, { kind: 'rate', rating: 4 });
    await order.apply(others, { kind: 'tag', add: ['wip'], remove: [] });
    const collectionId = insertCollection(order.library.db, 'Ships');
    await order.apply(others, { kind: 'collect', collectionId, on: true, before: null });
    await order.apply(others, { kind: 'favourite', on: true });
    await order.apply(others.slice(0, 1), { kind: 'note', note: 'For the cover' });
    return { order, keep, others, change: await order.apply(order.images, { kind: 'merge', keep }) };
  }

  it('gives its image what the others had, and takes it back', async () => {
    const { order, keep, others, change } = await merged();
    const { db } = order.library;
    expect(readImage(db, keep)).toMatchObject({
      marks: { rating: 4, favourite: true },
      note: 'For the cover',
      tags: [{ path: 'wip' }],
      collections: [{ name: 'Ships' }],
    });
    for (const id of others) expect(readImage(db, id)?.trashedAt).not.toBeNull();
    await order.changes.undo(change.id);
    expect(readImage(db, keep)).toMatchObject({
      marks: { rating: 0, favourite: false },
      note: '',
      tags: [],
      collections: [],
    });
    for (const id of others)
      expect(readImage(db, id)).toMatchObject({ trashedAt: null, collections: [{ name: 'Ships' }] });
  });

  it('is undone after its image was moved to the trash: it stays there, the others come back', async () => {
    const { order, keep, others, change } = await merged();
    const { db } = order.library;
    await order.apply([keep], { kind: 'trash' });
    expect(await order.changes.undo(change.id)).toMatchObject({ state: 'undone', left: 0 });
    expect(readImage(db, keep)).toMatchObject({ marks: { rating: 0 }, tags: [], collections: [] });
    expect(readImage(db, keep)?.trashedAt).not.toBeNull();
    for (const id of others)
      expect(readImage(db, id)).toMatchObject({ trashedAt: null, marks: { rating: 4 }, tags: [{ path: 'wip' }] });
    await order.changes.redo(change.id);
    expect(readImage(db, keep)).toMatchObject({ marks: { rating: 4 }, tags: [{ path: 'wip' }] });
  });

  it('is undone after its image was deleted for good: the others come back, and it says that one is gone', async () => {
    const { order, keep, others, change } = await merged();
    const { db } = order.library;
    await order.apply(others, { kind: 'restore' });
    await order.apply([keep], { kind: 'trash' });
    await emptyTrash(order);
    await order.apply(others, { kind: 'trash' });
    const undone = await order.changes.undo(change.id);
    // The later trash wins.
    expect(undone).toMatchObject({ state: 'undone', left: 3 });
    expect(others.map((id) => readImage(db, id)?.trashedAt === null)).toEqual([false, false]);
  });

  it('is undone with its image deleted, and all duplicates come back from the trash', async () => {
    const { order, keep, others, change } = await merged();
    const { db } = order.library;
    await order.apply([keep], { kind: 'trash' });
    // Deleted by hand, with the duplicates still in the trash.
    await order.settled(await order.changes.apply(changeId(), { kind: 'images', imageIds: [keep] }, { kind: 'empty' }));
    expect(readImage(db, keep)).toBeNull();
    expect(await order.changes.undo(change.id)).toMatchObject({ left: 1 });
    expect(others.map((id) => readImage(db, id)?.trashedAt)).toEqual([null, null]);
    expect(await order.changes.redo(change.id)).toMatchObject({ state: 'done' });
    expect(db.pragma('foreign_key_check')).toEqual([]);
  });

  it('can’t be undone when all of its images were deleted for good', async () => {
    const { order, keep, change } = await merged();
    await order.apply([keep], { kind: 'trash' });
    expect(await emptyTrash(order)).toMatchObject({ images: 3 });
    expect(await reportOf(() => order.changes.undo(change.id))).toMatchObject({
      message: 'Its images were deleted for good, so this can’t be undone. Nothing was changed.',
    });
  });
});

describe('a tagging is undone and redone after its tag', () => {
  const wide = (
    { changes, library, settled }: TestOrder,
    plan: () => ReturnType<typeof planTagMerge>,
  ): Promise<Change> =>
    changes
      .perform(
        changeId(),
        () => Promise.resolve(imagesWithTags(library.db, plan().keys, -1, 1e6)),
        (images) => plan().plan(images),
      )
      .then(settled);

  const CASES: [name: string, act: (order: TestOrder) => Promise<Change>, undone: string[], redone: string[]][] = [
    [
      'was renamed',
      (order) =>
        order.changes.perform(changeId(), none, () => planTagRename(order.library.db, tagId(order, 'wip'), 'later')),
      ['later 0', 'other 1'],
      ['later 2', 'other 1'],
    ],
    [
      'was moved',
      (order) =>
        order.changes.perform(changeId(), none, () =>
          planTagMove(order.library.db, tagId(order, 'wip'), tagId(order, 'other')),
        ),
      ['other 1', 'other/wip 0'],
      ['other 3', 'other/wip 2'],
    ],
    [
      'was merged into another one',
      (order) => wide(order, () => planTagMerge(order.library.db, tagId(order, 'wip'), tagId(order, 'other'))),
      ['other 3'],
      ['other 3', 'wip 2'],
    ],
    [
      'was removed',
      (order) => wide(order, () => planTagRemoval(order.library.db, tagId(order, 'wip'))),
      ['other 1'],
      ['other 1', 'wip 2'],
    ],
  ];
  it.each(CASES)('%s', async (_name, act, undone, redone) => {
    const order = await testOrder(3);
    const tagged = await order.apply(order.images.slice(0, 2), { kind: 'tag', add: ['wip'], remove: [] });
    await order.apply(order.images.slice(2), { kind: 'tag', add: ['other'], remove: [] });
    const before = everyRow(order.library.db);
    const acted = await act(order);
    await order.changes.undo(tagged.id);
    expect(await paths(order)).toEqual(undone);
    await order.changes.redo(tagged.id);
    expect(await paths(order)).toEqual(redone);
    await order.changes.undo(acted.id);
    expect((await paths(order)).filter((path) => path.startsWith('wip'))).toEqual(['wip 2']);
    if (redone.length === 2 && !redone.includes('other 3')) return;
    expect(everyRow(order.library.db).imageTags).toEqual(before['imageTags']);
  });

  it('was removed, and another one took its name: that one stays as it is', async () => {
    const order = await testOrder(3);
    const tagged = await order.apply(order.images.slice(0, 2), { kind: 'tag', add: ['wip'], remove: [] });
    await order.changes.undo(tagged.id);
    await order.apply(order.images.slice(2), { kind: 'tag', add: ['WIP'], remove: [] });
    expect(await order.changes.redo(tagged.id)).toMatchObject({ left: 2 });
    expect(await paths(order)).toEqual(['WIP 1']);
    await order.changes.undo(tagged.id);
    expect(await paths(order)).toEqual(['WIP 1']);
  });
});

it('an image that is restored after its collection was removed isn’t in one; undoing the removal puts it back', async () => {
  const order = await testOrder(2);
  const { apply, changes, images, library } = order;
  const id = insertCollection(library.db, 'Ships');
  await apply(images, { kind: 'collect', collectionId: id, on: true, before: null });
  const before = everyRow(library.db);
  await apply(images.slice(0, 1), { kind: 'trash' });
  const removed = await changes.perform(
    changeId(),
    () => Promise.resolve(membersAfter(library.db, requireCollection(library.db, id).key, -1, 10)),
    (members) => planCollectionRemoval(library.db, id, members),
  );
  await apply(images.slice(0, 1), { kind: 'restore' });
  expect(readImage(library.db, images[0] as ImageId)).toMatchObject({ trashedAt: null, collections: [] });
  expect(
    await reportOf(() => apply(images, { kind: 'collect', collectionId: id, on: true, before: null })),
  ).toMatchObject({ code: 'not-found' });
  await changes.undo(removed.id);
  expect(everyRow(library.db)).toEqual(before);
});

it('a cover or a parent that is gone when a collection comes back is left out', async () => {
  const order = await testOrder(2);
  const { apply, changes, images, library, settled } = order;
  const [above, below] = [insertCollection(library.db, 'Above'), insertCollection(library.db, 'Below')];
  const change = (edit: object): Promise<Change> =>
    changes.perform(changeId(), none, () => planCollectionChange(library.db, { collectionId: below, ...edit }, []));
  await change({ parentId: above, coverId: images[0] });
  const remove = (id: typeof above): Promise<Change> =>
    changes.perform(changeId(), none, () => planCollectionRemoval(library.db, id, []));
  const removed = await remove(below);
  const removedAbove = await remove(above);
  await apply(images.slice(0, 1), { kind: 'trash' });
  await settled(await changes.apply(changeId(), { kind: 'images', imageIds: [...images] }, { kind: 'empty' }));
  await changes.undo(removed.id);
  await changes.undo(removedAbove.id);
  const row = library.db.prepare('SELECT name, cover FROM collections ORDER BY name').all();
  expect(row).toContainEqual({ name: 'Above', cover: null });
  expect(library.db.pragma('foreign_key_check')).toEqual([]);
});

it('the journal leaves what another process changed between two starts', async () => {
  const folder = join(await emptyFolder(), 'library');
  const first = await testOrder(4, folder);
  const rated = await first.apply(first.images, { kind: 'rate', rating: 3 });
  const tagged = await first.apply(first.images, { kind: 'tag', add: ['wip'], remove: [] });
  const noted = await first.apply(first.images.slice(0, 2), { kind: 'note', note: 'mine' });
  await first.changes.close();
  first.library.close();
  const other = new Database(join(folder, 'library.db'));
  other.exec(`UPDATE images SET rating = 5 WHERE timeline = (SELECT min(timeline) FROM images);
    UPDATE images SET note = 'theirs' WHERE timeline = (SELECT min(timeline) FROM images);
    UPDATE tags SET name = 'theirs', folded = 'theirs'`);
  other.close();
  const again = openOrder(await testLibrary(folder));
  expect(await again.changes.undo(noted.id)).toMatchObject({ left: 1 });
  expect(await again.changes.undo(tagged.id)).toMatchObject({ left: 0 });
  expect(await again.changes.undo(rated.id)).toMatchObject({ left: 1 });
  const rows = again.library.db.prepare('SELECT rating, note FROM images ORDER BY timeline').raw().all();
  expect(rows).toEqual([
    [5, 'theirs'],
    [0, null],
    [0, null],
    [0, null],
  ]);
  // The tag has another name, so it isn't the one that this change made any more.
  expect(await paths(again)).toEqual(['theirs 0']);
});

it('two pages that edit the same image: each field has the last value, and each undo takes back its own', async () => {
  const { apply, changes, images, library } = await testOrder(1);
  const id = images[0] as ImageId;
  const here = [
    await apply(images, { kind: 'rate', rating: 2 }),
    await apply(images, { kind: 'note', note: 'here' }),
    await apply(images, { kind: 'tag', add: ['both', 'here'], remove: [] }),
  ];
  const there = [
    await apply(images, { kind: 'rate', rating: 5 }),
    await apply(images, { kind: 'favourite', on: true }),
    await apply(images, { kind: 'tag', add: ['both', 'there'], remove: [] }),
  ];
  const now = (): unknown => {
    const image = readImage(library.db, id);
    return [image?.marks.rating, image?.marks.favourite, image?.note, image?.tags.map(({ path }) => path).sort()];
  };
  expect(now()).toEqual([5, true, 'here', ['both', 'here', 'there']]);
  for (const { id: change } of here.toReversed()) await changes.undo(change);
  // “both” was given here first.
  expect(now()).toEqual([5, true, '', ['there']]);
  for (const { id: change } of there.toReversed()) await changes.undo(change);
  expect(now()).toEqual([2, false, '', []]);
});

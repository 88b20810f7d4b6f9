import { describe, expect, it } from 'vitest';
import type { Change } from '../../../electron/contract/entities/changes.ts';
import type { Collection } from '../../../electron/contract/entities/collections.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import {
  membersAfter,
  planCollection,
  planCollectionChange,
  planCollectionRemoval,
  type CollectionChange,
} from '../../../electron/library/order/collection-changes.ts';
import { requireCollection } from '../../../electron/library/order/collection-rows.ts';
import { listCollections } from '../../../electron/library/order/read-collections.ts';
import { listTags } from '../../../electron/library/order/read-tags.ts';
import {
  planTagMerge,
  planTagMove,
  planTagRemoval,
  planTagRename,
  type TagsPlan,
} from '../../../electron/library/order/tag-changes.ts';
import { imagesWithTags } from '../../../electron/library/order/tag-rows.ts';
import { reportOf } from '../test-library.ts';
import { changeId, everyRow, tagId, testOrder, type TestOrder } from './order-fixtures.ts';

const shownTags = async ({ library }: TestOrder): Promise<string[]> =>
  (await listTags(library.db)).map(({ path, images }) => `${path} ${String(images)}`);

const tag = (order: TestOrder, from: number, to: number, ...add: string[]): Promise<Change> =>
  order.apply(order.images.slice(from, to), { kind: 'tag', add, remove: [] });

const none = (): Promise<number[]> => Promise.resolve([]);

function wide({ changes, library, settled }: TestOrder, plan: () => TagsPlan): Promise<Change> {
  const images = () => Promise.resolve(imagesWithTags(library.db, plan().keys, -1, 1e6));
  return changes.perform(changeId(), images, (timelines) => plan().plan(timelines)).then(settled);
}

describe('tags', () => {
  it('count images that have them or one below them, each once', async () => {
    const order = await testOrder(4);
    await tag(order, 0, 2, 'client', 'client/acme');
    await tag(order, 1, 3, 'client/zeta');
    expect(await shownTags(order)).toEqual(['client 3', 'client/acme 2', 'client/zeta 2']);
    await order.apply(order.images.slice(1, 2), { kind: 'trash' });
    expect(await shownTags(order)).toEqual(['client 2', 'client/acme 1', 'client/zeta 1']);
  });

  it('are renamed and moved, but not onto another one or below themselves', async () => {
    const order = await testOrder(2);
    const { changes, library } = order;
    await tag(order, 0, 1, 'client/acme', 'client/zeta', 'wip');
    const before = everyRow(library.db);
    const rename = (path: string, name: string) =>
      changes.perform(changeId(), none, () => planTagRename(library.db, tagId(order, path), name));
    const move = (path: string, to: string | null) =>
      changes.perform(changeId(), none, () =>
        planTagMove(library.db, tagId(order, path), to === null ? null : tagId(order, to)),
      );
    const renamed = await rename('client', ' Kunden\u202e ');
    const moved = await move('wip', 'Kunden');
    expect(await shownTags(order)).toEqual(['Kunden 1', 'Kunden/acme 1', 'Kunden/wip 1', 'Kunden/zeta 1']);
    expect(await reportOf(() => rename('Kunden/acme', 'ZETA'))).toMatchObject({
      message: 'There is already a tag “Kunden/zeta”. Merge the two instead. Nothing was changed.',
    });
    expect(await reportOf(() => rename('Kunden/acme', 'a/b'))).toMatchObject({ code: 'parameter-invalid' });
    expect(await reportOf(() => move('Kunden', 'Kunden/acme'))).toMatchObject({ code: 'parameter-invalid' });
    await changes.undo(renamed.id);
    await changes.undo(moved.id);
    expect(everyRow(library.db)).toEqual(before);
  });

  it('merge with all below them; undo brings everything back', async () => {
    const order = await testOrder(4);
    const { changes, library } = order;
    await tag(order, 0, 2, 'a/x', 'a/y', 'a');
    await tag(order, 1, 4, 'b/x', 'b');
    const before = everyRow(library.db);
    const merged = await wide(order, () => planTagMerge(library.db, tagId(order, 'a'), tagId(order, 'b')));
    expect(await shownTags(order)).toEqual(['b 4', 'b/x 4', 'b/y 2']);
    const after = everyRow(library.db);
    expect(await changes.undo(merged.id)).toMatchObject({ left: 0 });
    expect(everyRow(library.db)).toEqual(before);
    await changes.redo(merged.id);
    expect(everyRow(library.db)).toEqual(after);
    expect(
      await reportOf(() => wide(order, () => planTagMerge(library.db, tagId(order, 'b'), tagId(order, 'b/x')))),
    ).toMatchObject({
      code: 'parameter-invalid',
    });
  });

  it('are removed with all below them, from many images in slices', async () => {
    const order = await testOrder(900);
    const { changes, library, events, settled } = order;
    await settled(await tag(order, 0, 900, 'a/x', 'b'));
    const before = everyRow(library.db);
    const removed = await wide(order, () => planTagRemoval(library.db, tagId(order, 'a')));
    expect(removed).toMatchObject({ state: 'done', images: 900 });
    expect(events.filter(({ id }) => id === removed.id).length).toBeGreaterThan(1);
    expect(await shownTags(order)).toEqual(['b 900']);
    await settled(await changes.undo(removed.id));
    expect(everyRow(library.db)).toEqual(before);
  });

  it('are listed in time that grows with their number, up to 10,000', async () => {
    const { library } = await testOrder(1);
    const insert = library.db.prepare('INSERT INTO tags (id, parent, name, folded, created_at) VALUES (?, ?, ?, ?, 1)');
    const addTags = library.db.transaction((from: number, to: number) => {
      for (let at = from; at <= to; at += 1)
        insert.run(
          String(at).padStart(36, '0'),
          at > 100 ? (at % 100) + 1 : null,
          `tag ${String(at)}`,
          `tag ${String(at)}`,
        );
    });
    // The same number of tags in all, so that a busy machine slows both alike.
    const quickest = async (count: number, repeats: number): Promise<number> => {
      const times: number[] = [];
      for (let round = 0; round < 7; round += 1) {
        const start = performance.now();
        for (let repeat = 0; repeat < repeats; repeat += 1) expect((await listTags(library.db)).length).toBe(count);
        times.push(performance.now() - start);
      }
      return Math.min(...times);
    };
    addTags(1, 1000);
    const few = await quickest(1000, 10);
    addTags(1001, 10_000);
    // Ten times as long if each tag looked at every other one.
    expect((await quickest(10_000, 1)) / few).toBeLessThan(5);
  });
});

it('count images of large tags in pages, each image once', async () => {
  const { library } = await testOrder(5000);
  library.db
    .exec(`INSERT INTO tags (key, id, parent, name, folded, created_at) VALUES (1, '${'1'.repeat(36)}', NULL, 'a', 'a', 1),
      (2, '${'2'.repeat(36)}', 1, 'b', 'b', 1), (3, '${'3'.repeat(36)}', 1, 'c', 'c', 1);
    INSERT INTO image_tags SELECT 2, timeline FROM images WHERE created_at <= 4500;
    INSERT INTO image_tags SELECT 3, timeline FROM images WHERE created_at > 4000;
    UPDATE images SET deleted_at = 1 WHERE created_at % 10 = 0`);
  expect((await listTags(library.db)).map(({ images }) => images)).toEqual([4500, 4050, 900]);
});

describe('collections', () => {
  const create = async (order: TestOrder, name: string, parent?: Collection): Promise<Collection> => {
    const { changes, library } = order;
    await changes.perform(changeId(), none, () =>
      planCollection(library.db, { name, parentId: parent?.id ?? null, query: null }, 1),
    );
    const made = listCollections(library.db).find((each) => each.name === name);
    if (!made) throw new Error(`No collection ${name}.`);
    return made;
  };
  const names = ({ library }: TestOrder): string[] =>
    listCollections(library.db).map(({ name, parentId }) => (parentId === null ? name : `  ${name}`));
  const change = ({ changes, library, settled }: TestOrder, change: CollectionChange): Promise<Change> =>
    changes.perform(changeId(), none, () => planCollectionChange(library.db, change, [])).then(settled);
  const order3 = async (order: TestOrder): Promise<[Collection, Collection, Collection]> => [
    await create(order, 'Ships'),
    await create(order, 'Boats'),
    await create(order, 'Masts'),
  ];

  it('are nested one level deep, and put before others', async () => {
    const order = await testOrder(1);
    const [ships, boats, masts] = await order3(order);
    await change(order, { collectionId: masts.id, parentId: ships.id });
    expect(names(order)).toEqual(['Ships', '  Masts', 'Boats']);
    await change(order, { collectionId: boats.id, before: ships.id });
    expect(names(order)).toEqual(['Boats', 'Ships', '  Masts']);
    for (const wrong of [
      { collectionId: ships.id, parentId: boats.id },
      { collectionId: boats.id, parentId: masts.id },
      { collectionId: boats.id, parentId: boats.id },
      { collectionId: boats.id, name: 'ships' },
      { collectionId: boats.id, name: ' \u200b ' },
    ])
      expect(await reportOf(() => change(order, wrong))).toMatchObject({ code: 'parameter-invalid' });
  });

  it('removed: images stay, those below move up, and undo brings all back', async () => {
    const order = await testOrder(3);
    const { apply, changes, library, images } = order;
    const [ships, , masts] = await order3(order);
    await change(order, { collectionId: masts.id, parentId: ships.id });
    await apply(images, { kind: 'collect', collectionId: ships.id, on: true, before: null });
    const before = everyRow(library.db);
    const removed = await changes.perform(
      changeId(),
      () => Promise.resolve(membersAfter(library.db, requireCollection(library.db, ships.id).key, -1, 10)),
      (members) => planCollectionRemoval(library.db, ships.id, members),
    );
    expect(names(order)).toEqual(['Boats', 'Masts']);
    expect(library.db.prepare('SELECT count(*) FROM images').pluck().get()).toBe(3);
    await changes.undo(removed.id);
    expect(everyRow(library.db)).toEqual(before);
  });

  it('keep their images in the order they were put, however often one is put at the same place', async () => {
    const order = await testOrder(120);
    const { apply, library, images } = order;
    const ships = await create(order, 'Ships');
    const [first, last, ...others] = images as [ImageId, ImageId, ...ImageId[]];
    await apply([first, last], { kind: 'collect', collectionId: ships.id, on: true, before: null });
    for (const id of others) await apply([id], { kind: 'collect', collectionId: ships.id, on: true, before: last });
    const ids = (): unknown[] =>
      library.db
        .prepare('SELECT i.id FROM collection_images m JOIN images i USING (timeline) ORDER BY m.position')
        .pluck()
        .all();
    expect(ids()).toEqual([first, ...others, last]);
    await apply([last, first], { kind: 'arrange', collectionId: ships.id, before: others[1] ?? null });
    expect(ids()).toEqual([others[0], last, first, ...others.slice(1)]);
  });

  it('smart ones take no images', async () => {
    const order = await testOrder(1);
    const ships = await create(order, 'Ships');
    await change(order, { collectionId: ships.id, query: 'ship' });
    const collect = order.apply(order.images, { kind: 'collect', collectionId: ships.id, on: true, before: null });
    expect(await reportOf(() => collect)).toMatchObject({ code: 'parameter-invalid' });
    expect(listCollections(order.library.db)[0]).toMatchObject({ query: 'ship', images: null });
  });
});

it('refuses the name that searches use for images without one', async () => {
  const order = await testOrder(2);
  expect(await reportOf(() => tag(order, 0, 1, 'None'))).toMatchObject({
    code: 'parameter-invalid',
    message: 'A tag can’t be called “None”: searches use this word for images without a tag. Nothing was changed.',
  });
  const collection = { name: 'none', parentId: null, query: null };
  expect(await reportOf(() => planCollection(order.library.db, collection, 1))).toMatchObject({
    message:
      'A collection can’t be called “none”: searches use this word for images without a collection. Nothing was changed.',
  });
});

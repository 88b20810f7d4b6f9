import { describe, expect, it } from 'vitest';
import type { Change } from '../../../electron/contract/entities/changes.ts';
import { MAX_QUERY_LENGTH } from '../../../electron/contract/entities/query.ts';
import { keptText } from '../../../electron/contract/rules/describe-change.ts';
import { planCollectionChange } from '../../../electron/library/order/collection-changes.ts';
import {
  planTagMerge,
  planTagMove,
  planTagRemoval,
  planTagRename,
  type TagsPlan,
} from '../../../electron/library/order/tag-changes.ts';
import { imagesWithTags } from '../../../electron/library/order/tag-rows.ts';
import { changeId, everyRow, insertCollection, tagId, testOrder } from './order-fixtures.ts';

const none = (): Promise<number[]> => Promise.resolve([]);

/** Smart collections of these queries, in a library whose images have these tags. */
async function opened(queries: readonly string[], tags: string[] = ['client/acme', 'client/zeta', 'wip']) {
  const order = await testOrder(3);
  const { apply, changes, images, library, settled } = order;
  await apply(images.slice(0, 2), { kind: 'tag', add: tags, remove: [] });
  for (const [at, query] of queries.entries())
    library.db
      .prepare('UPDATE collections SET query = ? WHERE id = ?')
      .run(query, insertCollection(library.db, `Saved ${at}`));
  const wide = (plan: () => TagsPlan): Promise<Change> =>
    changes
      .perform(
        changeId(),
        () => Promise.resolve(imagesWithTags(library.db, plan().keys, -1, 1e6)),
        (found) => plan().plan(found),
      )
      .then(settled);
  return {
    order,
    saved: () => library.db.prepare('SELECT query FROM collections WHERE query IS NOT NULL ORDER BY key').pluck().all(),
    rename: (path: string, name: string) =>
      changes.perform(changeId(), none, () => planTagRename(library.db, tagId(order, path), name)),
    move: (path: string, below: string | null) =>
      changes.perform(changeId(), none, () =>
        planTagMove(library.db, tagId(order, path), below === null ? null : tagId(order, below)),
      ),
    merge: (path: string, into: string) => wide(() => planTagMerge(library.db, tagId(order, path), tagId(order, into))),
    remove: (path: string) => wide(() => planTagRemoval(library.db, tagId(order, path))),
  };
}

describe('the query of a smart collection', () => {
  it('names a renamed tag by its new name, with those below it; the rest stays as typed, and undo puts it back', async () => {
    const queries = [
      'fox  tags:CLIENT/Acme,wip -tag:client date:this-week',
      'tag:"client / acme" "tag:client"',
      'tag:clients tag:none client',
    ];
    const { order, rename, saved } = await opened(queries);
    const before = everyRow(order.library.db);
    const renamed = await rename('client', 'Kunden, neu');
    expect(saved()).toEqual([
      'fox  tag:"Kunden, neu/Acme",wip -tag:"Kunden, neu" date:this-week',
      'tag:"Kunden, neu/ acme" "tag:client"',
      'tag:clients tag:none client',
    ]);
    await order.changes.undo(renamed.id);
    expect(everyRow(order.library.db)).toEqual(before);
    await order.changes.redo(renamed.id);
    expect(saved()[2]).toBe(queries[2]);
    expect(saved()[0]).toContain('Kunden');
  });

  it('follows a tag that is moved, or merged into another one', async () => {
    const { merge, move, order, saved } = await opened(['tag:client/acme,wip', '-tag:wip rating:>=3']);
    const before = everyRow(order.library.db);
    const moved = await move('client/acme', 'wip');
    expect(saved()).toEqual(['tag:wip/acme,wip', '-tag:wip rating:>=3']);
    const merged = await merge('wip', 'client');
    expect(saved()).toEqual(['tag:client/acme,client', '-tag:client rating:>=3']);
    await order.changes.undo(merged.id);
    await order.changes.undo(moved.id);
    expect(everyRow(order.library.db)).toEqual(before);
  });

  it('names each tag once after a merge', async () => {
    const { merge, saved } = await opened(['tag:wip,client/zeta']);
    await merge('wip', 'client/zeta');
    expect(saved()).toEqual(['tag:client/zeta']);
  });

  it('keeps the name of a removed tag', async () => {
    const { order, remove, saved } = await opened(['tag:wip fox']);
    const removed = await remove('wip');
    expect(saved()).toEqual(['tag:wip fox']);
    await order.changes.undo(removed.id);
    expect(saved()).toEqual(['tag:wip fox']);
  });

  it('that was edited since is left by undo, and so is one whose tag can’t have its old name back', async () => {
    const { order, rename, saved } = await opened(['tag:wip', 'tag:wip fox']);
    const renamed = await rename('wip', 'later');
    order.library.db.exec("UPDATE collections SET query = 'tag:later boat' WHERE query = 'tag:later fox'");
    await order.changes.undo(renamed.id);
    expect(saved()).toEqual(['tag:wip', 'tag:later boat']);
    const again = await rename('wip', 'done');
    await order.apply(order.images, { kind: 'tag', add: ['wip'], remove: [] });
    await order.changes.undo(again.id);
    // “wip” is another tag now.
    expect(saved()).toEqual(['tag:done', 'tag:later boat']);
  });

  it('stays as it is where it would be too long, or can’t be read', async () => {
    const long = `tag:wip ${'x'.repeat(MAX_QUERY_LENGTH - 8)}`;
    const { order, rename, saved } = await opened([long, 'tag: tag:"wip', '::: -']);
    const renamed = await rename('wip', 'work in progress');
    expect(saved()).toEqual([long, 'tag: tag:"wip', '::: -']);
    expect(renamed.edit).toMatchObject({ kind: 'tag-rename', tooLong: ['Saved 0'] });
    expect(keptText(renamed)).toBe(
      'The smart collection “Saved 0” still uses the old name: with the new one, its query would be too long',
    );
    // It is said again after a restart.
    expect(order.changes.list({ after: null, limit: 1 }).changes[0]?.edit).toEqual(renamed.edit);
  });

  it('names a renamed collection by its new name, also its own', async () => {
    const { order, saved } = await opened(['in:"saved 0" fox', '-in:"Saved 0","SAVED 1"']);
    const { changes, library } = order;
    const own = library.db.prepare("SELECT id FROM collections WHERE name = 'Saved 0'").pluck().get() as never;
    const before = everyRow(library.db);
    const change = (more: object): Promise<Change> =>
      changes.perform(changeId(), none, () =>
        planCollectionChange(library.db, { collectionId: own, name: 'Füchse', ...more }, []),
      );
    const renamed = await change({});
    expect(saved()).toEqual(['in:Füchse fox', '-in:Füchse,"SAVED 1"']);
    await changes.undo(renamed.id);
    expect(everyRow(library.db)).toEqual(before);
    await change({ query: 'boat' });
    expect(saved()).toEqual(['boat', '-in:Füchse,"SAVED 1"']);
  });
});

it.each(['-dash', 'a,b', 'say "so"', 'back\\slash', '🦊 fox', 'a:b*', '(x)', 'שלום', '雪の中', "it's", 'OR'])(
  'a tag that is renamed to %s is found by the query that is written',
  async (name) => {
    const { order, rename, saved } = await opened(['tag:wip']);
    await rename('wip', name);
    await rename(name, 'plain');
    expect(saved()).toEqual(['tag:plain']);
    expect(order.failures).toEqual([]);
  },
);

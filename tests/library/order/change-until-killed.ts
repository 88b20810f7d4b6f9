/*
 * Changes a library at random until it is killed: `change-until-killed.ts FOLDER SEED`. Each change concerns all images, or a fixed part of
 * them, so that it can be seen whether it was made as a whole. Writes a line when a change begins.
 */
import { setImmediate } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import type { Change, Edit } from '../../../electron/contract/entities/changes.ts';
import type { ChangeId, CollectionId, ImageId, TagId } from '../../../electron/contract/entities/ids.ts';
import type { Selection } from '../../../electron/contract/entities/views.ts';
import { openLibrary } from '../../../electron/library/library.ts';
import { LibraryChanges } from '../../../electron/library/order/library-changes.ts';
import { listTags } from '../../../electron/library/order/read-tags.ts';
import { planTagMerge, planTagRemoval, planTagRename } from '../../../electron/library/order/tag-changes.ts';
import { imagesWithTags } from '../../../electron/library/order/tag-rows.ts';

/** Keys of the collection and of the tag that the test made. */
const [BULK, NAMED] = [1, 1];

const [, , folder = '', seed = '1'] = process.argv;
const library = await openLibrary(folder);
const { db } = library;
const ended = new Set<() => void>();
const changes = new LibraryChanges({
  library,
  // Images of the front half are edited; the others are trashed and deleted.
  resolve: ({ question }) =>
    Promise.resolve(
      db
        .prepare<[string], number>(
          `SELECT timeline FROM images WHERE (${question.query}) AND ? <> '' ORDER BY timeline`,
        )
        .pluck()
        .all('x'),
    ),
  changed: ({ state }) => {
    if (state !== 'applying' && state !== 'reverting') for (const end of ended) end();
  },
  failed: (thrown) => console.error(thrown),
});

let random = Number(seed);
const next = (below: number): number => {
  random = (random * 48271) % 2147483647;
  return random % below;
};

const where = (query: string): Selection =>
  ({ kind: 'view', question: { query }, ranges: 'all', except: [], also: [], until: 0 }) as unknown as Selection;
const EDITED = where('created_at % 4 < 2');
const DELETED = where('created_at % 4 = 2');

async function settled(begin: () => Promise<Change>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const end = (): void => {
      ended.delete(end);
      resolve();
    };
    ended.add(end);
    begin().catch(reject);
  });
}
const apply = (selection: Selection, edit: Edit): Promise<void> =>
  settled(() => changes.apply(uuid() as ChangeId, selection, edit));

const ACTS: (() => Promise<void>)[] = [
  () => apply(EDITED, { kind: 'tag', add: [`bulk/${String(next(1000))}`], remove: [] }),
  () =>
    apply(EDITED, {
      kind: 'rate',
      rating: (((db.prepare<[], number>('SELECT max(rating) FROM images').pluck().get() ?? 0) % 5) + 1) as 3,
    }),
  async () => {
    const tags = (await listTags(db)).filter(({ path, images }) => path.startsWith('bulk/') && images > 0);
    const [from, into] = [tags[0], tags[1]];
    if (!from || !into) return;
    await settled(() =>
      changes.perform(
        uuid() as ChangeId,
        () => Promise.resolve(imagesWithTags(db, planTagMerge(db, from.id, into.id).keys, -1, 100_000)),
        (images) => planTagMerge(db, from.id, into.id).plan(images),
      ),
    );
  },
  async () => {
    const { changes: list } = changes.list({ after: null, limit: 5 });
    const last = list.find(({ state }) => state === 'done');
    if (last) await settled(() => changes.undo(last.id));
  },
  async () => {
    const last = changes.list({ after: null, limit: 1 }).changes.find(({ state }) => state === 'undone');
    if (last) await settled(() => changes.redo(last.id));
  },
  () =>
    apply(EDITED, {
      kind: 'merge',
      keep: db
        .prepare<[], ImageId>('SELECT id FROM images WHERE created_at % 4 < 2 AND deleted_at IS NULL ORDER BY timeline')
        .pluck()
        .get() as ImageId,
    }),
  () => apply(EDITED, { kind: 'restore' }),
  () => apply(DELETED, { kind: 'trash' }),
  () => apply(DELETED, { kind: 'empty' }),
  () => apply(EDITED, { kind: 'collect', collectionId: requireId('collections', BULK), on: true, before: null }),
  () => apply(EDITED, { kind: 'collect', collectionId: requireId('collections', BULK), on: false, before: null }),
  // Half of them before the middle one, so that neighbours make room.
  () =>
    apply(where('created_at % 4 = 1'), {
      kind: 'arrange',
      collectionId: requireId('collections', BULK),
      before: db
        .prepare<[], ImageId>('SELECT id FROM images WHERE created_at % 4 = 0 ORDER BY timeline LIMIT 1 OFFSET 50')
        .pluck()
        .get() as ImageId,
    }),
  async () => {
    const tagId = requireId('tags', NAMED) as string as TagId;
    await settled(() =>
      changes.perform(
        uuid() as ChangeId,
        () => Promise.resolve([]),
        () => planTagRename(db, tagId, `name, ${String(next(1000))}`),
      ),
    );
  },
  async () => {
    const tag = (await listTags(db)).find(({ path, images }) => path.startsWith('bulk/') && images > 0);
    if (!tag) return;
    await settled(() =>
      changes.perform(
        uuid() as ChangeId,
        () => Promise.resolve(imagesWithTags(db, planTagRemoval(db, tag.id).keys, -1, 100_000)),
        (images) => planTagRemoval(db, tag.id).plan(images),
      ),
    );
  },
  async () => {
    // Cancelled somewhere in the middle.
    const id = uuid() as ChangeId;
    const applied = changes.apply(id, EDITED, { kind: 'favourite', on: next(2) === 1 });
    await applied;
    for (let turn = next(8); turn > 0; turn -= 1) await setImmediate();
    await changes.cancel(id);
  },
];

/** @throws if the test didn't make it */
function requireId(table: 'tags' | 'collections', key: number): CollectionId {
  return db.prepare<[number], CollectionId>(`SELECT id FROM ${table} WHERE key = ?`).pluck().get(key) as CollectionId;
}

for (;;) {
  const act = next(ACTS.length);
  console.log(act);
  // Nothing to merge with, or nothing left to delete.
  await ACTS[act]?.().catch(() => undefined);
}

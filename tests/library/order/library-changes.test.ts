import { describe, expect, it } from 'vitest';
import type { Edit } from '../../../electron/contract/entities/changes.ts';
import type { ImageId, TagId } from '../../../electron/contract/entities/ids.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { listTags } from '../../../electron/library/order/read-tags.ts';
import { reportOf } from '../test-library.ts';
import fc from '../../fast-check.ts';
import { changeId, everyRow, insertCollection, testOrder, type TestOrder } from './order-fixtures.ts';

describe('an edit', () => {
  it('rates, and can be undone and redone', async () => {
    const { apply, changes, images, library } = await testOrder(3);
    const rated = await apply(images.slice(0, 2), { kind: 'rate', rating: 4 });
    expect(rated).toMatchObject({ state: 'done', images: 2, applied: 2 });
    const ratings = (): unknown => library.db.prepare('SELECT rating FROM images ORDER BY timeline').pluck().all();
    expect(ratings()).toEqual([4, 4, 0]);
    expect(await changes.undo(rated.id)).toMatchObject({ state: 'undone', left: 0 });
    expect(ratings()).toEqual([0, 0, 0]);
    expect(await changes.redo(rated.id)).toMatchObject({ state: 'done', left: 0, undoneAt: null });
    expect(ratings()).toEqual([4, 4, 0]);
  });

  it('is applied once, however often it is called', async () => {
    const { changes, images, events } = await testOrder(2);
    const id = changeId();
    const call = () => changes.apply(id, { kind: 'images', imageIds: images }, { kind: 'rate', rating: 2 });
    const [first, second] = await Promise.all([call(), call()]);
    expect(await call()).toEqual(first);
    expect(second).toEqual(first);
    expect(events).toHaveLength(1);
  });

  it('that changes nothing isn’t kept', async () => {
    const { apply, changes, images } = await testOrder(2);
    expect(await apply(images, { kind: 'rate', rating: 0 })).toMatchObject({ state: 'final', images: 2 });
    expect(changes.list({ after: null, limit: 10 }).changes).toEqual([]);
  });

  it('skips images that aren’t there, and says when none is', async () => {
    const { apply, images } = await testOrder(2);
    const missing = '01890000-0000-7000-8000-ffffffffffff' as ImageId;
    expect(await apply([missing, ...images, ...images], { kind: 'favourite', on: true })).toMatchObject({ images: 2 });
    expect(await reportOf(() => apply([missing], { kind: 'favourite', on: true }))).toMatchObject({
      code: 'not-found',
    });
  });

  it('creates tags with those above them, once for every spelling', async () => {
    const { apply, changes, images, library } = await testOrder(3);
    const tagged = await apply(images, { kind: 'tag', add: ['client / Acme', 'Client/ÁCME', 'wip'], remove: [] });
    expect(tagged.names).toEqual(['client/Acme', 'wip']);
    expect((await listTags(library.db)).map(({ path, images }) => [path, images])).toEqual([
      ['client', 3],
      ['client/Acme', 3],
      ['wip', 3],
    ]);
    const id = (await listTags(library.db))[2]?.id as TagId;
    await apply(images.slice(0, 1), { kind: 'tag', add: [], remove: [id] });
    expect(readImage(library.db, images[0] as ImageId)?.tags.map(({ path }) => path)).toEqual(['client/Acme']);
    await changes.undo(tagged.id);
    expect(await listTags(library.db)).toEqual([]);
  });

  it.each(['', ' / ', 'a//b', 'x'.repeat(121), '\u200b'])('refuses the tag %j and changes nothing', async (path) => {
    const { apply, images, library } = await testOrder(1);
    const report = await reportOf(() => apply(images, { kind: 'tag', add: ['fine', path], remove: [] }));
    expect(report).toMatchObject({ code: 'parameter-invalid' });
    expect(report.message).toMatch(/Nothing was changed\.$/u);
    expect(await listTags(library.db)).toEqual([]);
  });
});

describe('undo', () => {
  it('leaves what was changed later, image by image, and says how many', async () => {
    const { apply, changes, images, library } = await testOrder(3);
    const first = await apply(images, { kind: 'rate', rating: 4 });
    await apply(images.slice(0, 1), { kind: 'rate', rating: 5 });
    expect(await changes.undo(first.id)).toMatchObject({ state: 'undone', left: 1 });
    expect(library.db.prepare('SELECT rating FROM images ORDER BY timeline').pluck().all()).toEqual([5, 0, 0]);
  });

  it('of everything in reverse restores every row, and redoing everything restores it again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEdit, { minLength: 1, maxLength: 12 }), async (edits) => {
        const order = await testOrder(6);
        insertCollection(order.library.db, 'Ships');
        insertCollection(order.library.db, 'Boats');
        await checkUndoRedo(order, edits);
      }),
      { numRuns: 15 },
    );
  });
});

interface AnyEdit {
  images: number[];
  make(order: TestOrder): Edit;
}
const few = fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 6 });
const collectionAt = ({ library }: TestOrder, at: number) =>
  library.db.prepare('SELECT id FROM collections ORDER BY key').pluck().all()[at] as never;
const path = fc.constantFrom('a', 'a/b', 'a/b/c', 'c', 'B');
const anyEdit: fc.Arbitrary<AnyEdit> = fc.oneof(
  fc.record({ images: few, rating: fc.integer({ min: 0, max: 5 }) }).map(({ images, rating }) => ({
    images,
    make: () => ({ kind: 'rate' as const, rating: rating as 3 }),
  })),
  fc
    .record({ images: few, on: fc.boolean(), kind: fc.constantFrom('favourite' as const, 'reject' as const) })
    .map(({ images, on, kind }) => ({ images, make: () => ({ kind, on }) })),
  fc.record({ images: few, note: fc.constantFrom('', 'good', 'a "quoted"\nnote') }).map(({ images, note }) => ({
    images,
    make: () => ({ kind: 'note' as const, note }),
  })),
  fc.record({ images: few, kind: fc.constantFrom('trash' as const, 'restore' as const) }).map(({ images, kind }) => ({
    images,
    make: () => ({ kind }),
  })),
  fc
    .record({ images: few, add: fc.array(path, { maxLength: 3 }), remove: fc.array(fc.nat(), { maxLength: 2 }) })
    .map(({ images, add, remove }) => ({
      images,
      make: ({ library }: TestOrder) => {
        const tags = library.db.prepare<[], TagId>('SELECT id FROM tags ORDER BY key').pluck().all();
        return { kind: 'tag' as const, add, remove: remove.flatMap((at) => tags[at % tags.length] ?? []) };
      },
    })),
  fc
    .record({
      images: few,
      on: fc.boolean(),
      at: fc.nat({ max: 1 }),
      before: fc.option(fc.integer({ min: 0, max: 5 })),
    })
    .map(({ images, on, at, before }) => ({
      images,
      make: (order: TestOrder) => ({
        kind: 'collect' as const,
        collectionId: collectionAt(order, at),
        on,
        before: before === null ? null : (order.images[before] ?? null),
      }),
    })),
  fc
    .record({ images: few, at: fc.nat({ max: 1 }), before: fc.option(fc.integer({ min: 0, max: 5 })) })
    .map(({ images, at, before }) => ({
      images,
      make: (order: TestOrder) => ({
        kind: 'arrange' as const,
        collectionId: collectionAt(order, at),
        before: before === null ? null : (order.images[before] ?? null),
      }),
    })),
  fc.integer({ min: 0, max: 5 }).map((at) => ({ images: [at], make: () => ({ kind: 'cover' as const }) })),
  few
    .filter(({ length }) => length > 1)
    .map((images) => ({
      images,
      make: (order: TestOrder) => ({ kind: 'merge' as const, keep: order.images[images[0] ?? 0] as ImageId }),
    })),
);

async function checkUndoRedo(order: TestOrder, edits: AnyEdit[]): Promise<void> {
  const { apply, changes, images, library } = order;
  const before = everyRow(library.db);
  for (const edit of edits) {
    const chosen = edit.images.map((at) => images[at] as ImageId);
    // Merging with an image in the trash is refused.
    await apply(chosen, edit.make(order)).catch((thrown: unknown) => {
      if ((thrown as { code?: string }).code !== 'parameter-invalid') throw thrown;
    });
  }
  const after = everyRow(library.db);
  const journal = changes.list({ after: null, limit: 50 }).changes;
  for (const { id } of journal) expect(await changes.undo(id)).toMatchObject({ left: 0 });
  expect(everyRow(library.db)).toEqual(before);
  for (const { id } of journal.toReversed()) expect(await changes.redo(id)).toMatchObject({ left: 0 });
  expect(everyRow(library.db)).toEqual(after);
}

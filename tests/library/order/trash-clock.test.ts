import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Change } from '../../../electron/contract/entities/changes.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { Selection } from '../../../electron/contract/entities/views.ts';
import { reportOf } from '../test-library.ts';
import { changeId, testOrder, type TestOrder } from './order-fixtures.ts';

/* The trash, with a clock that was ahead or is set back. “Until” is when the person saw what is in it. */

const TODAY = Date.UTC(2026, 1, 28, 23, 59, 59);
const AHEAD = Date.UTC(2031, 0, 1);

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: TODAY }));
afterEach(() => void vi.useRealTimers());

const empty = async ({ changes, settled }: TestOrder, until: number): Promise<Change> =>
  settled(await changes.apply(changeId(), { kind: 'view', until } as Selection, { kind: 'empty' }));
const left = ({ library }: TestOrder): ImageId[] =>
  library.db.prepare<[], ImageId>('SELECT id FROM images ORDER BY timeline').pluck().all();
const trash = ({ apply, images }: TestOrder, ...at: number[]): Promise<Change> =>
  apply(
    at.map((each) => images[each] as ImageId),
    { kind: 'trash' },
  );

it('what was moved there while the clock was ahead is deleted once it is set back', async () => {
  const order = await testOrder(3);
  vi.setSystemTime(AHEAD);
  await trash(order, 0);
  vi.setSystemTime(TODAY);
  await trash(order, 1);
  expect(await empty(order, TODAY)).toMatchObject({ state: 'final', images: 2 });
  expect(left(order)).toEqual([order.images[2]]);
});

it('what came after it was looked at stays, with a clock that was ahead before too', async () => {
  const order = await testOrder(4);
  vi.setSystemTime(AHEAD);
  await trash(order, 0);
  vi.setSystemTime(TODAY);
  await trash(order, 1);
  vi.setSystemTime(TODAY + 5000);
  await trash(order, 2);
  vi.setSystemTime(TODAY + 9000);
  expect(await empty(order, TODAY + 1000)).toMatchObject({ images: 2 });
  expect(left(order)).toEqual([order.images[2], order.images[3]]);
});

it('deletes nothing where the clock was set back after it was looked at, once', async () => {
  const order = await testOrder(3);
  vi.setSystemTime(AHEAD);
  await trash(order, 0);
  const seen = AHEAD + 1000;
  vi.setSystemTime(TODAY);
  await trash(order, 1);
  expect(await reportOf(() => empty(order, seen))).toMatchObject({
    code: 'parameter-invalid',
    message: 'The computer’s clock was set back meanwhile. Check the trash, and delete again. Nothing was changed.',
  });
  expect(left(order)).toHaveLength(3);
  vi.setSystemTime(TODAY + 1000);
  expect(await empty(order, TODAY + 500)).toMatchObject({ images: 2 });
});

it('an undo before the clock was set back doesn’t stop the emptying for years', async () => {
  const order = await testOrder(2);
  vi.setSystemTime(AHEAD);
  const moved = await trash(order, 0);
  await order.changes.undo(moved.id);
  await order.changes.redo(moved.id);
  vi.setSystemTime(TODAY);
  expect(await reportOf(() => empty(order, TODAY))).toMatchObject({ code: 'parameter-invalid' });
  vi.setSystemTime(TODAY + 2000);
  expect(await empty(order, TODAY + 1000)).toMatchObject({ images: 1 });
});

it.each([
  ['a second ahead', TODAY + 1000],
  ['at the next leap day', Date.UTC(2028, 1, 29)],
  ['before 1970', -86_400_000],
  ['at 1970', 0],
  ['in the year 9999', Date.UTC(9999, 11, 31)],
])('restores and undoes with a clock that was %s', async (_name, time) => {
  const order = await testOrder(3);
  vi.setSystemTime(time);
  const moved = await trash(order, 0, 1);
  vi.setSystemTime(TODAY);
  await order.apply(order.images, { kind: 'restore' });
  const trashed = (): unknown =>
    order.library.db.prepare('SELECT count(*) FROM images WHERE deleted_at IS NOT NULL').pluck().get();
  expect(trashed()).toBe(0);
  expect(await order.changes.undo(moved.id)).toMatchObject({ left: 2 });
  await trash(order, 2);
  expect(order.changes.list({ after: null, limit: 9 })).toMatchObject({
    changes: [{ edit: { kind: 'trash' } }, { edit: { kind: 'restore' } }, { edit: { kind: 'trash' }, state: 'undone' }],
  });
  expect(trashed()).toBe(1);
});

import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ImageId } from '../../../../electron/contract/entities/ids.ts';
import type { GridImage, View, ViewQuestion } from '../../../../electron/contract/entities/views.ts';
import type { SelectableView } from '../../../../renderer/state/library/selection-source.ts';
import { ImageSelection } from '../../../../renderer/state/library/selection.svelte.ts';
import { setClock } from '../../../../renderer/page/clock.ts';
import { image, scriptedStudio, uuid } from '../scripted-studio.ts';
import { ALL_IMAGES } from '../../../all-images.ts';

const QUESTION: ViewQuestion = { ...ALL_IMAGES, grouping: 'day' };

/** A view of `total` images, numbered by position; rows from `loaded` on aren't loaded. */
function selectionOf(total: number, loaded = total) {
  const ids = Array.from({ length: Math.min(total, 20_000) }, (_, index) => uuid(index) as ImageId);
  const shown: SelectableView & { total: number; view: View | null } = {
    view: { id: 'v1', revision: 1, total, all: total, buckets: [], errors: [], byParts: false },
    total,
    at: (position) => (position < loaded && position < total ? row(ids[position]) : null),
    positions: (asked) => Promise.resolve(asked.map((id) => (ids.includes(id) ? ids.indexOf(id) : null))),
  };
  const script = scriptedStudio({
    'views.rows': ({ from }: { from: number }) => [row(uuid(from) as ImageId)],
  });
  const question = { settled: QUESTION };
  const source = { studio: script.studio, question, view: shown, folder: () => 'L' };
  return { selection: new ImageSelection(source), shown, ids, question, source, script };
}

function row(id: ImageId | undefined): GridImage | null {
  if (id === undefined) return null;
  return { ...image(1, { id, createdAt: 1000 }), marks: { rating: 0, favourite: false, rejected: false }, stack: 1 };
}

beforeEach(() => localStorage.clear());
afterEach(() => setClock(null));

test('images are chosen one by one', () => {
  const { selection } = selectionOf(10);
  selection.only(3);
  selection.toggle(5);
  selection.toggle(3);
  expect(selection.value).toEqual({ kind: 'images', imageIds: [uuid(5)] });
  expect([selection.count, selection.current, selection.has(5, uuid(5) as ImageId)]).toEqual([1, 3, true]);
});

test('Shift extends from the image selected last and gives back what it had beyond', () => {
  const { selection } = selectionOf(10);
  selection.only(3);
  selection.extendTo(6);
  selection.extendTo(1);
  expect(selection.imageIds).toEqual([1, 2, 3].map(uuid));
});

test('a range over rows that aren’t loaded names its ends, and exceptions leave it', async () => {
  const { selection } = selectionOf(1_000_000, 50);
  selection.only(2);
  selection.extendTo(700_000);
  expect([selection.count, selection.has(500_000, null), selection.has(700_001, null)]).toEqual([699_999, true, false]);
  selection.toggle(4);
  expect(selection.count).toBe(699_998);
  expect(await selection.settle()).toMatchObject({
    kind: 'view',
    ranges: [{ first: uuid(2), last: uuid(700_000) }],
    except: [uuid(4)],
    also: [],
  });
  selection.addRange(0, 10);
  expect([selection.count, selection.has(4, uuid(4) as ImageId)]).toEqual([700_001, true]);
});

test('all is one step in any view, without exceptions as they are taken out', () => {
  // With a step for each image this would never end.
  const total = Number.MAX_SAFE_INTEGER;
  const { selection } = selectionOf(total, 50);
  selection.all();
  selection.toggle(7);
  expect([selection.count, selection.has(total - 1, null), selection.has(7, uuid(7) as ImageId)]).toEqual([
    total - 1,
    true,
    false,
  ]);
  expect(selection.value).toMatchObject({ kind: 'view', ranges: 'all', except: [uuid(7)] });
});

test('images that arrive later aren’t selected; those of a clock that was ahead are, as edits mean them', () => {
  let now = 1_700_000_000_000;
  setClock(() => now);
  const { selection, shown } = selectionOf(10);
  selection.all();
  const createdAt = now + 60_000;
  shown.at = () => ({ ...(row(uuid(99) as ImageId) as GridImage), createdAt });
  expect(selection.has(0, uuid(99) as ImageId)).toBe(true);
  now += 60_000;
  expect(selection.has(0, uuid(99) as ImageId)).toBe(false);
});

test('a new revision moves the selection with its images and drops those that are gone', async () => {
  const { selection, shown, ids } = selectionOf(3000, 50);
  selection.follow();
  selection.only(5);
  selection.addRange(100, 2500);
  await selection.settle();
  selection.toggle(6);
  // Two new images at the head; that at 6 leaves.
  ids.splice(6, 1);
  ids.unshift(uuid(900_001) as ImageId, uuid(900_002) as ImageId);
  shown.view = { ...(shown.view as View), id: 'v2', revision: 2 };
  selection.follow();
  await expect.poll(() => selection.has(101, null)).toBe(true);
  expect([selection.has(100, null), selection.has(2501, null), selection.has(2502, null)]).toEqual([
    false,
    true,
    false,
  ]);
  expect(selection.count).toBe(2402);
});

test('keys that moved on while a new revision was looked up stay where they are', async () => {
  const { selection, shown } = selectionOf(10);
  selection.follow();
  selection.only(3);
  const found = Promise.withResolvers<(number | null)[]>();
  shown.positions = () => found.promise;
  shown.view = { ...(shown.view as View), id: 'v2', revision: 2 };
  selection.follow();
  selection.extendTo(4);
  selection.only(6);
  found.resolve([3]);
  await found.promise;
  await Promise.resolve();
  expect(selection.current).toBe(6);
  selection.extendTo(7);
  expect(selection.imageIds).toEqual([6, 7].map(uuid));
});

test('Shift extends from where the keys are once nothing is selected any more', () => {
  const { selection } = selectionOf(10);
  selection.only(1);
  selection.clear();
  selection.current = 5;
  selection.extendTo(6);
  selection.extendTo(7);
  expect(selection.imageIds).toEqual([5, 6, 7].map(uuid));
});

test('another query clears it; another order ends its ranges only', () => {
  const { selection, question } = selectionOf(3000, 50);
  selection.follow();
  selection.only(3);
  selection.addRange(100, 2500);
  question.settled = { ...QUESTION, sort: { by: 'cost', descending: true } };
  selection.follow();
  expect(selection.count).toBe(1);
  question.settled = { ...QUESTION, query: 'fox' };
  selection.follow();
  expect([selection.count, selection.current]).toEqual([0, null]);
});

test('a selection survives a restart', async () => {
  const { selection, source } = selectionOf(3000, 50);
  selection.follow();
  selection.only(4);
  selection.addRange(100, 2500);
  await selection.settle();
  selection.stop();
  const next = new ImageSelection(source);
  next.follow();
  expect(next.count).toBe(2402);
  expect(next.value).toEqual(selection.value);
  await expect.poll(() => next.has(4, uuid(4) as ImageId)).toBe(true);
});

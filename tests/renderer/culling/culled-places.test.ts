import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { Selection, ViewQuestion } from '../../../electron/contract/entities/views.ts';
import { placesOf } from '../../../renderer/culling/CulledPlaces.ts';
import { uuid } from '../state/scripted-studio.ts';
import { ALL_IMAGES } from '../../all-images.ts';

const QUESTION: ViewQuestion = ALL_IMAGES;
const id = (position: number) => uuid(position) as ImageId;

/** A view of as many images, named by their position. @param most ids of one call */
function viewOf(total: number) {
  const sizes: number[] = [];
  return {
    total,
    sizes,
    positions(ids: ImageId[]) {
      sizes.push(ids.length);
      return Promise.resolve(
        ids.map((each) => {
          const position = Number(each.slice(-12));
          return position < total ? position : null;
        }),
      );
    },
  };
}

const ofView = (change: Partial<Extract<Selection, { kind: 'view' }>>): Selection => ({
  ...{ kind: 'view', question: QUESTION, ranges: 'all', except: [], also: [], until: 1000 },
  ...change,
});

test('images chosen one by one are gone through in the view’s order; what has left it isn’t', async () => {
  const places = await placesOf({ kind: 'images', imageIds: [9, 3, 500, 4].map(id) }, viewOf(10));
  expect([0, 1, 2, 3].map((index) => places.positionOf(index))).toEqual([3, 4, 9, null]);
  expect([places.total, places.indexOf(9), places.indexOf(5), places.until]).toEqual([3, 2, -1, Infinity]);
});

test('two ranges of a million are gone through to their last image, without exceptions', async () => {
  const ranges = [
    { first: id(10), last: id(600_000) },
    { first: id(700_000), last: id(999_999) },
  ];
  const places = await placesOf(ofView({ ranges, except: [id(10), id(20), id(600_000)], also: [id(2)] }), viewOf(1e6));
  expect(places.total).toBe(599_991 + 300_000 - 3 + 1);
  expect([places.positionOf(0), places.positionOf(1), places.positionOf(10)]).toEqual([2, 11, 21]);
  expect(places.positionOf(places.total - 1)).toBe(999_999);
  expect(places.indexOf(700_000)).toBe(places.total - 300_000);
  expect(places.until).toBe(1000);
});

test('ten thousand images are looked up in calls that the contract takes', async () => {
  const view = viewOf(20_000);
  const imageIds = Array.from({ length: 10_000 }, (_, at) => id(at * 2));
  const places = await placesOf({ kind: 'images', imageIds }, view);
  expect([places.total, places.positionOf(9_999), Math.max(...view.sizes)]).toEqual([10_000, 19_998, 1000]);
});

test('the places of any selection are its positions, and each is found again', async () => {
  const position = fc.integer({ min: 0, max: 40 });
  const range = fc.tuple(position, position).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(range, { maxLength: 4 }),
      fc.uniqueArray(position),
      fc.uniqueArray(position),
      async (ranges, except, also) => {
        const selection = ofView({
          ranges: ranges.map(({ from, to }) => ({ first: id(from), last: id(to) })),
          except: except.map(id),
          also: also.map(id),
        });
        const places = await placesOf(selection, viewOf(41));
        const expected = Array.from({ length: 41 }, (_, at) => at).filter(
          (at) => also.includes(at) || (!except.includes(at) && ranges.some(({ from, to }) => at >= from && at <= to)),
        );
        expect(Array.from({ length: places.total }, (_, index) => places.positionOf(index))).toEqual(expected);
        expect(expected.map((at) => places.indexOf(at))).toEqual(expected.map((_, index) => index));
      },
    ),
  );
});

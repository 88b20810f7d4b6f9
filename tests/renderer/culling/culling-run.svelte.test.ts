import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import type { Marks } from '../../../electron/contract/entities/annotations.ts';
import type { Change, Edit } from '../../../electron/contract/entities/changes.ts';
import type { ChangeId, ImageId } from '../../../electron/contract/entities/ids.ts';
import type { GridImage, Selection } from '../../../electron/contract/entities/views.ts';
import { CulledPlaces } from '../../../renderer/culling/CulledPlaces.ts';
import { CullingRun, type CulledView } from '../../../renderer/culling/CullingRun.svelte.ts';
import { keepCamera } from '../../../renderer/culling/keep-camera.ts';
import { doneChange } from '../viewer/image-record.ts';
import { image, uuid } from '../state/scripted-studio.ts';

const NONE: Marks = { rating: 0, favourite: false, rejected: false };

/** A view of as many images; rows from `loadedTo` on come when `load` is called. */
function viewOf(total: number, loadedTo = total) {
  let loaded = $state(loadedTo);
  let marks = $state.raw<ReadonlyMap<string, Marks>>(new Map());
  const view: CulledView = {
    total,
    at: (position): GridImage | null =>
      position < loaded ? { ...image(position), marks: marks.get(uuid(position)) ?? NONE, stack: 1 } : null,
    need: () => undefined,
    patch(ids, change) {
      const before = marks;
      marks = new Map([
        ...marks,
        ...ids.map((id) => [id as string, { ...NONE, ...marks.get(id), ...change }] as const),
      ]);
      return (stored) => {
        if (!stored) marks = before;
      };
    },
  };
  return { view, load: () => (loaded = total) };
}

function changesOf(stored = true) {
  const edits: [Selection, Edit][] = [];
  const undone: ChangeId[] = [];
  return {
    edits,
    undone,
    apply: (selection: Selection | Promise<Selection>, edit: Edit): Promise<Change | null> => {
      edits.push([selection as Selection, edit]);
      return Promise.resolve(stored ? doneChange(uuid(900 + edits.length) as ChangeId, edit) : null);
    },
    undo: (change?: Change | null) => {
      if (change) undone.push(change.id);
      return Promise.resolve();
    },
  };
}

test('a decision is painted at once, stored, counted, and the next image follows', () => {
  const changes = changesOf();
  const run = new CullingRun(viewOf(3).view, changes, null);
  run.decide({ kind: 'rate', rating: 4 });
  expect(run.at(0)?.marks.rating).toBe(4);
  expect([run.index, run.kept, run.rejected]).toEqual([1, 1, 0]);
  run.decide({ kind: 'reject', on: true });
  run.decide({ kind: 'favourite', on: true });
  expect([run.kept, run.rejected, run.isOver, run.image]).toEqual([2, 1, true, null]);
  expect(changes.edits.map(([selection, edit]) => [selection, edit.kind])).toEqual(
    ['rate', 'reject', 'favourite'].map((kind, at) => [{ kind: 'images', imageIds: [uuid(at)] }, kind]),
  );
});

test('without auto-advance the image stays; undo takes the last decision back and shows its image', async () => {
  const changes = changesOf();
  const run = new CullingRun(viewOf(3).view, changes, null);
  run.advances = false;
  run.decide({ kind: 'rate', rating: 2 });
  run.decide({ kind: 'reject', on: true });
  expect([run.index, run.kept, run.rejected]).toEqual([0, 0, 1]);
  run.next();
  await run.undo();
  expect(run.index).toBe(0);
  expect(run.image?.marks).toEqual({ ...NONE, rating: 2 });
  expect([run.kept, run.rejected, run.canUndo]).toEqual([1, 0, true]);
  await run.undo();
  expect(changes.undone).toEqual([uuid(902), uuid(901)]);
  expect([run.kept, run.canUndo]).toEqual([0, false]);
});

test('what couldn’t be stored isn’t counted, and is taken back', async () => {
  const run = new CullingRun(viewOf(2).view, changesOf(false), null);
  run.decide({ kind: 'reject', on: true });
  await expect.poll(() => run.rejected).toBe(0);
  expect(run.at(0)?.marks.rejected).toBe(false);
  expect(run.canUndo).toBe(false);
});

test('only the undecided: others are skipped, also where rows load later', () => {
  const { view, load } = viewOf(6, 3);
  view.patch([uuid(1), uuid(2), uuid(3)] as ImageId[], { rejected: true });
  const run = new CullingRun(view, changesOf(), null);
  run.filter = 'undecided';
  const stop = $effect.root(() => {
    $effect(() => run.follow());
  });
  flushSync();
  run.next();
  flushSync();
  expect(run.index).toBe(0);
  load();
  flushSync();
  expect(run.index).toBe(4);
  run.previous();
  expect(run.index).toBe(0);
  run.previous();
  expect(run.index).toBe(0);
  stop();
});

test('a selection is gone through in its own positions', () => {
  const run = new CullingRun(
    viewOf(100).view,
    changesOf(),
    new CulledPlaces([7, 40, 90].map((at) => ({ from: at, to: at }))),
  );
  expect([run.total, run.image?.id, run.indexOf(40)]).toEqual([3, uuid(7), 1]);
  run.next();
  expect(run.positionOf(run.index)).toBe(40);
});

test('the camera shows the same part of an image of another size, as large', () => {
  const camera = { scale: 1, centre: { x: 500, y: 200 } };
  expect(keepCamera(camera, { width: 1000, height: 800 }, { width: 1000, height: 800 })).toEqual(camera);
  expect(keepCamera(camera, { width: 1000, height: 800 }, { width: 2000, height: 1600 })).toEqual({
    scale: 0.5,
    centre: { x: 1000, y: 400 },
  });
});

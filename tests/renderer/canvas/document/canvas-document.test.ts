import { describe, expect, test } from 'vitest';
import { CanvasDocument } from '../../../../renderer/canvas/document/CanvasDocument.svelte.ts';
import type { Mark } from '../../../../renderer/canvas/document/mark.ts';
import type { Step } from '../../../../renderer/canvas/document/step.ts';
import type { Rect } from '../../../../renderer/stage/geometry.ts';
import { input } from '../drafts/stored-drafts.ts';

const IMAGE = input('a');
const rectangle = (left: number, width: number): Step => ({
  layer: 'mask',
  name: `Rectangle ${left}`,
  op: { kind: 'rectangle', combine: 'add', rect: { left, top: 0, width, height: 10 } },
});
const arrow = (x: number): Mark => ({
  kind: 'arrow',
  id: 'one',
  colour: '#e23b2e',
  width: 4,
  from: { x, y: 0 },
  to: { x: 5, y: 5 },
});
const FRAME: Rect = { left: 0, top: 0, width: 30, height: 10 };

function open(steps: readonly Step[] = [], at?: number) {
  const told = { steps: [] as number[] };
  return { document: new CanvasDocument(IMAGE, { onsteps: (from) => void told.steps.push(from) }, steps, at), told };
}

describe('the document of the canvas', () => {
  test('mask, marks and frame share one history: each step is undone and redone', () => {
    const { document, told } = open();
    const marked = arrow(1);
    document.commit(rectangle(0, 5));
    document.commit({ layer: 'markup', name: 'Arrow', changes: [{ before: null, after: marked }] });
    document.commit({ layer: 'frame', name: 'Extend', before: null, after: FRAME });
    document.commit({ layer: 'markup', name: 'Move', changes: [{ before: marked, after: arrow(3) }] });
    expect(document.mask.marked).toBe(50);
    expect(document.frame).toEqual(FRAME);
    expect(document.marks).toEqual([arrow(3)]);
    expect(told.steps).toEqual([0, 1, 2, 3]);

    expect(document.undoName).toBe('Move');
    document.undo();
    expect(document.marks).toEqual([marked]);
    document.undo();
    expect(document.effectiveFrame).toEqual({ left: 0, top: 0, width: 20, height: 10 });
    document.undo();
    document.undo();
    expect(document.mask.marked).toBe(0);
    expect(document.undoName).toBeNull();
    document.undo();
    for (let step = 0; step < 5; step += 1) document.redo();
    expect(document.marks).toEqual([arrow(3)]);
    expect(document.mask.marked).toBe(50);
    expect(document.redoName).toBeNull();
  });

  test('a step after an undo replaces the undone steps', () => {
    const { document, told } = open();
    document.commit(rectangle(0, 5));
    document.commit(rectangle(5, 5));
    document.undo();
    document.commit(rectangle(10, 2));
    expect(document.steps.map(({ name }) => name)).toEqual(['Rectangle 0', 'Rectangle 10']);
    expect(document.mask.marked).toBe(70);
    expect(told.steps).toEqual([0, 1, 1]);
  });

  test('opens at the stored position, with undone steps to redo', () => {
    const { document } = open([rectangle(0, 5), rectangle(5, 5)], 1);
    expect(document.mask.marked).toBe(50);
    document.redo();
    expect(document.mask.marked).toBe(100);
  });

  test('replaying a long history in slices gives the same result', async () => {
    const steps = Array.from({ length: 19 }, (_none, place) => rectangle(place, 1));
    const document = await CanvasDocument.open(IMAGE, { onsteps: () => undefined }, { steps, at: 17, unreadable: 0 });
    expect(document.mask.marked).toBe(170);
    expect(document.redoName).toBe('Rectangle 17');
    document.undo();
    expect(document.mask.marked).toBe(160);
  });

  test('increases the mask version only when the mask changed', () => {
    const { document } = open();
    document.commit({ layer: 'frame', name: 'Extend', before: null, after: FRAME });
    expect(document.maskVersion).toBe(0);
    document.commit(rectangle(0, 5));
    expect(document.maskVersion).toBe(1);
  });
});

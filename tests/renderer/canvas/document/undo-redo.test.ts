import { expect, test } from 'vitest';
import { CanvasDocument } from '../../../../renderer/canvas/document/CanvasDocument.svelte.ts';
import { undoOrRedo } from '../../../../renderer/canvas/document/undo-redo.ts';
import { ROOT_IMAGE } from '../steps/canvas-jobs.ts';

test("undo and redo announce the step's name, and how much is marked", () => {
  const document = new CanvasDocument(ROOT_IMAGE, { onsteps: () => undefined });
  const draft = { document, undo: () => document.undo(), redo: () => document.redo() };
  const said: string[] = [];
  const walk = (way: 'undo' | 'redo'): void => undoOrRedo(draft, way, (words) => said.push(words));
  walk('undo');
  document.commit({ layer: 'mask', name: 'Fill', op: { kind: 'fill' } });
  document.commit({ layer: 'frame', name: 'Crop', before: null, after: { left: 0, top: 0, width: 64, height: 64 } });
  walk('undo');
  walk('undo');
  walk('redo');
  expect(said).toEqual(['Crop undone.', 'Fill undone. Nothing marked.', 'Fill redone. Whole image marked.']);
});

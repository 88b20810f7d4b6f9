import { expect, onTestFinished, test } from 'vitest';
import type { ImageId } from '../../../../electron/contract/entities/ids.ts';
import { CellGate, CONTENTS, THUMBNAILS, type GateBudget } from '../../../../renderer/library/grid/CellGate.svelte.ts';

const VIEW = 1000;
const nextFrame = () => new Promise(requestAnimationFrame);

/** A gate over images of which numbers `from` to `from + 99` are drawn. */
function gateOver(budget: GateBudget = THUMBNAILS) {
  const frame = { top: 0, from: 0 };
  const images = () => Array.from({ length: 100 }, (_, index) => `${frame.from + index}` as ImageId);
  const gate = new CellGate(() => ({ top: frame.top, view: VIEW, images: images() }), budget);
  onTestFinished(() => gate.stop());
  const open = () => images().filter((image) => gate.isOpen(image));
  return { gate, frame, images, open };
}

/** Moves by so many pixels, and lets a frame see it. */
async function move({ gate, frame }: ReturnType<typeof gateOver>, pixels: number): Promise<void> {
  frame.top += pixels;
  gate.wake();
  await nextFrame();
}

test('a grid that stands still loads all of its images, the nearest ones first and a few in each frame', async () => {
  const over = gateOver();
  over.gate.wake();
  await nextFrame();
  const first = over.open();
  expect(first.length).toBeGreaterThan(0);
  expect(first.length).toBeLessThan(100);
  expect(first).toEqual(over.images().slice(0, first.length));
  await expect.poll(() => over.open().length).toBe(100);
});

test('while it moves slowly fewer images start in a frame; while it flies past, none', async () => {
  const still = gateOver();
  await move(still, 0);
  const slow = gateOver();
  await move(slow, 0);
  slow.frame.from = 1000;
  await move(slow, 0.1 * VIEW);
  expect(slow.open().length).toBeGreaterThan(0);
  expect(slow.open().length).toBeLessThan(still.open().length);
  const fast = gateOver();
  await move(fast, 0);
  fast.frame.from = 1000;
  await move(fast, 2 * VIEW);
  expect(fast.open()).toEqual([]);
  // It has stopped: nothing wakes it again.
  await expect.poll(() => fast.open().length).toBe(100);
});

test('cells are filled faster than their thumbnails are requested', async () => {
  const [contents, thumbnails] = [gateOver(CONTENTS), gateOver()];
  for (const each of [contents, thumbnails]) {
    await move(each, 0);
    each.frame.from = 1000;
    await move(each, 0.5 * VIEW);
  }
  expect(contents.open().length).toBeGreaterThan(0);
  expect(thumbnails.open()).toEqual([]);
});

test('a cell that has left the screen has to wait again', async () => {
  const over = gateOver();
  over.gate.wake();
  await expect.poll(() => over.open().length).toBe(100);
  over.frame.from = 1000;
  await move(over, 5 * VIEW);
  over.frame.from = 0;
  await move(over, -5 * VIEW);
  expect(over.open()).toEqual([]);
});

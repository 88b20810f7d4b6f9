import { afterEach, expect, test } from 'vitest';
import { MaskEngine } from '../../../../../renderer/canvas/mask/MaskEngine.ts';
import { MaskPainter, type MaskScene } from '../../../../../renderer/canvas/mask/overlay/MaskPainter.ts';
import { toView, type Camera } from '../../../../../renderer/stage/camera.ts';
import { drawn } from '../../../stage/real-pointer.ts';

let stop: (() => void) | undefined;
afterEach(() => stop?.());

const view = { width: 200, height: 100, dpr: 1 };
const overlay = { colour: '#f0953a', opacity: 0.3, shown: true };

function scene(engine: MaskEngine, camera: Camera): MaskScene {
  return { mask: engine, camera, view, overlay };
}

/** A painter, and the leftmost column of its canvas that has ink. */
async function paint(smooth: number) {
  const engine = new MaskEngine({ width: 200, height: 100 });
  engine.become([{ kind: 'rectangle', combine: 'add', rect: { left: 80, top: 30, width: 40, height: 40 } }]);
  const canvas = document.createElement('canvas');
  const painter = new MaskPainter(smooth);
  stop = painter.attach(canvas);
  painter.show(scene(engine, { scale: 1, centre: { x: 100, y: 50 } }));
  await drawn();
  const inked = (): number => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 50, 200, 1) ?? { data: [] };
    return Array.from({ length: 200 }, (_column, x) => x).findIndex((x) => (data[x * 4 + 3] ?? 0) > 0);
  };
  return { engine, canvas, painter, inked };
}

test('a mask that takes long to draw moves with the image, and is redrawn when the camera rests', async () => {
  const { engine, canvas, painter, inked } = await paint(-1);
  const before = inked();
  expect(Math.abs(before - 80)).toBeLessThanOrEqual(2);
  const camera = { scale: 1.5, centre: { x: 90, y: 40 } };
  painter.show(scene(engine, camera));
  const moved = new DOMMatrix(canvas.style.transform).transformPoint({ x: 80, y: 30 });
  expect({ x: moved.x, y: moved.y }).toEqual(toView(camera, view, { x: 80, y: 30 }));
  expect(inked()).toBe(before);
  await expect.poll(() => canvas.style.transform).toBe('');
  expect(Math.abs(inked() - toView(camera, view, { x: 80, y: 30 }).x)).toBeLessThanOrEqual(2);
});

test('a fast mask is drawn with the next frame; a changed part alone', async () => {
  const { engine, canvas, painter, inked } = await paint(Infinity);
  painter.show(scene(engine, { scale: 1, centre: { x: 110, y: 50 } }));
  await drawn();
  expect([canvas.style.transform, Math.abs(inked() - 70) <= 2]).toEqual(['', true]);
  painter.touched(engine.become([]));
  await drawn();
  expect(inked()).toBe(-1);
});

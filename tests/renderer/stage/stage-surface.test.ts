import { afterEach, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import '../../../renderer/app.css';
import type { Camera, View } from '../../../renderer/stage/camera.ts';
import type { Point } from '../../../renderer/stage/geometry.ts';
import type { StagePointer } from '../../../renderer/stage/StagePointer.ts';
import type { StrokeHandler } from '../../../renderer/stage/StageSurface.svelte.ts';
import { density, drag, drawn, fingers, moveTo, press, release, wheel, type Place } from './real-pointer.ts';
import SurfaceHarness from './SurfaceHarness.svelte';

afterEach(() => density(0));

interface Told {
  what: 'down' | 'move' | 'up' | 'cancel';
  pointer?: StagePointer;
  eraser?: boolean;
}

async function mount({ camera, around }: { camera?: Camera; around?: string } = {}) {
  const told: Told[] = [];
  const strokes: StrokeHandler = {
    down: (pointer, eraser) => told.push({ what: 'down', pointer, eraser }),
    move: (pointer) => told.push({ what: 'move', pointer }),
    up: (pointer) => told.push({ what: 'up', pointer }),
    cancel: () => told.push({ what: 'cancel' }),
  };
  const plain: Camera = { scale: 1, centre: { x: 300, y: 200 } };
  await render(SurfaceHarness, { camera: camera ?? plain, strokes, ...(around ? { around } : {}) });
  await drawn();
  const stage = document.querySelector<HTMLElement>('.stage') as HTMLElement;
  const box = stage.getBoundingClientRect();
  const data = (name: string): unknown => JSON.parse(stage.dataset[name] ?? 'null');
  return {
    told,
    stage,
    /** A place of the stage on the page. */
    at: (x: number, y: number): Place => ({ x: box.left + x, y: box.top + y }),
    camera: () => data('camera') as Camera,
    view: () => data('view') as View,
    corner: () => data('corner') as Point,
    /** All places of the stroke, in order. */
    places: () => told.flatMap(({ pointer, what }) => (what === 'cancel' ? [] : (pointer?.samples ?? []))),
    whats: () =>
      told.map(({ what }) => what).filter((what, index, all) => what !== 'move' || all[index - 1] !== 'move'),
  };
}

const close = ({ x, y }: Point, to: Point, within = 0.51): void => {
  expect(Math.abs(x - to.x), `${x} for ${to.x}`).toBeLessThanOrEqual(within);
  expect(Math.abs(y - to.y), `${y} for ${to.y}`).toBeLessThanOrEqual(within);
};

test('a drag is one stroke in image pixels and takes the focus', async () => {
  const { at, places, whats, told, stage } = await mount({ camera: { scale: 2, centre: { x: 100, y: 50 } } });
  await drag([at(300, 200), at(310, 200), at(320, 220)]);
  expect(whats()).toEqual(['down', 'move', 'up']);
  close(places()[0]?.point as Point, { x: 100, y: 50 });
  close(told.at(-1)?.pointer?.point as Point, { x: 110, y: 60 });
  expect(places().every(({ pressure }) => pressure === 1)).toBe(true);
  expect(document.activeElement).toBe(stage);
});

test.each([
  ['twice as dense', 2, ''],
  ['half as dense again', 1.5, ''],
  ['three times as dense', 3, ''],
  [
    'scrolled and scaled down',
    1,
    'position: absolute; left: 37px; top: 19px; transform: scale(0.5); transform-origin: 0 0',
  ],
])('places are right on a page that is %s', async (_words, dpr, around) => {
  await density(dpr);
  const { at, places, view } = await mount({ around, camera: { scale: dpr, centre: { x: 300, y: 200 } } });
  expect(view()).toEqual({ width: 600, height: 400, dpr });
  const factor = around ? 0.5 : 1;
  await drag([at(100 * factor, 60 * factor), at(140 * factor, 80 * factor)]);
  close(places()[0]?.point as Point, { x: 100, y: 60 }, 1.1);
  close(places().at(-1)?.point as Point, { x: 140, y: 80 }, 1.1);
});

test('positions are right at once after the device pixel ratio changes', async () => {
  const { at, places, view } = await mount();
  await density(2);
  await expect.poll(() => view().dpr).toBe(2);
  await drag([at(300, 200), at(310, 200)]);
  close(places().at(-1)?.point as Point, { x: 320, y: 200 }, 1.1);
});

test('moves are reported once per frame with all positions', async () => {
  const { at, places, stage, told } = await mount();
  await press(at(10, 10));
  const box = stage.getBoundingClientRect();
  for (let step = 1; step <= 50; step += 1) {
    const init = { pointerId: 1, clientX: box.left + 10 + step, clientY: box.top + 10, buttons: 1, bubbles: true };
    stage.dispatchEvent(new PointerEvent('pointermove', init));
  }
  await release(at(60, 10));
  const xs = places().map(({ point }) => Math.round(point.x));
  for (let x = 11; x <= 60; x += 1) expect(xs).toContain(x);
  expect(told.filter(({ what }) => what === 'move').length).toBeLessThan(10);
});

test('pen pressure is reported', async () => {
  const { at, places, told } = await mount();
  await press(at(10, 10), { pen: true, force: 0.25 });
  await moveTo(at(40, 10), { pen: true, force: 0.75 });
  await release(at(40, 10), { pen: true });
  expect(told[0]?.pointer?.type).toBe('pen');
  expect(places().map(({ pressure }) => pressure)).toEqual(expect.arrayContaining([0.25, 0.75]));
});

test('one finger draws; a second one discards the stroke and both zoom and pan', async () => {
  const { at, whats, told, camera } = await mount();
  await fingers('touchStart', [at(100, 100)]);
  await fingers('touchMove', [at(120, 100)]);
  await drawn();
  expect(told[0]?.pointer?.type).toBe('touch');
  await fingers('touchStart', [at(120, 100), at(220, 100)]);
  expect(whats().at(-1)).toBe('cancel');
  await fingers('touchMove', [at(70, 150), at(270, 150)]);
  await drawn();
  expect(camera().scale).toBeCloseTo(2, 1);
  // The place between the fingers, (170, 100) before, stands at (170, 150) now.
  close({ x: camera().centre.x + (170 - 300) / 2, y: camera().centre.y + (150 - 200) / 2 }, { x: 170, y: 100 }, 1.5);
  await fingers('touchEnd', []);
  expect(whats().filter((what) => what === 'up')).toEqual([]);
  await fingers('touchStart', [at(50, 50)]);
  await fingers('touchEnd', []);
  expect(whats().slice(-2)).toEqual(['down', 'up']);
});

test('Escape discards the stroke and ignores the pointer until it is released', async () => {
  const { at, whats } = await mount();
  await press(at(10, 10));
  await moveTo(at(30, 30));
  await drawn();
  await userEvent.keyboard('{Escape}');
  await moveTo(at(60, 60));
  await release(at(60, 60));
  await drawn();
  expect(whats()).toEqual(['down', 'move', 'cancel']);
});

test.each([
  ['the window loses the focus', () => window.dispatchEvent(new Event('blur'))],
  ['the window is closed', () => window.dispatchEvent(new Event('pagehide'))],
])('a stroke is kept when %s', async (_words, lose) => {
  const { at, whats, told } = await mount();
  await press(at(10, 10));
  await moveTo(at(30, 30));
  lose();
  expect(whats()).toEqual(['down', 'move', 'up']);
  close(told.at(-1)?.pointer?.point as Point, { x: 30, y: 30 });
  await release(at(30, 30));
  expect(whats()).toEqual(['down', 'move', 'up']);
});

test('a cancelled pointer or lost capture ends the stroke once', async () => {
  const { at, whats, stage } = await mount();
  await press(at(10, 10));
  // The browser gives the capture with the next event.
  await moveTo(at(15, 15));
  const captured = vi.fn();
  stage.addEventListener('lostpointercapture', captured);
  for (let id = 0; id < 20; id += 1) if (stage.hasPointerCapture(id)) stage.releasePointerCapture(id);
  await moveTo(at(20, 20));
  await release(at(20, 20));
  expect(captured).toHaveBeenCalled();
  expect(whats().filter((what) => what === 'up')).toHaveLength(1);
});

test('the wheel moves the image; with Ctrl it zooms about the cursor', async () => {
  const { at, camera, corner } = await mount();
  await wheel(at(100, 100), { x: 30, y: 50 });
  await expect.poll(() => camera().centre).toEqual({ x: 330, y: 250 });
  const before = corner();
  await wheel(at(100, 100), { x: 0, y: -100 }, ['ctrl']);
  await expect.poll(() => camera().scale).toBeGreaterThan(1.1);
  // What was under the cursor is there still.
  const { scale } = camera();
  close(
    { x: (100 - corner().x) / scale, y: (100 - corner().y) / scale },
    { x: 100 - before.x, y: 100 - before.y },
    0.01,
  );
});

test('the middle button moves the image and draws nothing', async () => {
  const { at, camera, told } = await mount();
  await drag([at(100, 100), at(140, 80)], { button: 'middle' });
  expect(camera().centre).toEqual({ x: 260, y: 220 });
  expect(told).toEqual([]);
});

test('consecutive clicks are counted by time and distance', async () => {
  const { at, told } = await mount();
  const start = (performance.timeOrigin + performance.now()) / 1000;
  const click = (place: Place, after: number) => drag([place], { time: start + after });
  await click(at(50, 50), 0);
  await click(at(51, 50), 0.4);
  await click(at(200, 50), 0.5);
  await click(at(201, 50), 1);
  expect(told.filter(({ what }) => what === 'down').map(({ pointer }) => pointer?.clicks)).toEqual([1, 2, 1, 1]);
});

test('Shift during a stroke is reported at once', async () => {
  const { at, told } = await mount();
  await press(at(10, 10));
  await moveTo(at(30, 30));
  await userEvent.keyboard('{Shift>}');
  expect(told.at(-1)).toMatchObject({ what: 'move', pointer: { shift: true } });
  await userEvent.keyboard('{/Shift}');
  expect(told.at(-1)).toMatchObject({ what: 'move', pointer: { shift: false } });
  await release(at(30, 30));
});

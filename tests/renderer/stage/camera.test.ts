import fc from '../../fast-check.ts';
import { expect, test } from 'vitest';
import {
  alignToPixels,
  fitCamera,
  nextScale,
  panBy,
  pinchCamera,
  rectInView,
  SCALES,
  toImage,
  toView,
  zoomAbout,
  zoomTo,
  type Camera,
  type View,
} from '../../../renderer/stage/camera.ts';
import type { Point } from '../../../renderer/stage/geometry.ts';
import { parseWheel } from '../../../renderer/stage/wheel.ts';

const point = fc.record({ x: fc.integer({ min: -4000, max: 4000 }), y: fc.integer({ min: -4000, max: 4000 }) });
const camera: fc.Arbitrary<Camera> = fc.record({
  scale: fc.double({ min: 0.05, max: 16, noNaN: true }),
  centre: point,
});
const view: fc.Arbitrary<View> = fc.record({
  width: fc.integer({ min: 50, max: 3000 }),
  height: fc.integer({ min: 50, max: 2000 }),
  dpr: fc.constantFrom(1, 1.25, 1.5, 2, 3),
});
const near = (one: Point, other: Point, within = 1e-3): void => {
  expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeLessThan(within);
};

test('converting to the view and back gives the same point', () => {
  fc.assert(
    fc.property(camera, view, point, (from, on, at) => near(toImage(from, on, toView(from, on, at)), at)),
    { numRuns: 100 },
  );
});

test('zooming keeps the point under the cursor and stops at its limits', () => {
  fc.assert(
    fc.property(camera, view, point, fc.double({ min: 0.01, max: 100, noNaN: true }), (from, on, at, factor) => {
      const to = zoomAbout(from, on, at, factor);
      near(toImage(to, on, at), toImage(from, on, at), 0.01);
      expect(to.scale).toBeGreaterThanOrEqual(SCALES.min);
      expect(to.scale).toBeLessThanOrEqual(SCALES.max);
    }),
    { numRuns: 100 },
  );
});

test('a pinch keeps both fingers on their points of the image', () => {
  const on = { width: 600, height: 400, dpr: 2 };
  const from: Camera = { scale: 1, centre: { x: 500, y: 300 } };
  const before = [
    { x: 100, y: 100 },
    { x: 300, y: 100 },
  ] as const;
  const after = [
    { x: 50, y: 200 },
    { x: 450, y: 200 },
  ] as const;
  const to = pinchCamera(from, on, before, after);
  expect(to.scale).toBe(2);
  near(toImage(to, on, after[0]), toImage(from, on, before[0]));
  near(toImage(to, on, after[1]), toImage(from, on, before[1]));
});

test('an aligned camera moves the image’s corner to a device pixel, by less than one', () => {
  fc.assert(
    fc.property(camera, view, (from, on) => {
      const to = alignToPixels(from, on);
      const { x, y } = toView(to, on, { x: 0, y: 0 });
      for (const edge of [x * on.dpr, y * on.dpr]) expect(Math.abs(edge - Math.round(edge))).toBeLessThan(1e-4);
      near(toView(to, on, from.centre), toView(from, on, from.centre), 1 / on.dpr);
    }),
    { numRuns: 100 },
  );
});

test('a fitted image leaves room for the bars and is 100 % at most', () => {
  fc.assert(
    fc.property(view, (on) => {
      const image = { left: 0, top: 0, width: 1536, height: 1024 };
      const { left, top, width, height } = rectInView(fitCamera(image, on), on, image);
      expect(width).toBeLessThanOrEqual(image.width);
      if (fitCamera(image, on).scale > SCALES.min) {
        expect([left >= 23.9, top >= Math.min(55.9, on.height / 8 - 0.1)]).toEqual([true, true]);
      }
      expect(on.width - left - width).toBeCloseTo(left, 3);
      expect(on.height - top - height).toBeCloseTo(top, 3);
    }),
    { numRuns: 100 },
  );
});

test('zooming steps through the stops, also from a scale in between', () => {
  expect([nextScale(1, 1), nextScale(1, -1), nextScale(0.7, 1), nextScale(0.7, -1)]).toEqual([1.5, 0.67, 1, 0.67]);
  expect([nextScale(32, 1), nextScale(0.01, -1), nextScale(0.999, 1)]).toEqual([32, 0.01, 1.5]);
  const on = { width: 600, height: 400, dpr: 1 };
  expect(zoomTo({ scale: 0.3, centre: { x: 7, y: 9 } }, on, 1)).toEqual({ scale: 1, centre: { x: 7, y: 9 } });
  expect(panBy({ scale: 2, centre: { x: 7, y: 9 } }, on, { x: 10, y: -4 }).centre).toEqual({ x: 2, y: 11 });
});

test('the wheel pans; with Ctrl it zooms, by a fifth per notch and continuously on a trackpad', () => {
  const turn = (change: Partial<WheelEvent>) =>
    parseWheel({ deltaX: 0, deltaY: 0, deltaMode: 0, ctrlKey: false, metaKey: false, shiftKey: false, ...change });
  expect(turn({ deltaX: 5, deltaY: 7 })).toEqual({ kind: 'pan', by: { x: -5, y: -7 } });
  expect(turn({ deltaY: 3, deltaMode: 1 })).toEqual({ kind: 'pan', by: { x: -0, y: -48 } });
  expect(turn({ deltaY: 100, shiftKey: true })).toEqual({ kind: 'pan', by: { x: -100, y: 0 } });
  expect(turn({ deltaY: -120, ctrlKey: true })).toEqual({ kind: 'zoom', factor: Math.exp(0.2) });
  expect(turn({ deltaY: 4, metaKey: true })).toEqual({ kind: 'zoom', factor: Math.exp(-0.04) });
});

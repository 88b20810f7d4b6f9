import fc from '../../../fast-check.ts';
import { describe, expect, test } from 'vitest';
import { findModel } from '../../../../electron/contract/catalogue/models.ts';
import { checkSize } from '../../../../electron/contract/rules/size-rules.ts';
import { limitsOf, moveFrame, type FrameMode } from '../../../../renderer/canvas/frame/frame-limits.ts';
import { HANDLES } from '../../../../renderer/canvas/geometry/handles.ts';
import { resizeFrame, type Pull } from '../../../../renderer/canvas/frame/resize-frame.ts';
import { intersect, rectOf, type Rect } from '../../../../renderer/stage/geometry.ts';

const free = findModel('gpt-image-2.6-sunburst').sizes;
const list = findModel('gpt-image-1').sizes;
const image = { width: 1536, height: 1024 };
const whole = rectOf(image);
const pull = (mode: FrameMode, more: Partial<Pull> = {}): Pull => ({
  mode,
  image,
  ratio: null,
  sizes: free,
  near: 20,
  ...more,
});

describe('extending the frame', () => {
  test('to the right snaps to 2048 × 1024', () => {
    expect(resizeFrame(whole, 'e', { x: 500, y: 77 }, pull('extend'))).toEqual({ ...whole, width: 2048 });
  });

  test('snaps to the model’s steps away from good shapes, and not at all without sizes', () => {
    expect(resizeFrame(whole, 'e', { x: 100, y: 0 }, pull('extend')).width).toBe(1632);
    expect(resizeFrame(whole, 'e', { x: 101, y: 0 }, pull('extend', { sizes: null })).width).toBe(1637);
  });

  test('to the left and up does not move the other edges', () => {
    const frame = resizeFrame(whole, 'nw', { x: -500, y: -500 }, pull('extend', { near: 4 }));
    expect(frame).toEqual({ left: -496, top: -496, width: 2032, height: 1520 });
  });

  test('with a ratio grows the other axis around the centre', () => {
    const frame = resizeFrame(whole, 'e', { x: 1000, y: 0 }, pull('extend', { ratio: 3 / 2 }));
    expect(frame).toEqual({ left: 0, top: -336, width: 2544, height: 1696 });
  });

  test('never crops the image', () => {
    expect(resizeFrame(whole, 'e', { x: -500, y: 0 }, pull('extend'))).toEqual(whole);
    expect(resizeFrame(whole, 'nw', { x: 500, y: 500 }, pull('extend', { sizes: null }))).toEqual(whole);
  });

  test("keeps to the model's limits: three to one, or its list of ratios", () => {
    const long = resizeFrame(whole, 'e', { x: 4000, y: 0 }, pull('extend'));
    expect(long).toEqual({ left: 0, top: -416, width: 5536, height: 1856 });
    const listed = resizeFrame(whole, 'e', { x: 500, y: 0 }, pull('extend', { sizes: list }));
    expect(listed).toEqual({ left: 0, top: -166, width: 2036, height: 1357 });
  });
});

describe('cropping the frame', () => {
  test('crops, and never leaves the image', () => {
    expect(resizeFrame(whole, 'se', { x: -500, y: -200 }, pull('crop', { near: 4 }))).toEqual({
      left: 0,
      top: 0,
      width: 1040,
      height: 832,
    });
    expect(resizeFrame(whole, 'n', { x: 0, y: -300 }, pull('crop'))).toEqual(whole);
  });

  test('ends at the smallest frame', () => {
    expect(resizeFrame(whole, 'w', { x: 9000, y: 0 }, pull('crop', { sizes: null })).width).toBe(16);
  });

  test('of an extended frame lets it shrink, but not grow', () => {
    const wide = { ...whole, width: 2048 };
    expect(resizeFrame(wide, 'e', { x: -200, y: 0 }, pull('crop', { sizes: null })).width).toBe(1848);
    expect(resizeFrame(wide, 'e', { x: 200, y: 0 }, pull('crop', { sizes: null })).width).toBe(2048);
  });
});

const inside = (outer: Rect, inner: Rect): boolean => {
  const common = intersect(outer, inner);
  return common.width === inner.width && common.height === inner.height;
};
const by = fc.record({ x: fc.integer({ min: -3000, max: 3000 }), y: fc.integer({ min: -3000, max: 3000 }) });
const how = fc.record({
  handle: fc.constantFrom(...HANDLES),
  ratio: fc.constantFrom(null, 1, 16 / 9, 2 / 3),
  sizes: fc.constantFrom(null, free, list),
});

test('any drag gives whole pixels, a crop within the image, an extension around it', () => {
  fc.assert(
    fc.property(fc.constantFrom<FrameMode>('crop', 'extend'), by, how, (mode, along, { handle, ratio, sizes }) => {
      const frame = resizeFrame(whole, handle, along, pull(mode, { ratio, sizes }));
      expect(Object.values(frame).every(Number.isInteger)).toBe(true);
      expect(mode === 'crop' ? inside(whole, frame) : inside(frame, whole)).toBe(true);
      if (ratio !== null && sizes === null) expect(Math.abs(frame.width - frame.height * ratio)).toBeLessThan(2);
    }),
    { numRuns: 200 },
  );
});

test('an extended frame within the model’s limits has a supported size', () => {
  const outwards = fc.record({ x: fc.integer({ min: 0, max: 1500 }), y: fc.integer({ min: 0, max: 1000 }) });
  fc.assert(
    fc.property(outwards, (along) => {
      const { width, height } = resizeFrame(whole, 'se', along, pull('extend'));
      if (width * height <= 8_294_400 && width <= 3840) expect(checkSize(`${width}x${height}`, free)).toBeNull();
    }),
    { numRuns: 100 },
  );
});

test('moving stays within the image, or around it', () => {
  const cropped = { left: 100, top: 100, width: 800, height: 600 };
  expect(moveFrame(cropped, { x: 5000, y: -20.4 }, limitsOf('crop', image, cropped))).toEqual({
    ...cropped,
    left: 736,
    top: 80,
  });
  const wide = { left: -200, top: 0, width: 2048, height: 1024 };
  expect(moveFrame(wide, { x: 5000, y: 50 }, limitsOf('extend', image, wide))).toEqual({ ...wide, left: 0 });
  expect(moveFrame(wide, { x: -5000, y: 0 }, limitsOf('extend', image, wide))).toEqual({ ...wide, left: -512 });
});

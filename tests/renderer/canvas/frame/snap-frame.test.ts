import fc from '../../../fast-check.ts';
import { describe, expect, test } from 'vitest';
import { findModel } from '../../../../electron/contract/catalogue/models.ts';
import { checkSize } from '../../../../electron/contract/rules/size-rules.ts';
import { fitFrameToRatio, fitFrameToSize } from '../../../../renderer/canvas/frame/fit-frame.ts';
import { surroundingParts, outpaintParts } from '../../../../renderer/canvas/frame/outpaint-parts.ts';
import { frameLabel } from '../../../../renderer/canvas/frame/frame-label.ts';
import { addSeam } from '../../../../renderer/canvas/frame/add-seam.ts';
import { snapFrame } from '../../../../renderer/canvas/frame/snap-frame.ts';
import { intersect, rectOf, type Rect } from '../../../../renderer/stage/geometry.ts';

const image = { width: 1536, height: 1024 };
const whole = rectOf(image);
const model = findModel('gpt-image-2.6-sunburst');
const first = findModel('gpt-image-1');
const rect = (left: number, top: number, width: number, height: number): Rect => ({ left, top, width, height });

describe('the requested size', () => {
  test('is the frame’s own size if the model supports it', () => {
    const frame = rect(0, 0, 2048, 1024);
    expect(snapFrame(frame, image, model)).toEqual({ frame, size: { width: 2048, height: 1024 }, note: null });
    expect(snapFrame(whole, image, model)).toEqual({ frame: whole, size: image, note: null });
  });

  test('a frame of odd edges takes whole steps: outwards beyond the image, inwards within it', () => {
    expect(snapFrame(rect(0, 0, 2001, 1024), image, model).frame).toEqual(rect(0, 0, 2016, 1024));
    expect(snapFrame(rect(-465, 0, 2001, 1024), image, model).frame).toEqual(rect(-480, 0, 2016, 1024));
    expect(snapFrame(rect(10, 20, 1001, 901), image, model).frame).toEqual(rect(10, 20, 992, 896));
  });

  test('the image’s own edges stay, whatever their length', () => {
    const odd = { width: 1000, height: 700 };
    const snapped = snapFrame(rect(0, 0, 1500, 700), odd, model);
    expect(snapped).toEqual({ frame: rect(0, 0, 1504, 700), size: { width: 1504, height: 704 }, note: null });
    expect(snapFrame(rectOf(odd), odd, model).frame).toEqual(rectOf(odd));
  });

  test('a frame larger than the model supports has a note and a scaled size', () => {
    const { size, note } = snapFrame(rect(0, 0, 4608, 3072), image, model);
    expect(size).toEqual({ width: 3520, height: 2352 });
    expect(note).toBe('4608 × 3072 is larger than this model supports. It will be scaled to 3520 × 2352.');
  });

  test('a whole image that is larger is sent as it is, and its note says so', () => {
    const large = { width: 3600, height: 2700 };
    const { size, note } = snapFrame(rectOf(large), large, model);
    expect(size).toEqual({ width: 3312, height: 2480 });
    expect(note).toBe(
      '3600 × 2700 is larger than this model supports. The image is sent as it is and generated at 3312 × 2480.',
    );
  });

  test('a small one has a note that the result is larger', () => {
    const { size, note } = snapFrame(rect(0, 0, 320, 320), image, model);
    expect(size).toEqual({ width: 816, height: 816 });
    expect(note).toBe('320 × 320 is smaller than this model supports. Will be generated at 816 × 816.');
  });

  test('a list of sizes gives the frame the nearest ratio', () => {
    const wide = snapFrame(rect(0, 0, 2048, 1024), image, first);
    expect(wide.frame).toEqual(rect(0, -170, 2048, 1365));
    expect(wide.size).toEqual({ width: 1536, height: 1024 });
    const cropped = snapFrame(rect(100, 100, 1000, 900), image, first);
    expect(cropped.frame).toEqual(rect(150, 100, 900, 900));
    expect(cropped.size).toEqual({ width: 1024, height: 1024 });
    const near = snapFrame(rect(100, 100, 1024, 900), image, first);
    expect(near.frame).toMatchObject({ width: 900, height: 900 });
    const small = snapFrame(rect(0, 0, 500, 500), image, findModel('dall-e-2'));
    expect(small.size).toEqual({ width: 512, height: 512 });
  });

  test('no model: the frame as it is', () => {
    const frame = rect(3, 3, 33, 77);
    expect(snapFrame(frame, image, null)).toEqual({ frame, size: { width: 33, height: 77 }, note: null });
  });
});

const frames = fc
  .tuple(
    fc.integer({ min: -900, max: 900 }),
    fc.integer({ min: -600, max: 600 }),
    fc.integer({ min: 700, max: 2400 }),
    fc.integer({ min: 500, max: 1600 }),
  )
  .map((edges) => rect(...edges))
  .filter((frame) => intersect(frame, whole).width > 0 && intersect(frame, whole).height > 0);

test('snapping twice changes nothing, and the size is always supported', () => {
  fc.assert(
    fc.property(frames, fc.constantFrom(model, first), (frame, by) => {
      const once = snapFrame(frame, image, by);
      const twice = snapFrame(once.frame, image, by);
      expect(twice.frame).toEqual(once.frame);
      expect(checkSize(`${once.size.width}x${once.size.height}`, by.sizes)).toBeNull();
    }),
    { numRuns: 150 },
  );
});

describe('the frame with a ratio', () => {
  test('to extend: the smallest around the image, on the side extended already', () => {
    expect(fitFrameToRatio('extend', 2, image, whole)).toEqual(rect(-256, 0, 2048, 1024));
    expect(fitFrameToRatio('extend', 2, image, rect(0, 0, 1600, 1024))).toEqual(rect(0, 0, 2048, 1024));
    expect(fitFrameToRatio('extend', 2, image, rect(-100, 0, 1636, 1024))).toEqual(rect(-512, 0, 2048, 1024));
    expect(fitFrameToRatio('extend', 2, image, rect(-10, 0, 1600, 1024))).toEqual(rect(-256, 0, 2048, 1024));
    expect(fitFrameToRatio('extend', 1, image, whole)).toEqual(rect(0, -256, 1536, 1536));
  });

  test("to crop: as large as fits, around the frame's centre", () => {
    expect(fitFrameToRatio('crop', 1, image, whole)).toEqual(rect(256, 0, 1024, 1024));
    expect(fitFrameToRatio('crop', 1, image, rect(0, 0, 400, 100))).toEqual(rect(100, 0, 200, 200));
  });

  test('with a typed size', () => {
    expect(fitFrameToSize('crop', { width: 800, height: 9000 }, image, whole)).toEqual(rect(368, 0, 800, 1024));
    expect(fitFrameToSize('extend', { width: 2048, height: 10 }, image, whole)).toEqual(rect(0, 0, 2048, 1024));
    expect(fitFrameToSize('extend', { width: 2048, height: 1024 }, image, rect(-9, 0, 1545, 1024)).left).toBe(-512);
    expect(fitFrameToSize('extend', { width: 2048, height: 1024 }, image, rect(-9, 0, 1600, 1024)).left).toBe(-256);
  });
});

describe('the parts to generate', () => {
  test('lie outside the image, and inside it as far as the seam', () => {
    expect(outpaintParts(image, rect(0, 0, 2048, 1024), 24)).toEqual([rect(1512, 0, 536, 1024)]);
    expect(outpaintParts(image, rect(-64, -32, 1600, 1056), 0)).toEqual([
      rect(-64, -32, 1600, 32),
      rect(-64, 0, 64, 1024),
    ]);
    expect(outpaintParts(image, rect(100, 100, 800, 600), 24)).toEqual([]);
    expect(outpaintParts(image, rect(1500, 0, 548, 1024), 128)).toEqual([rect(1500, 0, 548, 1024)]);
  });

  test('do not overlap, and make up the frame with the kept part', () => {
    fc.assert(
      fc.property(frames, fc.integer({ min: 0, max: 128 }), (frame, overlap) => {
        const parts = outpaintParts(image, frame, overlap);
        const area = parts.reduce((sum, part) => sum + part.width * part.height, 0);
        const kept = intersect(frame, whole);
        expect(area).toBeGreaterThanOrEqual(frame.width * frame.height - kept.width * kept.height);
        expect(area).toBeLessThanOrEqual(frame.width * frame.height);
        parts.forEach((part, at) => {
          for (const other of parts.slice(at + 1)) {
            const both = intersect(part, other);
            expect(both.width * both.height).toBe(0);
          }
        });
      }),
      { numRuns: 100 },
    );
    expect(surroundingParts(rect(0, 0, 4, 4), rect(1, 1, 2, 2))).toHaveLength(4);
  });
});

describe('the seam', () => {
  const mask = { size: { width: 6, height: 3 }, coverage: new Uint8Array(18) };
  const rows = ({ coverage }: { coverage: Uint8Array }): string[] =>
    [0, 1, 2].map((y) => [...coverage.subarray(y * 6, y * 6 + 6)].map((byte) => (byte === 255 ? '#' : '.')).join(''));

  test('is marked inside the image along the extended sides', () => {
    expect(rows(addSeam(mask, rect(0, -4, 9, 7), 2))).toEqual(['######', '######', '....##']);
    expect(rows(mask)).toEqual(['......', '......', '......']);
  });

  test('is empty without an overlap, a frame, or an extended side', () => {
    expect(addSeam(mask, rect(0, 0, 9, 3), 0)).toBe(mask);
    expect(addSeam(mask, null, 24)).toBe(mask);
    expect(addSeam(mask, rect(1, 1, 4, 2), 24)).toBe(mask);
  });
});

test.each<[Rect | null, string | null]>([
  [null, null],
  [whole, null],
  [rect(0, 0, 2048, 1024), 'Extend to the right'],
  [rect(-8, 0, 1544, 1024), 'Extend to the left'],
  [rect(0, -8, 1536, 1032), 'Extend upwards'],
  [rect(0, 0, 1536, 1032), 'Extend downwards'],
  [rect(-8, 0, 1552, 1024), 'Extend'],
  [rect(8, 0, 1000, 1024), 'Crop'],
  [rect(8, 0, 1536, 1024), 'Crop and extend'],
])('%j is called %s', (frame, words) => {
  expect(frameLabel(frame, image)).toBe(words);
});

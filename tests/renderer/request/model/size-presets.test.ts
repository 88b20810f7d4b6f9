import { expect, test } from 'vitest';
import { findModel, GIF, type SizeRule } from '../../../../electron/contract/catalogue/models.ts';
import { checkSize, parseSize } from '../../../../electron/contract/rules/size-rules.ts';
import {
  gifFixes,
  MEGAPIXELS,
  presetForSize,
  presetSize,
  RATIOS,
  swapOrientation,
} from '../../../../renderer/request/model/size-presets.ts';

const FREE = findModel('gpt-image-2.6-sunburst').sizes as Extract<SizeRule, { kind: 'free' }>;

test('every preset has its exact shape, is taken, and is known again', () => {
  for (const ratio of RATIOS) {
    const [across = 0, down = 0] = ratio.split(':').map(Number);
    const sizes = MEGAPIXELS.map((amount) => presetSize(ratio, amount, FREE));
    expect(sizes.slice(0, 3)).not.toContain(null);
    sizes.forEach((size, index) => {
      if (size === null) return;
      const { width, height } = parseSize(size) ?? { width: 0, height: 1 };
      expect(width * down).toBe(height * across);
      expect(checkSize(size, FREE)).toBeNull();
      expect(presetForSize(size)).toEqual({ ratio, megapixels: MEGAPIXELS[index] });
    });
  }
});

test.each([
  ['1:1', 1, '1024x1024'],
  ['1:1', 4, '2048x2048'],
  ['1:1', 8, '2880x2880'],
  ['16:9', 8, '3840x2160'],
  ['9:16', 8, '2160x3840'],
  // 3840 is the longest edge, so that the widest shape stays below eight.
  ['21:9', 8, '3808x1632'],
] as const)('%s at %d MP is %s', (ratio, amount, size) => {
  expect(presetSize(ratio, amount, FREE)).toBe(size);
});

test('what the pixels of a GIF do not allow is not offered', () => {
  expect(presetSize('1:1', 2, FREE, 1_000_000)).toBeNull();
  expect(presetSize('1:1', 1, FREE, 1_000_000)).toBe('992x992');
});

test('a size without a shape of the list is near an amount of pixels all the same', () => {
  expect(presetForSize('1408x1024')).toEqual({ ratio: null, megapixels: 1 });
  expect(presetForSize('auto')).toEqual({ ratio: null, megapixels: 1 });
});

test('turned over, width is height', () => {
  expect(swapOrientation('1536x1024')).toBe('1024x1536');
  expect(swapOrientation('auto')).toBe('auto');
});

test('a GIF beyond its budget is mended by fewer frames or by a smaller size, whatever there is', () => {
  const fix = gifFixes('1536x1024', 9, FREE, GIF);
  expect(fix.frames).toBe(5);
  const { width, height } = parseSize(fix.size ?? '') ?? { width: 0, height: 0 };
  expect(width * height * 9).toBeLessThanOrEqual(GIF.maxPixels);
  expect(checkSize(fix.size ?? '', FREE)).toBeNull();
  // So many frames leave less than the fewest pixels of an image; so large a size leaves a single frame.
  expect(gifFixes('1024x1024', 16, FREE, GIF)).toEqual({ frames: 7, size: null });
  expect(gifFixes('2880x2880', 2, FREE, GIF).frames).toBeNull();
  expect(gifFixes('1024x1024', 4, FREE, GIF)).toEqual({ frames: null, size: null });
});

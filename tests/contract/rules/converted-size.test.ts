import { describe, expect, test } from 'vitest';
import { DEFAULT_CONVERSION, type Conversion } from '../../../electron/contract/entities/exports.ts';
import { convertedSize, exportedForm } from '../../../electron/contract/rules/converted-size.ts';
import fc from '../../fast-check.ts';

const sized = (width: number, height: number, more: Partial<Conversion>): string => {
  const size = convertedSize({ width, height }, 'png', { ...DEFAULT_CONVERSION, ...more });
  return `${size.width}x${size.height}`;
};

describe('the size of a converted image', () => {
  test.each<[string, number, number, Partial<Conversion>, string]>([
    ['its own', 1537, 1023, {}, '1537x1023'],
    ['smaller than the limit', 800, 600, { size: 'edge', edge: 2048 }, '800x600'],
    ['exactly the limit', 2048, 16, { size: 'edge', edge: 2048 }, '2048x16'],
    ['landscape', 3840, 2160, { size: 'edge', edge: 1920 }, '1920x1080'],
    ['portrait', 2160, 3840, { size: 'edge', edge: 1920 }, '1080x1920'],
    ['odd', 1001, 333, { size: 'edge', edge: 500 }, '500x166'],
    ['8:1', 4096, 512, { size: 'edge', edge: 100 }, '100x13'],
    ['a line', 10_000, 1, { size: 'edge', edge: 16 }, '16x1'],
    ['one pixel', 1, 1, { size: 'edge', edge: 16 }, '1x1'],
    ['one pixel in a box', 1, 1, { size: 'within', width: 16, height: 16 }, '1x1'],
    ['a box that limits the width', 3000, 1000, { size: 'within', width: 600, height: 600 }, '600x200'],
    ['a box that limits the height', 1000, 3000, { size: 'within', width: 600, height: 600 }, '200x600'],
    ['a wide box for a tall image', 1024, 1536, { size: 'within', width: 1920, height: 1080 }, '720x1080'],
    ['a box that is larger', 100, 100, { size: 'within', width: 1920, height: 1080 }, '100x100'],
    ['unknown', 0, 0, { size: 'edge', edge: 16 }, '0x0'],
    ['longer than a WebP', 32_766, 100, { format: 'webp' }, '16383x50'],
    ['longer than an AVIF', 32_768, 100, { format: 'avif' }, '16384x50'],
    ['longer than a JPEG', 131_000, 100, { format: 'jpeg' }, '65500x50'],
    ['as long as it likes', 131_000, 100, { format: 'png' }, '131000x100'],
  ])('%s', (_what, width, height, more, expected) => {
    expect(sized(width, height, more)).toBe(expected);
  });

  test('a drawing has no pixels: it is drawn with 2048 at least, within the limit', () => {
    const drawing = { width: 24, height: 12 };
    expect(convertedSize(drawing, 'svg', DEFAULT_CONVERSION)).toEqual({ width: 2048, height: 1024 });
    const small = { ...DEFAULT_CONVERSION, size: 'edge' as const, edge: 512 };
    expect(convertedSize(drawing, 'svg', small)).toEqual({ width: 512, height: 256 });
  });

  test('is within the limits, never larger than the image, and never 0', () => {
    const side = fc.integer({ min: 1, max: 20_000 });
    const limit = fc.integer({ min: 16, max: 16_384 });
    fc.assert(
      fc.property(side, side, limit, limit, (width, height, boxWidth, boxHeight) => {
        const conversion = { ...DEFAULT_CONVERSION, size: 'within' as const, width: boxWidth, height: boxHeight };
        const size = convertedSize({ width, height }, 'png', conversion);
        expect(size.width).toBeGreaterThan(0);
        expect(size.height).toBeGreaterThan(0);
        expect(size.width).toBeLessThanOrEqual(Math.min(width, boxWidth));
        expect(size.height).toBeLessThanOrEqual(Math.min(height, boxHeight));
        // As large as fits: one of the limits is reached, or it has its own size.
        expect(size.width === Math.min(width, boxWidth) || size.height === Math.min(height, boxHeight)).toBe(true);
      }),
    );
  });
});

test('only a conversion changes what is exported', () => {
  const image = { width: 4000, height: 2000, format: 'webp' as const };
  const conversion = { ...DEFAULT_CONVERSION, size: 'edge' as const, edge: 400 };
  expect(exportedForm(image, { images: 'copies', conversion })).toEqual(image);
  expect(exportedForm(image, { images: 'converted', conversion })).toEqual({ width: 400, height: 200, format: 'jpeg' });
  expect(exportedForm(image, { images: 'converted' })).toEqual({ width: 4000, height: 2000, format: 'jpeg' });
});

import { describe, expect, test } from 'vitest';
import { defaultReading, inspectMask, isMarked, maskDoubt } from '../../../electron/contract/rules/mask-rules.ts';

/** RGBA of 100 pixels; the first `count` differ. */
function pixels(count: number, one: number[], rest: number[] = [0, 0, 0, 255]): Uint8Array {
  return Uint8Array.from({ length: 400 }, (_none, at) => (at < count * 4 ? one : rest)[at % 4] ?? 0);
}

describe('what an image is as a mask', () => {
  test.each([
    ['transparent', pixels(1, [0, 0, 0, 127])],
    ['black-and-white', pixels(1, [0, 0, 0, 128])],
    ['black-and-white', pixels(50, [255, 255, 255, 255])],
    ['black-and-white', pixels(10, [128, 128, 128, 255])],
    ['grey', pixels(11, [128, 128, 128, 255])],
    ['photo', pixels(3, [200, 90, 40, 255])],
  ])('%s', (kind, rgba) => expect(inspectMask(rgba).kind).toBe(kind));

  test('pixels are counted by what a strict mask does with them', () => {
    expect(inspectMask(pixels(7, [9, 9, 9, 127]))).toMatchObject({ clear: 7, partial: 7 });
    expect(inspectMask(pixels(7, [9, 9, 9, 200]))).toMatchObject({ clear: 0, partial: 7 });
    expect(inspectMask(pixels(7, [9, 9, 9, 0]))).toMatchObject({ clear: 7, partial: 0 });
  });

  test('shades and photos are asked about, and the reading follows the kind', () => {
    expect(maskDoubt({ kind: 'transparent' })).toBeNull();
    expect(maskDoubt({ kind: 'black-and-white' })).toBeNull();
    expect(maskDoubt({ kind: 'grey' })).toMatch(/shades of grey/u);
    expect(maskDoubt({ kind: 'photo' })).toMatch(/photo/u);
    expect([defaultReading({ kind: 'transparent' }), defaultReading({ kind: 'grey' })]).toEqual([
      'transparency',
      'white',
    ]);
  });

  test('a transparent pixel is neither white nor black', () => {
    for (const reading of ['white', 'black'] as const) expect(isMarked([255, 255, 255, 0], 0, reading)).toBe(false);
    expect(isMarked([255, 255, 255, 127], 0, 'transparency')).toBe(true);
    expect(isMarked([200, 200, 200, 255], 0, 'white')).toBe(true);
    expect(isMarked([20, 20, 20, 255], 0, 'black')).toBe(true);
  });
});

import fc from '../../../../fast-check.ts';
import { describe, expect, test } from 'vitest';
import { packBits, unpackBits } from '../../../../../renderer/canvas/mask/pixels/bits.ts';
import { askWorker, exportMask } from '../../../../../renderer/canvas/mask/files/export-mask.ts';
import { toKeepPixels } from '../../../../../renderer/canvas/mask/files/keep-pixels.ts';
import { readMask } from '../../../../../renderer/canvas/mask/files/read-mask.ts';
import type { Rect, Size } from '../../../../../renderer/stage/geometry.ts';
import { blots, blotted, SIZE } from '../arbitraries.ts';

/** The bytes of each pixel in a PNG's own lines, unpacked by hand: a canvas would lose the white of what cannot be seen. */
async function pixelsOf(png: Blob) {
  const bytes = new Uint8Array(await png.arrayBuffer());
  const view = new DataView(bytes.buffer);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  expect([...bytes.subarray(24, 26)]).toEqual([8, 6]);
  const data = bytes.slice(41, 41 + view.getUint32(33));
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate'));
  const lines = new Uint8Array(await new Response(stream).arrayBuffer());
  const pixels = Array.from({ length: height }, (_row, y) =>
    Array.from({ length: width }, (_column, x) => {
      const at = y * (1 + width * 4) + 1 + x * 4;
      const pixel = lines.subarray(at, at + 4).join();
      return pixel === '255,255,255,0' ? 'e' : pixel === '0,0,0,255' ? 'k' : '?';
    }).join(''),
  );
  return { width, height, pixels };
}

/** A mask from letters: e is marked, everything else is not. */
function maskOf(...rows: string[]): { size: Size; coverage: Uint8Array<ArrayBuffer> } {
  const coverage = Uint8Array.from(Array.from(rows.join(''), (letter) => (letter === 'e' ? 128 : 127)));
  return { size: { width: rows[0]?.length ?? 0, height: rows.length }, coverage };
}

describe('the file of a mask', () => {
  test('has the image’s size, transparent where it is marked', async () => {
    const png = await exportMask(maskOf('e..', '.ee'), null);
    expect(png.type).toBe('image/png');
    expect(await pixelsOf(png)).toEqual({ width: 3, height: 2, pixels: ['ekk', 'kee'] });
  });

  test('a frame that reaches beyond the image is to be made there; one within it cuts', async () => {
    const mask = maskOf('e..', '.ee');
    const wide = await pixelsOf(await exportMask(mask, { left: -1, top: 0, width: 5, height: 3 }));
    expect(wide.pixels).toEqual(['eekke', 'ekeee', 'eeeee']);
    const cut = await pixelsOf(await exportMask(mask, { left: 1, top: 0, width: 2, height: 2 }));
    expect(cut.pixels).toEqual(['kk', 'ee']);
  });

  test('another size takes each pixel from the nearest', async () => {
    const { pixels } = await pixelsOf(await exportMask(maskOf('e..', '.ee'), null, { width: 6, height: 2 }));
    expect(pixels).toEqual(['eekkkk', 'kkeeee']);
  });

  test('a frame is what a slow look at each pixel says', () => {
    const place = fc.integer({ min: -60, max: 200 });
    const edge = fc.integer({ min: 1, max: 160 });
    const frame: fc.Arbitrary<Rect> = fc.record({ left: place, top: place, width: edge, height: edge });
    const property = fc.property(blots, frame, (seed, part) => {
      const coverage = blotted(SIZE, seed);
      const { pixels, size } = toKeepPixels({ size: SIZE, coverage }, part);
      expect(size).toEqual({ width: part.width, height: part.height });
      const wrong = pixels.findIndex((kept, at) => {
        const [x, y] = [part.left + (at % size.width), part.top + Math.floor(at / size.width)];
        const isInside = x >= 0 && y >= 0 && x < SIZE.width && y < SIZE.height;
        return kept !== (isInside && coverage[y * SIZE.width + x] === 0 ? 255 : 0);
      });
      expect(wrong).toBe(-1);
    });
    fc.assert(property, { numRuns: 40 });
  });

  test('what is drawn while the file is made is not in it, and the mask stays usable', async () => {
    const mask = maskOf('...');
    const making = exportMask(mask, null);
    mask.coverage.fill(255);
    expect((await pixelsOf(await making)).pixels).toEqual(['kkk']);
    expect(mask.coverage.length).toBe(3);
  });

  test.each([
    ['that cannot start', 'throw new Error("broken")'],
    ['whose file is missing', null],
  ])('a worker %s is an error with a word, not a wait', async (_name, code) => {
    const url =
      code === null
        ? '/there-is-no-such-worker.js'
        : URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
    const worker = new Worker(url, { type: 'module' });
    const payload = { ...maskOf('e'), frame: { left: 0, top: 0, width: 1, height: 1 }, to: null };
    await expect(askWorker(worker, payload)).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining(
        'The mask file couldn’t be created. If it fails again, reload the page: the mask is saved.',
      ),
    });
    worker.terminate();
  });
});

/** An image of these pixels: `.` transparent, w white, b black, g grey, r red. */
function drawn(...rows: string[]): ImageData {
  const colours: Record<string, readonly number[]> = {
    '.': [255, 255, 255, 0],
    w: [250, 255, 251, 255],
    b: [4, 0, 3, 255],
    g: [128, 128, 128, 255],
    r: [255, 0, 0, 255],
  };
  const width = rows[0]?.length ?? 0;
  return new ImageData(
    Uint8ClampedArray.from(Array.from(rows.join(''), (letter) => colours[letter] ?? []).flat()),
    width,
    rows.length,
  );
}

async function asFile(pixels: ImageData): Promise<Blob> {
  const canvas = new OffscreenCanvas(pixels.width, pixels.height);
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}

describe('a mask that is loaded', () => {
  const size = { width: 4, height: 2 };
  const marks = (...rows: string[]): string => packBits(maskOf(...rows).coverage);

  test('is read by its transparency where it has any, otherwise by its white', async () => {
    const clear = await readMask(await asFile(drawn('.bw.', 'b..g')), size);
    expect(clear).toEqual({
      kind: 'mask',
      reads: 'transparency',
      marked: 4,
      partial: 0,
      doubt: null,
      op: { kind: 'region', combine: 'add', bits: marks('e..e', '.ee.') },
    });
    const white = await readMask(drawn('wbbw', 'bwbb'), size, { combine: 'subtract' });
    expect(white).toEqual({
      kind: 'mask',
      reads: 'white',
      marked: 3,
      partial: 0,
      doubt: null,
      op: { kind: 'region', combine: 'subtract', bits: marks('e..e', '.e..') },
    });
  });

  test('one that goes out comes back as it was', async () => {
    const coverage = blotted(SIZE, { grain: 7, seed: 5 });
    const reading = await readMask(await exportMask({ size: SIZE, coverage }, null), SIZE);
    expect(reading).toMatchObject({ kind: 'mask', reads: 'transparency' });
    if (reading.kind !== 'mask' || reading.op.kind !== 'region') throw new Error('A region was expected.');
    expect(unpackBits(reading.op.bits, coverage.length)).toEqual(coverage);
  });

  test('of other dimensions is asked about, and scaled only when that is wanted', async () => {
    const small = drawn('.b');
    expect(await readMask(small, size)).toEqual({ kind: 'other-size', size: { width: 2, height: 1 } });
    expect(await readMask(small, size, { scale: true })).toMatchObject({
      kind: 'mask',
      marked: 4,
      op: { bits: marks('ee..', 'ee..') },
    });
  });

  test('that marks nothing is reported', async () => {
    expect(await readMask(drawn('bbbb', 'bbbb'), size)).toMatchObject({ kind: 'mask', reads: 'white', marked: 0 });
  });

  test('that is a photograph is doubted, and a file that is not an image is unreadable', async () => {
    expect(await readMask(drawn('grgr', 'rgwb'), size)).toMatchObject({
      kind: 'mask',
      doubt: 'This looks like a photo, not a mask.',
    });
    expect(await readMask(new Blob(['not an image'], { type: 'image/png' }), size)).toMatchObject({
      kind: 'unreadable',
    });
  });
});

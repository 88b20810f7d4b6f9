import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from '../../fast-check.ts';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import type { Sha256 } from '../../../electron/contract/entities/ids.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import type { Framing } from '../../../electron/contract/entities/input-preparation.ts';
import { frameInput } from '../../../electron/library/inputs/frame-input.ts';
import type { Library } from '../../../electron/library/library.ts';
import { writePixels } from '../../../electron/library/pixels/write-pixels.ts';
import { addFile, letterImage, noiseImage, storedPixels } from '../input-images.ts';
import { emptyFolder, reportOf, testLibrary } from '../test-library.ts';

const COLOURS = {
  r: [255, 0, 0, 255],
  g: [0, 255, 0, 255],
  b: [0, 0, 255, 255],
  w: [255, 255, 255, 255],
  '.': [0, 0, 0, 0],
} as const;
const draw = (...rows: string[]): Promise<Buffer> => letterImage(rows, COLOURS);

async function letters(library: Library, input: InputImage): Promise<string[]> {
  const { data, width, height } = await storedPixels(library, input);
  const names = new Map(Object.entries(COLOURS).map(([letter, bytes]) => [bytes.join(), letter]));
  return Array.from({ length: height }, (_row, y) =>
    Array.from({ length: width }, (_column, x) => {
      const at = (y * width + x) * 4;
      return names.get([...data.subarray(at, at + 4)].join()) ?? '?';
    }).join(''),
  );
}

/** Left, top, width and height. */
type Edges = readonly [number, number, number, number];
const frame = ({ sha256 }: { sha256: Sha256 }, [left, top, width, height]: Edges): Framing => ({
  sha256,
  left,
  top,
  width,
  height,
});

describe('a frame', () => {
  test.each<[string, Edges, string[], string]>([
    ['inside crops', [1, 0, 2, 1], ['gb'], 'Cropped from 4 × 2 to 2 × 1.'],
    [
      'beyond it extends',
      [-1, -1, 6, 4],
      ['......', '.rgbw.', '.wbgr.', '......'],
      'Extended from 4 × 2 to 6 × 4; the new area is transparent.',
    ],
    [
      'to the right alone',
      [0, 0, 6, 2],
      ['rgbw..', 'wbgr..'],
      'Extended from 4 × 2 to 6 × 2; the new area is transparent.',
    ],
    [
      'that does both',
      [2, 1, 3, 3],
      ['gr.', '...', '...'],
      'Cropped and extended from 4 × 2 to 3 × 3; the new area is transparent.',
    ],
    [
      'that holds one pixel of it',
      [-2, -1, 3, 2],
      ['...', '..r'],
      'Cropped and extended from 4 × 2 to 3 × 2; the new area is transparent.',
    ],
  ])('%s', async (_name, edges, seen, change) => {
    const library = await testLibrary();
    const source = await addFile(library, await draw('rgbw', 'wbgr'), 'square.png');
    const made = await frameInput(library, frame(source, edges));
    expect(await letters(library, made)).toEqual(seen);
    expect(made).toMatchObject({ format: 'png', name: 'square.png', orientation: 1 });
    expect(made.changes).toEqual([change, expect.stringMatching(/^Saved as PNG, /u)]);
    expect(readdirSync(join(library.folder, 'incoming'))).toEqual([]);
  });

  test('on the image’s own edges returns the source if it is an upright, still PNG', async () => {
    const library = await testLibrary();
    const source = await addFile(library, await draw('rg', 'bw'));
    expect(await frameInput(library, { ...frame(source, [0, 0, 2, 2]), to: { width: 2, height: 2 } })).toEqual(source);
    const jpeg = await addFile(library, await noiseImage(20, 10).jpeg().toBuffer());
    const made = await frameInput(library, frame(jpeg, [0, 0, 20, 10]));
    expect(made).toMatchObject({ format: 'png', width: 20, height: 10 });
    expect(made.changes).toHaveLength(1);
  });

  test('is scaled afterwards, all of it', async () => {
    const library = await testLibrary();
    const source = await addFile(library, await draw(...Array<string>(40).fill('r'.repeat(60))));
    const made = await frameInput(library, { ...frame(source, [0, 0, 120, 40]), to: { width: 60, height: 20 } });
    const { data, width, height } = await storedPixels(library, made);
    expect([width, height]).toEqual([60, 20]);
    expect([...data.subarray(10 * 4, 11 * 4)]).toEqual(COLOURS.r);
    expect(data[50 * 4 + 3]).toBe(0);
    expect(made.changes).toContain('Scaled from 120 × 40 to 60 × 20.');
    expect(readdirSync(join(library.folder, 'incoming'))).toEqual([]);
  });
});

// The letters as stored for each EXIF orientation; displayed, it is always "rg/bw".
test.each<[number, string[]]>([
  [1, ['rg', 'bw']],
  [2, ['gr', 'wb']],
  [3, ['wb', 'gr']],
  [4, ['bw', 'rg']],
  [5, ['rb', 'gw']],
  [6, ['gw', 'rb']],
  [7, ['wg', 'br']],
  [8, ['br', 'wg']],
])('orientation %s is turned upright before it is cut and extended', async (orientation, rows) => {
  const library = await testLibrary();
  const lying = await sharp(await draw(...rows))
    .withMetadata({ orientation })
    .png()
    .toBuffer();
  const made = await frameInput(library, frame(await addFile(library, lying), [1, -1, 2, 3]));
  expect(await letters(library, made)).toEqual(['..', 'g.', 'w.']);
  expect(made.changes.includes('Rotated upright.')).toBe(orientation > 1);
});

/** Inside, each pixel equals the decoded image's: upright, sRGB, 8 bits. */
async function expectSamePixels(library: Library, file: Buffer, made: InputImage, edges: Edges): Promise<void> {
  const whole = await sharp(file)
    .autoOrient()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { data, width, height } = await storedPixels(library, made);
  const wanted = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [fromX, fromY] = [x + edges[0], y + edges[1]];
      if (fromX < 0 || fromY < 0 || fromX >= whole.info.width || fromY >= whole.info.height) continue;
      const from = (fromY * whole.info.width + fromX) * 4;
      whole.data.copy(wanted, (y * width + x) * 4, from, from + 4);
    }
  }
  expect([width, height]).toEqual([edges[2], edges[3]]);
  expect(data.equals(wanted)).toBe(true);
}

const translucent = (): Sharp =>
  sharp({ create: { width: 30, height: 20, channels: 4, background: { r: 200, g: 40, b: 90, alpha: 0.3 } } });

test.each<[string, () => Promise<Buffer>]>([
  ['a JPEG without transparency', () => noiseImage(30, 20).jpeg({ quality: 80 }).toBuffer()],
  ['a WebP', () => noiseImage(30, 20).webp().toBuffer()],
  ['sixteen bits', () => noiseImage(30, 20).toColourspace('rgb16').png().toBuffer()],
  ['CMYK', () => noiseImage(30, 20).toColourspace('cmyk').jpeg().toBuffer()],
  ['grey', () => noiseImage(30, 20).toColourspace('b-w').png().toBuffer()],
  ['grey of sixteen bits', () => noiseImage(30, 20).toColourspace('grey16').png().toBuffer()],
  ['a palette', () => noiseImage(30, 20).png({ palette: true, colours: 16 }).toBuffer()],
  ['one that is translucent', () => translucent().png().toBuffer()],
  ['a foreign profile', () => noiseImage(30, 20).withIccProfile('p3').png().toBuffer()],
  ['a GIF', () => noiseImage(30, 20).gif().toBuffer()],
])('%s: pixels inside stay, to the byte', async (_name, make) => {
  const library = await testLibrary();
  const file = await make();
  const source = await addFile(library, file);
  for (const edges of [
    [-3, 2, 40, 30],
    [5, 5, 10, 10],
  ] as const) {
    await expectSamePixels(library, file, await frameInput(library, frame(source, edges)), edges);
  }
});

test('any frame that overlaps the image contains its pixels and nothing else', async () => {
  const library = await testLibrary();
  const file = await noiseImage(12, 9).png().toBuffer();
  const source = await addFile(library, file);
  const edge = fc.integer({ min: 1, max: 24 });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: -10, max: 11 }),
      fc.integer({ min: -10, max: 8 }),
      edge,
      edge,
      async (...edges) => {
        fc.pre(edges[0] + edges[2] > 0 && edges[1] + edges[3] > 0);
        await expectSamePixels(library, file, await frameInput(library, frame(source, edges)), edges);
      },
    ),
    { numRuns: 25 },
  );
});

test('uses the first frame of an animation', async () => {
  const library = await testLibrary();
  const frames = await Promise.all([draw('rr', 'rr'), draw('gg', 'gg')]);
  const animation = sharp(frames, { join: { animated: true } });
  const source = await addFile(library, await animation.gif().toBuffer());
  const made = await frameInput(library, frame(source, [0, 0, 3, 2]));
  expect(await letters(library, made)).toEqual(['rr.', 'rr.']);
  expect(made).toMatchObject({ frames: 1, format: 'png' });
  expect(made.changes[0]).toBe('Used the first of 2 frames.');
});

test('changes accumulate, and the original image stays linked', async () => {
  const library = await testLibrary();
  const source = await addFile(library, await noiseImage(40, 20).png().toBuffer());
  const cropped = await frameInput(library, frame(source, [0, 0, 20, 20]));
  const extended = await frameInput(library, frame(cropped, [-4, 0, 24, 20]));
  expect(extended.changes.filter((change) => !change.startsWith('Saved'))).toEqual([
    'Cropped from 40 × 20 to 20 × 20.',
    'Extended from 20 × 20 to 24 × 20; the new area is transparent.',
  ]);
});

describe('invalid frames are rejected and leave nothing behind', () => {
  test.each<[string, Edges]>([
    ['beside the image', [30, 0, 10, 10]],
    ['that ends where the image begins', [-10, 0, 10, 20]],
    ['below it', [0, 20, 10, 10]],
    ['above it', [0, -10, 30, 10]],
  ])('a frame %s', async (_name, edges) => {
    const library = await testLibrary();
    const source = await addFile(library, await noiseImage(30, 20).png().toBuffer());
    const refused = await reportOf(() => frameInput(library, frame(source, edges)));
    expect(refused).toEqual({
      code: 'input-invalid',
      message: 'The frame doesn’t overlap the image, which is 30 × 20. Move it over the image. Nothing was changed.',
      billing: 'none',
    });
    expect(readdirSync(join(library.folder, 'incoming'))).toEqual([]);
  });

  test('a frame or a size with too many pixels', async () => {
    const library = await testLibrary();
    const source = await addFile(library, await noiseImage(30, 20).png().toBuffer());
    const refused = await reportOf(() => frameInput(library, frame(source, [0, 0, 16_384, 16_384])));
    expect(refused.message).toContain('The frame is 16384 × 16384; images can have up to 100 million pixels.');
    const to = { width: 16_000, height: 16_000 };
    const scaled = await reportOf(() => frameInput(library, { ...frame(source, [0, 0, 20, 20]), to }));
    expect(scaled).toMatchObject({ code: 'input-invalid' });
  });

  test('an unknown input', async () => {
    const library = await testLibrary();
    const refused = await reportOf(() =>
      frameInput(library, frame({ sha256: 'a'.repeat(64) as Sha256 }, [0, 0, 1, 1])),
    );
    expect(refused.code).toBe('not-found');
  });

  test('a full disk', async () => {
    const library = await testLibrary();
    const source = await addFile(library, await noiseImage(30, 20).png().toBuffer());
    // SQLite then reports a full disk: the row is larger than the space left in its page.
    library.db.pragma(`max_page_count = ${String(library.db.pragma('page_count', { simple: true }))}`);
    library.db.prepare('UPDATE input_files SET name = ?').run('x'.repeat(100));
    const tries = Array.from({ length: 40 }, (_none, at) => at + 1);
    const refused = await reportOf(async () => {
      for (const width of tries) await frameInput(library, frame(source, [0, 0, width, 5]));
    });
    expect(refused).toMatchObject({ code: 'disk-full', billing: 'none' });
    expect(readdirSync(join(library.folder, 'incoming'))).toEqual([]);
  });

  test.runIf(existsSync('/dev/full'))('a disk that is full while pixels are written', async () => {
    const refused = await reportOf(() => writePixels(noiseImage(20, 20).png(), '/dev/full'));
    expect(refused).toMatchObject({ code: 'disk-full', billing: 'none' });
    const elsewhere = join(await emptyFolder(), 'nowhere', 'a.png');
    await expect(writePixels(noiseImage(20, 20).png(), elsewhere)).rejects.toThrow(/nowhere/u);
  });
});

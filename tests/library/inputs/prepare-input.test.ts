import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp, { type Metadata } from 'sharp';
import { describe, expect, test } from 'vitest';
import type { Sha256 } from '../../../electron/contract/entities/ids.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import type { Library } from '../../../electron/library/library.ts';
import { prepareInput } from '../../../electron/library/inputs/prepare-input.ts';
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

/** The letters of an image, as {@link draw} takes them. */
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

const metadataOf = ({ folder }: Library, { sha256, format }: InputImage): Promise<Metadata> =>
  sharp(originalPath(folder, sha256, format)).metadata();

describe('rotating upright', () => {
  // The letters as stored for each EXIF orientation; displayed, it is always "rg/bw".
  const LYING: Record<number, string[]> = {
    2: ['gr', 'wb'],
    3: ['wb', 'gr'],
    4: ['bw', 'rg'],
    5: ['rb', 'gw'],
    6: ['gw', 'rb'],
    7: ['wg', 'br'],
    8: ['br', 'wg'],
  };
  test.each(Object.entries(LYING))('orientation %s', async (orientation, rows) => {
    const library = await testLibrary();
    const lying = await sharp(await draw(...rows))
      .withMetadata({ orientation: Number(orientation) })
      .png()
      .toBuffer();
    const source = await addFile(library, lying, 'turned.png');
    expect(source.orientation).toBe(Number(orientation));
    const upright = await prepareInput(library, { sha256: source.sha256 });
    expect(await letters(library, upright)).toEqual(['rg', 'bw']);
    expect(upright).toMatchObject({ orientation: 1, width: 2, height: 2, name: 'turned.png' });
    expect(upright.changes[0]).toBe('Rotated upright.');
  });

  test('returns the source if nothing needs to be done', async () => {
    const library = await testLibrary();
    const source = await addFile(library, await draw('rg', 'bw'));
    const options = { sha256: source.sha256, format: 'png', longestEdge: 100, square: 'pad', below: 5000 } as const;
    expect(await prepareInput(library, options)).toEqual(source);
  });
});

describe('making square', () => {
  test('by cropping to the centre', async () => {
    const library = await testLibrary();
    const source = await addFile(library, await draw('rgbw', 'wbgr'));
    const made = await prepareInput(library, { sha256: source.sha256, square: 'crop' });
    expect(await letters(library, made)).toEqual(['gb', 'bg']);
    expect(made.changes[0]).toBe('Cropped from 4 × 2 to the centre square.');
  });

  test('by padding with transparency', async () => {
    const library = await testLibrary();
    const source = await addFile(library, await draw('rgbw', 'wbgr'));
    const made = await prepareInput(library, { sha256: source.sha256, square: 'pad' });
    expect(await letters(library, made)).toEqual(['....', 'rgbw', 'wbgr', '....']);
    expect(made).toMatchObject({ width: 4, height: 4, hasAlpha: true });
    expect(made.changes[0]).toBe('Padded from 4 × 2 to a square.');
  });

  test('of a rotated image, cropped as displayed', async () => {
    const library = await testLibrary();
    // Displayed: r over g over b over w, two wide.
    const lying = await sharp(await draw('wbgr', 'wbgr'))
      .withMetadata({ orientation: 8 })
      .png()
      .toBuffer();
    const source = await addFile(library, lying);
    expect(source).toMatchObject({ width: 2, height: 4 });
    const made = await prepareInput(library, { sha256: source.sha256, square: 'crop' });
    expect(await letters(library, made)).toEqual(['gg', 'bb']);
    expect(made.changes.slice(0, 2)).toEqual(['Rotated upright.', 'Cropped from 2 × 4 to the centre square.']);
  });

  test('a variation’s image is a square PNG below 4 MB', async () => {
    const library = await testLibrary();
    const source = await addFile(library, await noiseImage(2600, 1800).jpeg({ quality: 95 }).toBuffer());
    const below = 4 * 1024 * 1024;
    for (const square of ['crop', 'pad'] as const) {
      const made = await prepareInput(library, { sha256: source.sha256, format: 'png', square, below });
      expect(made.format).toBe('png');
      expect(made.width).toBe(made.height);
      expect(made.bytes).toBeLessThan(below);
      // Not smaller than necessary.
      expect(made.bytes).toBeGreaterThan(below / 3);
    }
  });
});

describe('making smaller', () => {
  test('scales to the longest edge and lists both sizes', async () => {
    const library = await testLibrary();
    const source = await addFile(library, await noiseImage(600, 400).png().toBuffer());
    const made = await prepareInput(library, { sha256: source.sha256, longestEdge: 384 });
    expect(made).toMatchObject({ width: 384, height: 256, format: 'png' });
    expect(made.changes[0]).toBe('Scaled from 600 × 400 to 384 × 256.');
    expect(made.changes.at(-1)).toMatch(/^Saved as PNG, \d+ KB instead of \d+ KB\.$/u);
  });

  test('never enlarges', async () => {
    const library = await testLibrary();
    const source = await addFile(library, await noiseImage(60, 40).png().toBuffer());
    const made = await prepareInput(library, { sha256: source.sha256, longestEdge: 3840, format: 'webp' });
    expect(made).toMatchObject({ width: 60, height: 40, format: 'webp' });
  });

  test.each(['png', 'jpeg', 'webp'] as const)('until a %s is below a limit', async (format) => {
    const library = await testLibrary();
    const source = await addFile(library, await noiseImage(500, 500).png().toBuffer());
    for (const below of [200_000, 20_000, 3000]) {
      const made = await prepareInput(library, { sha256: source.sha256, format, below });
      expect(made.bytes).toBeLessThan(below);
      expect(made.width).toBe(made.height);
    }
  });

  test('keeps the size if lower quality is enough', async () => {
    const library = await testLibrary();
    const source = await addFile(library, await noiseImage(500, 500).png().toBuffer());
    const made = await prepareInput(library, { sha256: source.sha256, format: 'jpeg', below: 240_000 });
    expect([made.width, made.height]).toEqual([500, 500]);
  });

  test('a scaled image keeps its aspect ratio, and its source stays', async () => {
    const library = await testLibrary();
    const source = await addFile(library, await noiseImage(301, 99).png().toBuffer());
    const made = await prepareInput(library, { sha256: source.sha256, longestEdge: 100 });
    expect([made.width, made.height]).toEqual([100, 33]);
    expect((await storedPixels(library, source)).width).toBe(301);
    expect(readdirSync(join(library.folder, 'incoming'))).toEqual([]);
  });
});

describe('pixel formats', () => {
  test('CMYK, 16 bits and other profiles become 8-bit sRGB, and the changes say so', async () => {
    const library = await testLibrary();
    const cmyk = await addFile(library, await noiseImage(40, 40).toColourspace('cmyk').jpeg().toBuffer());
    const made = await prepareInput(library, { sha256: cmyk.sha256, format: 'png' });
    expect(made.changes).toContain('Converted from CMYK to sRGB.');
    expect(await metadataOf(library, made)).toMatchObject({ space: 'srgb', depth: 'uchar' });

    const deep = await addFile(library, await noiseImage(40, 40).toColourspace('rgb16').png().toBuffer());
    const flat = await prepareInput(library, { sha256: deep.sha256, longestEdge: 20 });
    expect(flat.changes).toContain('Reduced to 8 bits per channel.');
    expect(await metadataOf(library, flat)).toMatchObject({ space: 'srgb', depth: 'uchar' });

    const wide = await addFile(library, await noiseImage(40, 40).withIccProfile('p3').png().toBuffer());
    const narrow = await prepareInput(library, { sha256: wide.sha256, longestEdge: 20 });
    expect(narrow.changes).toContain('Converted colours to sRGB.');
    expect((await metadataOf(library, narrow)).icc).toBeUndefined();

    const plain = await addFile(library, await noiseImage(40, 40).withIccProfile('srgb').png().toBuffer());
    const same = await prepareInput(library, { sha256: plain.sha256, longestEdge: 20 });
    expect(same.changes.join(' ')).not.toMatch(/colours|bits/u);
  });

  test('metadata is removed, and the changes say so', async () => {
    const library = await testLibrary();
    const exif = { IFD0: { Copyright: 'Somebody', Model: 'Camera' } };
    const source = await addFile(library, await noiseImage(40, 40).withExif(exif).jpeg().toBuffer());
    const made = await prepareInput(library, { sha256: source.sha256, longestEdge: 20 });
    expect(made.changes).toContain('Removed metadata.');
    expect((await metadataOf(library, made)).exif).toBeUndefined();
  });

  test('transparency is flattened on white for JPEG only', async () => {
    const library = await testLibrary();
    const source = await addFile(library, await draw('....', '....'));
    const jpeg = await prepareInput(library, { sha256: source.sha256, format: 'jpeg' });
    expect(jpeg.changes).toContain('Replaced transparency with white: JPEG has none.');
    expect(await letters(library, jpeg)).toEqual(['wwww', 'wwww']);
    const webp = await prepareInput(library, { sha256: source.sha256, format: 'webp' });
    expect(webp).toMatchObject({ hasAlpha: true });
    expect(webp.changes.join(' ')).not.toMatch(/white/u);
  });

  test('uses the first frame of an animation', async () => {
    const library = await testLibrary();
    const frames = await Promise.all([draw('rr', 'rr'), draw('gg', 'gg')]);
    const source = await addFile(
      library,
      await sharp(frames, { join: { animated: true } })
        .gif()
        .toBuffer(),
    );
    const still = await prepareInput(library, { sha256: source.sha256 });
    expect(still).toMatchObject({ format: 'png', frames: 1, width: 2, height: 2 });
    expect(still.changes[0]).toBe('Used the first of 2 frames.');
    expect(await letters(library, still)).toEqual(['rr', 'rr']);
  });
});

test('changes accumulate over several steps, and the original image stays linked', async () => {
  const library = await testLibrary();
  const source = await addFile(library, await noiseImage(80, 40).png().toBuffer());
  const once = await prepareInput(library, { sha256: source.sha256, longestEdge: 40 });
  const twice = await prepareInput(library, { sha256: once.sha256, square: 'crop' });
  expect(twice.changes.filter((change) => !change.startsWith('Saved'))).toEqual([
    'Scaled from 80 × 40 to 40 × 20.',
    'Cropped from 40 × 20 to the centre square.',
  ]);
});

test('the WebAssembly build, used on Linux inside Electron, does the same', async () => {
  const script = join(import.meta.dirname, 'prepare-by-wasm.ts');
  const flags = ['--disable-warning=ExperimentalWarning'];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, await emptyFolder()]);
  const made = ['png', 'jpeg', 'webp'].flatMap((format) => [`${format} crop fits`, `${format} pad fits`]);
  expect(stdout.trim().split('\n')).toEqual([
    'wasm 600x800',
    ...made,
    'shown full none none',
    'own 60135 13127 9083 65535',
    'mask 600x800 marks',
  ]);
});

test('an unknown input is rejected', async () => {
  const library = await testLibrary();
  const refused = await reportOf(() => prepareInput(library, { sha256: 'a'.repeat(64) as Sha256 }));
  expect(refused.code).toBe('not-found');
});

import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp, { type Sharp } from 'sharp';
import { thumbHashToRGBA } from 'thumbhash';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Image } from '../../../electron/contract/entities/images.ts';
import { createThumbnails, listImagesWithoutThumbnails } from '../../../electron/library/images/thumbnails.ts';
import { locateFile, type Library } from '../../../electron/library/library.ts';
import { renderThumbnails } from '../../../electron/library/pixels/decode.ts';
import { emptyFolder, savedImage, testLibrary } from '../test-library.ts';

const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
const plain = (width: number, height: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: '#456', noise } });

async function withThumbnails(library: Library, bytes: Uint8Array): Promise<Image> {
  const { id } = await savedImage(library, { bytes });
  return createThumbnails(library, id);
}

async function sizes(library: Library, { id }: Image): Promise<string[]> {
  return Promise.all(
    (['preview', 'thumbnail'] as const).map(async (kind) => {
      const file = locateFile(library, { kind, imageId: id });
      const { format, width, height } = await sharp(file?.path).metadata();
      return `${format} ${width}x${height}`;
    }),
  );
}

describe('creating thumbnails', () => {
  it('makes two thumbnails and a thumbhash', async () => {
    const library = await testLibrary();
    const image = await withThumbnails(library, await plain(1200, 800).png().toBuffer());
    expect(await sizes(library, image)).toEqual(['webp 512x341', 'webp 256x171']);
    expect(image).toMatchObject({ hasAlpha: false, width: 1200, height: 800 });
    expect(image).not.toHaveProperty('flaw');
    const { w, h, rgba } = thumbHashToRGBA(Buffer.from(image.thumbhash ?? '', 'base64'));
    expect(w / h).toBeCloseTo(1.5, 0);
    expect(rgba[3]).toBe(255);
    expect(image.thumbhash?.length).toBeLessThan(40);
  });

  it('twice at once works', async () => {
    const library = await testLibrary();
    const { id } = await savedImage(library, { bytes: await plain(1200, 800).png().toBuffer() });
    const both = await Promise.all([createThumbnails(library, id), createThumbnails(library, id)]);
    expect(both[0]).toEqual(both[1]);
    expect(await sizes(library, both[0])).toEqual(['webp 512x341', 'webp 256x171']);
    expect(readdirSync(join(library.folder, 'incoming'))).toEqual([]);
  });

  it('never enlarges a small image', async () => {
    const library = await testLibrary();
    expect(await sizes(library, await withThumbnails(library, await plain(40, 30).png().toBuffer()))).toEqual([
      'webp 40x30',
      'webp 40x30',
    ]);
  });

  it('reports transparency only if a pixel isn’t opaque', async () => {
    const library = await testLibrary();
    const opaque = await plain(30, 30).ensureAlpha().png().toBuffer();
    expect((await withThumbnails(library, opaque)).hasAlpha).toBe(false);
    const clear = await sharp({
      create: { width: 30, height: 30, channels: 4, background: { r: 9, g: 9, b: 200, alpha: 0.3 } },
    })
      .webp({ lossless: true })
      .toBuffer();
    const image = await withThumbnails(library, clear);
    expect(image).toMatchObject({ hasAlpha: true, format: 'webp' });
    const preview = locateFile(library, { kind: 'preview', imageId: image.id });
    expect((await sharp(preview?.path).metadata()).hasAlpha).toBe(true);
  });

  it.each<[string, string, () => Promise<Buffer>]>([
    ['16 bits for each channel', 'png', () => plain(600, 400).toColourspace('rgb16').png().toBuffer()],
    ['grey', 'png', () => plain(600, 400).toColourspace('b-w').png().toBuffer()],
    ['CMYK', 'jpeg', () => plain(600, 400).toColourspace('cmyk').jpeg().toBuffer()],
    ['WebP with alpha', 'webp', () => plain(600, 400).ensureAlpha(0.5).webp().toBuffer()],
    ['interlaced', 'png', () => plain(600, 400).png({ progressive: true }).toBuffer()],
  ])('accepts %s', async (_, format, make) => {
    const library = await testLibrary();
    const image = await withThumbnails(library, await make());
    expect(image).toMatchObject({ format, width: 600, height: 400 });
    expect(image.thumbhash).not.toBeNull();
    expect(await sizes(library, image)).toEqual(['webp 512x341', 'webp 256x171']);
  });

  it('applies the camera’s orientation', async () => {
    const library = await testLibrary();
    const image = await withThumbnails(
      library,
      await plain(600, 300).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    );
    expect(image).toMatchObject({ width: 300, height: 600 });
    expect(await sizes(library, image)).toEqual(['webp 256x512', 'webp 128x256']);
  });

  it('uses an animation’s first frame, and verifies the last', async () => {
    const library = await testLibrary();
    const frames = await Promise.all(['#f00', '#0f0', '#00f'].map((background) => solid(300, 200, background)));
    const gif = await sharp(Buffer.concat(frames), { raw: { width: 300, height: 600, channels: 3, pageHeight: 200 } })
      .gif({ delay: [100, 100, 100] })
      .toBuffer();
    const image = await withThumbnails(library, gif);
    expect(image).toMatchObject({ format: 'gif', width: 300, height: 200 });
    expect(image.flaw).toBeUndefined();
    expect(await sizes(library, image)).toEqual(['webp 300x200', 'webp 256x171']);
    const preview = locateFile(library, { kind: 'preview', imageId: image.id });
    const [red = 0, green = 255] = await sharp(preview?.path).resize(1, 1).raw().toBuffer();
    expect(red).toBeGreaterThan(200);
    expect(green).toBeLessThan(60);

    const cut = gif.subarray(0, gif.length - 20);
    expect(await withThumbnails(library, cut)).toMatchObject({ flaw: 'truncated', format: 'gif' });
  });

  it.each([
    ['png', 1, 1],
    ['jpeg', 1, 1],
    ['webp', 1, 1],
    ['gif', 1, 1],
    ['gif', 3, 2],
  ] as const)('decodes a %s of %d frames as often as is needed: %d', async (format, frames, times) => {
    const pixels = Buffer.concat(
      await Promise.all(['#f00', '#0f0', '#00f'].slice(0, frames).map((each) => solid(300, 200, each))),
    );
    const film = sharp(pixels, { raw: { width: 300, height: 200 * frames, channels: 3, pageHeight: 200 } });
    const original = join(await emptyFolder(), 'image');
    await writeFile(original, await film.toFormat(format).toBuffer());
    const decoded = watchDecodes();
    expect((await renderThumbnails(original, format))?.thumbhash).toBeTruthy();
    expect(decoded.filter((path) => path === original)).toHaveLength(times);
    // Everything else is made from pixels in memory.
    expect(new Set(decoded)).toEqual(new Set([original, undefined]));
  });

  it.each(['png', 'jpeg', 'webp', 'gif'] as const)('marks a truncated %s as damaged', async (format) => {
    const library = await testLibrary();
    const whole = await plain(500, 500).toFormat(format).toBuffer();
    expect(await withThumbnails(library, whole.subarray(0, Math.floor(whole.length * 0.9)))).toMatchObject({
      flaw: 'truncated',
      format,
    });
  });

  it('skips an image that is too large without calling it damaged', async () => {
    const library = await testLibrary();
    const image = await withThumbnails(library, await solidPng(12_000, 9000));
    expect(image).toMatchObject({ width: 12_000, height: 9000, thumbhash: null, flaw: 'too-large' });
    // The page would decode all of it for a small cell.
    expect(locateFile(library, { kind: 'thumbnail', imageId: image.id })).toBeNull();
  });

  it('lists images that were never decoded', async () => {
    const library = await testLibrary();
    const first = await savedImage(library, { at: 1 });
    const second = await savedImage(library, { at: 2 });
    expect(listImagesWithoutThumbnails(library.db, 10)).toEqual([second.id, first.id]);
    await createThumbnails(library, second.id);
    expect(listImagesWithoutThumbnails(library.db, 10)).toEqual([first.id]);
  });
});

describe('without the native build of sharp', () => {
  it('thumbnails are created all the same, one after the other', { timeout: 90_000 }, async () => {
    const script = join(import.meta.dirname, 'thumbnails-by-wasm.ts');
    const flags = ['--disable-warning=ExperimentalWarning'];
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, await emptyFolder()]);
    expect(stdout).toBe('wasm 512x384 own memory\n');
  });
});

describe('SVGs', () => {
  const svg = (inside: string, root = 'viewBox="0 0 24 12"'): Buffer =>
    Buffer.from(
      `<?xml version="1.0"?>\n<!-- a drawing -->\n<svg xmlns="http://www.w3.org/2000/svg" ${root}>${inside}</svg>`,
    );

  it('are rendered at the thumbnail’s size however small they are', async () => {
    const library = await testLibrary();
    const image = await withThumbnails(library, svg('<circle cx="12" cy="6" r="5" fill="tomato"/>'));
    expect(image).toMatchObject({ format: 'svg', width: 24, height: 12, hasAlpha: true });
    expect(await sizes(library, image)).toEqual(['webp 512x256', 'webp 256x128']);
  });

  it.each([
    [
      'a size beyond all measure',
      svg('<rect width="9" height="9"/>', 'width="900000" height="450000"'),
      'webp 512x256',
    ],
    ['units', svg('<rect width="9" height="9"/>', 'width="2in" height="96px"'), 'webp 512x256'],
  ])('are rendered with %s', async (_, bytes, preview) => {
    const library = await testLibrary();
    expect((await sizes(library, await withThumbnails(library, bytes)))[0]).toBe(preview);
  });

  const nest = Array.from(
    { length: 12 },
    (_, level) => `<g id="a${level + 1}">${`<use href="#a${level}"/>`.repeat(8)}</g>`,
  ).join('');
  it.each([
    [
      'references that multiply',
      svg(`<defs><g id="a0"><rect width="9" height="9"/></g>${nest}</defs><use href="#a12"/>`),
    ],
    [
      'costly filters',
      svg('<filter id="f"><feTurbulence baseFrequency="0.01" numOctaves="9999"/></filter><rect filter="url(#f)"/>'),
    ],
    [
      'entities',
      Buffer.from(
        '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&a;</text></svg>',
      ),
    ],
    ['images inside', svg('<image href="file:///etc/hostname" width="9" height="9"/>')],
  ])('with %s are left to the browser and not called damaged', async (_, bytes) => {
    const library = await testLibrary();
    const image = await withThumbnails(library, bytes);
    expect(image).toMatchObject({ format: 'svg', thumbhash: null, flaw: 'too-costly' });
    expect(locateFile(library, { kind: 'preview', imageId: image.id })?.mediaType).toBe('image/svg+xml');
  });

  it('that aren’t XML are damaged', async () => {
    const library = await testLibrary();
    expect(await withThumbnails(library, svg('<g><circle'))).toMatchObject({ flaw: 'undecodable', format: 'svg' });
  });
});

/** Records the source file of every sharp pipeline (undefined: pixels in memory) while they run for real. */
function watchDecodes(): (string | undefined)[] {
  const seen: (string | undefined)[] = [];
  const prototype = Object.getPrototypeOf(sharp(Buffer.of(0))) as Sharp;
  const { toBuffer } = prototype;
  vi.spyOn(prototype, 'toBuffer').mockImplementation(function (this: Sharp, ...given: unknown[]) {
    seen.push((this as unknown as { options: { input: { file?: string } } }).options.input.file);
    return (toBuffer as (...given: unknown[]) => never).apply(this, given);
  });
  onTestFinished(() => void vi.restoreAllMocks());
  return seen;
}

function solid(width: number, height: number, background: string): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background } })
    .raw()
    .toBuffer();
}

function solidPng(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#123' } })
    .toColourspace('b-w')
    .png({ compressionLevel: 1 })
    .toBuffer();
}

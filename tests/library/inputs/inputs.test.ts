import { existsSync, openAsBlob, readdirSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Sha256 } from '../../../electron/contract/entities/ids.ts';
import { readInputs } from '../../../electron/library/inputs/read-inputs.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import { inputFromImage } from '../../../electron/library/inputs/input-from-image.ts';
import { locateFile, type Library } from '../../../electron/library/library.ts';
import { saveSteps } from '../../../electron/library/files/originals.ts';
import { addInput } from '../../../electron/library/inputs/add-input.ts';
import { addFile, noiseImage, inChunks, storedPixels } from '../input-images.ts';
import { reportOf, savedImage, sha256, testLibrary, withBytes } from '../test-library.ts';

const incoming = ({ folder }: Library): string[] => readdirSync(join(folder, 'incoming'));
const originals = ({ folder }: Library): string[] =>
  readdirSync(join(folder, 'originals'), { recursive: true })
    .map(String)
    .filter((name) => name.includes('.'));

describe('an added file', () => {
  test('is stored unchanged, with thumbnails and its properties', async () => {
    const library = await testLibrary();
    const bytes = await noiseImage(640, 400).png().toBuffer();
    const input = await addFile(library, bytes, 'grain.png');
    expect(input).toEqual({
      sha256: sha256(bytes),
      image: null,
      name: 'grain.png',
      format: 'png',
      bytes: bytes.length,
      width: 640,
      height: 400,
      orientation: 1,
      frames: 1,
      hasAlpha: false,
      thumbhash: expect.any(String) as string,
      changes: [],
      details: { depth: 8, colour: 'srgb', mask: { kind: 'photo', clear: 0, partial: 0 }, carries: [] },
    });
    const file = locateFile(library, { kind: 'input', sha256: input.sha256 });
    expect(file).toMatchObject({ mediaType: 'image/png', cacheable: true });
    expect(sha256(await readFile(file?.path ?? ''))).toBe(input.sha256);
    const small = await sharp(locateFile(library, { kind: 'input-thumbnail', sha256: input.sha256 })?.path).metadata();
    expect([small.format, small.width, small.height]).toEqual(['webp', 256, 160]);
    expect(incoming(library)).toEqual([]);
  });

  test('is made durable in order: content, name, folder, row', async () => {
    const library = await testLibrary();
    const steps: string[] = [];
    const note = (message: unknown): void => {
      steps.push((message as { step: string }).step);
    };
    saveSteps.subscribe(note);
    onTestFinished(() => {
      saveSteps.unsubscribe(note);
    });
    await addFile(library, await noiseImage(32, 32).png().toBuffer());
    expect(steps).toEqual(['pending-save-recorded', 'file-synced', 'renamed', 'folder-synced', 'committed']);
  });

  test.each([
    ['png', (pixels: Sharp) => pixels.png()],
    ['jpeg', (pixels: Sharp) => pixels.jpeg()],
    ['webp', (pixels: Sharp) => pixels.webp()],
    ['gif', (pixels: Sharp) => pixels.gif()],
  ])('is %s by its bytes, whatever its name', async (format, encode) => {
    const library = await testLibrary();
    const input = await addFile(library, await encode(noiseImage(50, 40)).toBuffer(), 'image.exe');
    expect(input).toMatchObject({ format, width: 50, height: 40, name: 'image.exe' });
  });

  test('has its size as displayed, and its stored orientation', async () => {
    const library = await testLibrary();
    const input = await addFile(library, await noiseImage(60, 20).withMetadata({ orientation: 6 }).jpeg().toBuffer());
    expect(input).toMatchObject({ width: 20, height: 60, orientation: 6 });
  });

  test('reports animation and transparency', async () => {
    const library = await testLibrary();
    const frames = await Promise.all([noiseImage(20, 20).png().toBuffer(), noiseImage(20, 20).png().toBuffer()]);
    const moving = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect(await addFile(library, moving)).toMatchObject({ format: 'gif', frames: 2, width: 20, height: 20 });
    const clear = await sharp({ create: { width: 9, height: 9, channels: 4, background: '#0000' } })
      .png()
      .toBuffer();
    expect(await addFile(library, clear)).toMatchObject({ hasAlpha: true });
    const opaque = await noiseImage(9, 9).ensureAlpha().png().toBuffer();
    expect(await addFile(library, opaque)).toMatchObject({ hasAlpha: false });
  });

  test('added twice is one file with the later name', async () => {
    const library = await testLibrary();
    const bytes = await noiseImage(30, 30).png().toBuffer();
    const [one, two] = [await addFile(library, bytes, 'a.png'), await addFile(library, bytes, 'b.png')];
    expect(two).toEqual({ ...one, name: 'b.png' });
    expect(originals(library)).toHaveLength(1);
  });

  test('added again leaves an intact file alone and replaces a damaged one', async () => {
    const library = await testLibrary();
    const bytes = await noiseImage(64, 64).png().toBuffer();
    const { sha256: hash } = await addFile(library, bytes, 'a.png');
    const path = originalPath(library.folder, hash, 'png');
    const onItsWay = await openAsBlob(path);
    await addFile(library, bytes, 'b.png');
    expect(Buffer.from(await onItsWay.arrayBuffer()).equals(bytes)).toBe(true);
    expect(incoming(library)).toEqual([]);
    await writeFile(path, 'rot');
    await addFile(library, bytes, 'c.png');
    expect((await readFile(path)).equals(bytes)).toBe(true);
  });

  test('twice at once works', async () => {
    const library = await testLibrary();
    const bytes = await noiseImage(30, 30).png().toBuffer();
    const both = await Promise.all([addFile(library, bytes), addFile(library, bytes)]);
    expect(both[0]).toEqual(both[1]);
    expect(incoming(library)).toEqual([]);
  });

  test('with the bytes of a library image is linked to that image', async () => {
    const library = await testLibrary();
    const bytes = await noiseImage(30, 30).png().toBuffer();
    const { id } = await savedImage(library, { bytes });
    expect(await addFile(library, bytes, 'export.png')).toMatchObject({ image: id, name: 'export.png' });
  });
});

describe('a rejected file leaves nothing behind', () => {
  const half = async (): Promise<Buffer> => (await noiseImage(300, 300).png().toBuffer()).subarray(0, 20_000);
  const cases: [string, () => Promise<Uint8Array> | Uint8Array, RegExp][] = [
    ['no bytes', () => new Uint8Array(), /is empty/u],
    ['text', () => Buffer.from('no image at all'), /Not a supported image\. PNG, JPEG, WebP and GIF are supported/u],
    ['an SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /SVG.*Save it as PNG/u],
    ['a TIFF', () => noiseImage(9, 9).tiff().toBuffer(), /This is a TIFF\..*Save it as one of these/u],
    ['an AVIF', () => Buffer.from('\0\0\0 ftypavif\0\0\0\0', 'latin1'), /This is an AVIF\./u],
    ['a HEIC', () => Buffer.from('\0\0\0 ftypheic\0\0\0\0', 'latin1'), /This is a HEIC\./u],
    ['a BMP', () => Buffer.from('BM\x10\0\0\0', 'latin1'), /This is a BMP\./u],
    ['a PDF', () => Buffer.from('%PDF-1.7\n'), /This is a PDF\./u],
    ['half a PNG', half, /damaged or incomplete/u],
    ['a PNG without an image', () => Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), /damaged or incomplete/u],
    ['a JPEG of two bytes', () => Buffer.from('\xff\xd8\xff', 'latin1'), /damaged or incomplete/u],
  ];
  test.each(cases)('%s', async (_what, bytes, words) => {
    const library = await testLibrary();
    const refused = await reportOf(async () => addFile(library, await bytes(), 'file.png'));
    expect(refused.code).toBe('input-invalid');
    expect(refused.message).toMatch(words);
    expect(refused.message).toMatch(/Nothing was added\.$/u);
    expect([incoming(library), originals(library)]).toEqual([[], []]);
  });

  test('a decompression bomb', async () => {
    const library = await testLibrary();
    const header = Buffer.from(await noiseImage(8, 8).png().toBuffer());
    header.writeUInt32BE(60_000, 16);
    header.writeUInt32BE(60_000, 20);
    header.writeUInt32BE(crc32(header.subarray(12, 29)), 29);
    const refused = await reportOf(() => addFile(library, header));
    expect(refused.message).toMatch(/60000 × 60000; the limit is 100 million pixels/u);
    expect([incoming(library), originals(library)]).toEqual([[], []]);
  });

  test('one above the limit, counted while received, whatever length was declared', async () => {
    const library = await testLibrary();
    const bytes = await noiseImage(200, 200).png().toBuffer();
    for (const declared of [null, 10, bytes.length]) {
      const refused = await reportOf(() =>
        addInput(library, { body: inChunks(bytes, 512), name: 'big.png', limit: 4096, declared }),
      );
      expect(refused).toMatchObject({ code: 'input-invalid', field: 'size' });
      expect(refused.message).toMatch(/big\.png is larger than/u);
    }
    expect([incoming(library), originals(library)]).toEqual([[], []]);
  });

  test('one that never ends is read up to twice the limit', async () => {
    const library = await testLibrary();
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        sent += 1000;
        yield new Uint8Array(1000);
      }
    }
    await reportOf(() => addInput(library, { body: endless(), name: 'x', limit: 10_000, declared: null }));
    expect(sent).toBeLessThanOrEqual(21_000);
  });

  test('one that is interrupted by an error or is shorter than declared', async () => {
    const library = await testLibrary();
    const bytes = await noiseImage(100, 100).png().toBuffer();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 5000);
      throw new Error('reset');
    }
    const arriving = { name: 'x', limit: 1_000_000, declared: bytes.length };
    expect((await reportOf(() => addInput(library, { ...arriving, body: broken() }))).code).toBe('connection-lost');
    const short = inChunks(bytes.subarray(0, 5000));
    expect((await reportOf(() => addInput(library, { ...arriving, body: short }))).code).toBe('connection-lost');
    expect([incoming(library), originals(library)]).toEqual([[], []]);
  });
});

describe('an image of the library as an input', () => {
  test('is its own original, not a copy', async () => {
    const library = await testLibrary();
    const image = await savedImage(library, { prompt: 'two pears', bytes: await noiseImage(90, 60).webp().toBuffer() });
    const input = await inputFromImage(library, image.id);
    const { sha256: own } = withBytes(library, image);
    expect(input).toMatchObject({ sha256: own, image: image.id, name: 'two pears', format: 'webp', changes: [] });
    expect(originals(library)).toHaveLength(1);
  });

  test('becomes a still PNG if it is an SVG or animated, and says so', async () => {
    const library = await testLibrary();
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="red"/></svg>',
    );
    const drawing = await savedImage(library, { bytes: svg });
    expect(await inputFromImage(library, drawing.id)).toMatchObject({
      format: 'png',
      width: 2048,
      height: 1024,
      image: drawing.id,
      changes: ['Rendered as PNG at 2048 × 1024.'],
    });
    const frames = await Promise.all([1, 2, 3].map(() => noiseImage(20, 20).png().toBuffer()));
    const moving = await savedImage(library, {
      bytes: await sharp(frames, { join: { animated: true } })
        .gif()
        .toBuffer(),
    });
    const still = await inputFromImage(library, moving.id);
    expect(still).toMatchObject({ format: 'png', frames: 1, width: 20, height: 20, image: moving.id });
    expect(still.changes[0]).toBe('Used the first of 3 frames.');
  });

  test('is rejected if it is gone, missing or damaged', async () => {
    const library = await testLibrary();
    const broken = await savedImage(library, { bytes: Buffer.from('\x89PNG\r\n\x1a\nnothing', 'latin1') });
    expect((await reportOf(() => inputFromImage(library, broken.id))).code).toBe('input-invalid');
    const lost = await savedImage(library);
    rmSync(originalPath(library.folder, withBytes(library, lost).sha256, 'png'));
    expect((await reportOf(() => inputFromImage(library, lost.id))).code).toBe('file-missing');
    const unknown = '00000000-0000-7000-8000-000000000000' as typeof lost.id;
    expect((await reportOf(() => inputFromImage(library, unknown))).code).toBe('not-found');
  });
});

describe('reading inputs', () => {
  test('returns them in the requested order, each once, without missing ones', async () => {
    const library = await testLibrary();
    const one = await addFile(library, await noiseImage(10, 10).png().toBuffer(), 'one');
    const two = await addFile(library, await noiseImage(12, 10).png().toBuffer(), 'two');
    const gone = await addFile(library, await noiseImage(14, 10).png().toBuffer(), 'gone');
    rmSync(originalPath(library.folder, gone.sha256, 'png'));
    const asked = [two.sha256, gone.sha256, one.sha256, two.sha256, 'f'.repeat(64) as Sha256];
    expect((await readInputs(library, asked)).map(({ name }) => name)).toEqual(['two', 'one']);
  });

  test('inspects one again that was sent and has lost its row', async () => {
    const library = await testLibrary();
    const input = await addFile(library, await noiseImage(30, 10).withMetadata({ orientation: 8 }).jpeg().toBuffer());
    const image = await savedImage(library);
    library.db
      .prepare('INSERT INTO inputs SELECT generation_id, 0, ?, ?, NULL FROM images WHERE id = ?')
      .run('image', input.sha256, image.id);
    library.db.prepare('DELETE FROM input_files').run();
    const [again] = await readInputs(library, [input.sha256]);
    expect(again).toEqual({ ...input, name: 'Image' });
  });

  test('ignores an original that never was an input', async () => {
    const library = await testLibrary();
    const { sha256: own } = withBytes(library, await savedImage(library));
    expect(await readInputs(library, [own])).toEqual([]);
    expect(locateFile(library, { kind: 'input', sha256: own })).toBeNull();
    expect(existsSync(originalPath(library.folder, own, 'png'))).toBe(true);
  });
});

test('the original stands in for a lost thumbnail, and isn’t cached', async () => {
  const library = await testLibrary();
  const input = await addFile(library, await noiseImage(30, 30).png().toBuffer());
  rmSync(join(library.folder, 'thumbnails'), { recursive: true });
  expect(locateFile(library, { kind: 'input-thumbnail', sha256: input.sha256 })).toMatchObject({ cacheable: false });
  expect((await storedPixels(library, input)).width).toBe(30);
});

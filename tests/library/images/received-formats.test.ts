import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Image } from '../../../electron/contract/entities/images.ts';
import { imageAsPng } from '../../../electron/library/images/image-as-png.ts';
import { createThumbnails } from '../../../electron/library/images/thumbnails.ts';
import { inputFromImage } from '../../../electron/library/inputs/input-from-image.ts';
import { locateFile, type Library } from '../../../electron/library/library.ts';
import { savedImage, smallPng, testLibrary } from '../test-library.ts';

/*
 * Servers answer with what they have, regardless of what was asked for. Each answer is kept byte for byte under what it is.
 */

const plain = sharp({ create: { width: 40, height: 30, channels: 3, background: '#a50' } });

async function saved(library: Library, bytes: Uint8Array): Promise<{ before: Image; image: Image }> {
  const before = await savedImage(library, { bytes });
  const image = await createThumbnails(library, before.id);
  const original = locateFile(library, { kind: 'original', imageId: image.id });
  expect(readFileSync(original?.path ?? '').equals(bytes)).toBe(true);
  return { before, image };
}

/** A bitmap of 24 bits per pixel. */
function bitmap(width: number, height: number): Buffer {
  const row = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(54 + row * height, 0x80);
  file.fill(0, 0, 54).write('BM', 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  return file;
}

/** A PNG's header with any size; what follows is missing. */
function pngHeader(width: number, height: number): Buffer {
  const chunk = Buffer.from('IHDR\0\0\0\0\0\0\0\0\x08\x02\0\0\0', 'latin1');
  chunk.writeUInt32BE(width, 4);
  chunk.writeUInt32BE(height, 8);
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(chunk));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\x0d', 'latin1'), chunk, crc]);
}

/** An animation of frames of one pixel. */
function gifOf(frames: number): Buffer {
  const head = Buffer.from('GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  const frame = Buffer.from(',\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0', 'latin1');
  return Buffer.concat([head, Buffer.alloc(frame.length * frames, frame), Buffer.from(';')]);
}

describe('an answer in another format', () => {
  it.each([
    ['avif', 'image/avif', () => plain.clone().avif().toBuffer()],
    ['tiff', 'image/tiff', () => plain.clone().tiff().toBuffer()],
  ] as const)('%s is stored as what it is, with thumbnails', async (format, mediaType, made) => {
    const library = await testLibrary();
    const { image } = await saved(library, await made());
    expect(image).toMatchObject({ format, width: 40, height: 30 });
    expect(image.thumbhash).not.toBeNull();
    expect(image).not.toHaveProperty('flaw');
    const original = locateFile(library, { kind: 'original', imageId: image.id });
    expect(original).toMatchObject({
      mediaType,
      path: expect.stringMatching(format === 'tiff' ? /\.tif$/u : /\.avif$/u),
    });
    expect(await sharp(await imageAsPng(library, image.id)).metadata()).toMatchObject({ format: 'png', width: 40 });
    expect(await inputFromImage(library, image.id)).toMatchObject({ format: 'png', width: 40, height: 30 });
  });

  it('BMP is shown by the page, HEIC by nothing; neither is called damaged', async () => {
    const library = await testLibrary();
    const { image } = await saved(library, bitmap(40, 30));
    expect(image).toMatchObject({ format: 'bmp', width: 40, height: 30, flaw: 'no-preview' });
    expect(locateFile(library, { kind: 'thumbnail', imageId: image.id })?.mediaType).toBe('image/bmp');
    const heic = await saved(library, Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'));
    expect(heic.image).toMatchObject({ format: 'heic', flaw: 'no-preview' });
    expect(locateFile(library, { kind: 'thumbnail', imageId: heic.image.id })).toBeNull();
  });
});

describe('an answer that is no image', () => {
  it.each([
    ['html', 'html', Buffer.from('\n<!DOCTYPE html><title>502</title>')],
    ['json', 'json', Buffer.from('{"error": {"message": "no"}}')],
    ['text', 'txt', Buffer.from('upstream request timeout')],
    ['pdf', 'pdf', Buffer.from('%PDF-1.7\n')],
    ['bin', 'bin', Buffer.from([1, 2, 3, 4])],
  ])('is kept as %s and known as damaged at once', async (format, extension, bytes) => {
    const library = await testLibrary();
    const { before, image } = await saved(library, bytes);
    expect(before).toMatchObject({ format, flaw: 'not-an-image', width: 0, height: 0 });
    expect(image).toMatchObject({ format, flaw: 'not-an-image' });
    const original = locateFile(library, { kind: 'original', imageId: image.id });
    // Never as a page: it comes from a server that isn't trusted.
    expect(original?.mediaType).toBe('application/octet-stream');
    expect(original?.path.endsWith(`.${extension}`)).toBe(true);
    expect(locateFile(library, { kind: 'preview', imageId: image.id })).toBeNull();
  });
});

describe('a damaged image', () => {
  it('says whether it is cut off or broken', async () => {
    const library = await testLibrary();
    const whole = await smallPng(64, 64);
    expect((await saved(library, whole.subarray(0, 2000))).image.flaw).toBe('truncated');
    const broken = Buffer.from(whole);
    broken.fill(7, 200, 400);
    expect((await saved(library, broken)).image.flaw).toBe('undecodable');
  });

  it('a bitmap without its last rows is cut off', async () => {
    const library = await testLibrary();
    expect((await saved(library, bitmap(40, 30).subarray(0, 600))).image.flaw).toBe('truncated');
    expect((await saved(library, Buffer.from('BM\0\0\0\0\0\0\0\0').fill(0, 2))).image.flaw).not.toBe('no-preview');
  });

  // A browser shows them.
  it.each([
    [
      'with a prefix',
      '<s:svg xmlns:s="http://www.w3.org/2000/svg" width="9" height="9"><s:rect width="9" height="9"/></s:svg>',
    ],
    [
      'nested 400 levels deep',
      `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${'<g>'.repeat(400)}${'</g>'.repeat(400)}</svg>`,
    ],
    ['very long', '<svg xmlns="http://www.w3.org/2000/svg" width="1000000" height="1"/>'],
  ])('a drawing %s is none, if it is well-formed', async (_name, text) => {
    const { image } = await saved(await testLibrary(), Buffer.from(text));
    expect(image).toMatchObject({ format: 'svg', flaw: 'too-costly' });
  });

  it('a drawing without a size is one, if it is cut off', async () => {
    const text = `<svg xmlns="http://www.w3.org/2000/svg">${'<!--'.repeat(1000)}`;
    expect((await saved(await testLibrary(), Buffer.from(text))).image.flaw).toBe('truncated');
  });

  it.each([
    ['60,000 × 60,000 pixels', pngHeader(60_000, 60_000)],
    ['10,000 frames', gifOf(10_000)],
  ])('of %s is too large, and isn’t opened', async (_name, bytes) => {
    const library = await testLibrary();
    const { image } = await saved(library, bytes);
    expect(image.flaw).toBe('too-large');
    expect(locateFile(library, { kind: 'preview', imageId: image.id })).toBeNull();
  });
});

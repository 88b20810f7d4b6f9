import { open, readFile, stat } from 'node:fs/promises';
import sharp, { type OutputInfo, type Sharp, type SharpOptions } from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import { StudioError } from '../../contract/errors/errors.ts';
import type { OutputFormat } from '../../contract/catalogue/parameters.ts';
import { errorCode } from '../../disk/error-code.ts';
import { PREVIEW_EDGE, THUMBNAIL_EDGE } from '../files/folders.ts';
import { isCheapSvg, MAX_SVG_LENGTH, resizeSvg, svgSize } from './svg.ts';

/*
 * The one place where images of strangers are opened. sharp reads some thirty formats and very large files by default; here it reads
 * what the Images API can answer, within limits, one thread for each call. A drawing comes in as bytes and never as a path, since it
 * could then refer to files beside it. The settings hold for the whole process, so for the demo server's worker too.
 */
sharp.block({ operation: ['VipsForeignLoad'] });
const SOURCES = [
  'PngFile',
  'JpegFile',
  'WebpFile',
  'NsgifFile',
  'PngBuffer',
  'JpegBuffer',
  'WebpBuffer',
  'NsgifBuffer',
  'SvgBuffer',
];
sharp.unblock({ operation: SOURCES.map((source) => `VipsForeignLoad${source}`) });
sharp.concurrency(1);
// Every file is decoded once; open handles would keep Windows from moving it.
sharp.cache(false);

/** The most pixels that are decoded. The API's largest image has 8.3 million. */
export const MAX_PIXELS = 36_000_000;
const DECODING: SharpOptions = { limitInputPixels: MAX_PIXELS, failOn: 'error' };
/** Only the header is read, so that the size of an image is known that is too large to decode. */
const HEADER_ONLY: SharpOptions = { limitInputPixels: 2 ** 40, failOn: 'none' };

/** A thumbhash keeps some seven waves in each direction; more pixels than these change nothing. */
const HASH_EDGE = 64;
/** More effort saves a tenth of the bytes and doubles the time. */
const WEBP = { quality: 80, alphaQuality: 90, effort: 1 } as const;

/** Width and height as shown, with the orientation applied; null when the header cannot be read. */
export async function readDimensions(
  path: string,
  format: OutputFormat,
): Promise<{ width: number; height: number } | null> {
  if (format === 'svg')
    return (await stat(path)).size > MAX_SVG_LENGTH * 4 ? null : svgSize(await readFile(path, 'utf8'));
  try {
    return (await sharp(path, HEADER_ONLY).metadata()).autoOrient;
  } catch {
    // Not lost: the image is kept and marked as one that cannot be decoded.
    return null;
  }
}

/** What an image's header says: its size as seen, and how its pixels lie in the file. */
export interface ImageHeader {
  width: number;
  height: number;
  /** 1 to 8, as EXIF counts. */
  orientation: number;
  frames: number;
}

/** Rejects where the header cannot be read. */
export async function readHeader(path: string): Promise<ImageHeader> {
  const { autoOrient, orientation = 1, pages = 1 } = await sharp(path, HEADER_ONLY).metadata();
  return { width: autoOrient.width, height: autoOrient.height, orientation, frames: pages };
}

/** A file's pixels to work on, of an animation the first frame. No decoding begins before it is asked for something. */
export function openPixels(path: string, maxPixels = MAX_PIXELS): Sharp {
  return sharp(path, { ...DECODING, limitInputPixels: maxPixels });
}

/** What one decode of an image gives. */
export interface ThumbnailSet {
  /** WebP, longest edge 512 and 256 pixels; a smaller image keeps its size. */
  preview: Uint8Array;
  thumbnail: Uint8Array;
  /** Base64. */
  thumbhash: string;
  /** Whether any pixel lets something shine through. */
  hasAlpha: boolean;
}

/**
 * Decodes an image as a whole, which is the only proof that it is sound, and derives both thumbnails and the thumbhash from that one
 * decode; only an animation is decoded a second time, to prove its later frames. Null: it has no thumbnails because decoding it here
 * would cost too much.
 * @param maxPixels where an image may have more than usual
 * @throws StudioError `image-undecodable` when the bytes are at fault; anything else is a fault of this machine
 */
export async function renderThumbnails(
  path: string,
  format: OutputFormat,
  maxPixels = MAX_PIXELS,
): Promise<ThumbnailSet | null> {
  const decoded = await decodeScaled(path, format, PREVIEW_EDGE, maxPixels);
  if (!decoded) return null;
  const hasAlpha = decoded.info.channels === 4 && isTranslucent(decoded.data);
  const large = hasAlpha ? decoded : await rawOf(fromRaw(decoded).removeAlpha());
  const small = await rawOf(shrink(fromRaw(large), THUMBNAIL_EDGE));
  const tiny = await rawOf(shrink(fromRaw(small), HASH_EDGE).ensureAlpha());
  return {
    preview: own(await fromRaw(large).webp(WEBP).toBuffer()),
    thumbnail: own(await fromRaw(small).webp(WEBP).toBuffer()),
    thumbhash: Buffer.from(rgbaToThumbHash(tiny.info.width, tiny.info.height, tiny.data)).toString('base64'),
    hasAlpha,
  };
}

/** All of an image's pixels, seen and made smaller; null where that would cost too much. */
async function decodeScaled(
  path: string,
  format: OutputFormat,
  edge: number,
  maxPixels: number,
): Promise<RawPixels | null> {
  try {
    const source = format === 'svg' ? await openSvg(path, () => PREVIEW_EDGE) : openPixels(path, maxPixels);
    if (!source) return null;
    if (format === 'gif') await verifyAllFrames(path);
    return await rawOf(shrink(source.autoOrient(), edge, format === 'svg').toColourspace('srgb'));
  } catch (thrown) {
    throw toDecodeError(thrown);
  }
}

/** Want of memory or of the file says nothing about the image, and comes back as it was. */
function toDecodeError(thrown: unknown): unknown {
  if (errorCode(thrown) !== '' || (thrown instanceof Error && /memory|allocat/iu.test(thrown.message))) return thrown;
  const message = 'This image cannot be decoded. Its bytes are kept as they came.';
  return new StudioError({ code: 'image-undecodable', message, billing: 'billed' }, { cause: thrown });
}

/** A drawing becomes at least so large, longest edge, and at most so large where it says that it is larger. */
const RENDERED_SVG_EDGE = { min: 2048, max: 4096 } as const;
const RENDER_TIMEOUT_SECONDS = 20;

/**
 * An image as PNG: a drawing rendered with its longest edge at 2,048 pixels, or at its own size where that is larger; the first frame
 * of an animation; other images pixel for pixel, turned the right way up. Null: rendering it here would cost too much.
 * @throws StudioError `image-undecodable`; anything else is a fault of this machine
 */
export async function renderPng(path: string, format: OutputFormat): Promise<Uint8Array | null> {
  const edgeOf = (own: number): number => Math.min(RENDERED_SVG_EDGE.max, Math.max(RENDERED_SVG_EDGE.min, own));
  try {
    const source = format === 'svg' ? await openSvg(path, edgeOf) : sharp(path, DECODING);
    if (!source) return null;
    return own(
      await source.timeout({ seconds: RENDER_TIMEOUT_SECONDS }).autoOrient().toColourspace('srgb').png().toBuffer(),
    );
  } catch (thrown) {
    throw toDecodeError(thrown);
  }
}

/** Red, green, blue and alpha of every pixel, eight bits each. */
export interface RgbaPixels {
  data: Buffer;
  width: number;
  height: number;
}

/**
 * An image's pixels upright, in sRGB, of an animation the first frame; scaled without regard to its shape where `to` says another size.
 * Rejects where the bytes are at fault as {@link renderThumbnails} does.
 */
export async function readRgba(
  path: string,
  { maxPixels = MAX_PIXELS, to }: { maxPixels?: number; to?: { width: number; height: number } } = {},
): Promise<RgbaPixels> {
  try {
    const upright = openPixels(path, maxPixels).autoOrient();
    const sized = to ? upright.resize(to.width, to.height, { fit: 'fill', kernel: 'lanczos3' }) : upright;
    const { data, info } = await rawOf(sized.toColourspace('srgb').ensureAlpha());
    return { data, width: info.width, height: info.height };
  } catch (thrown) {
    throw toDecodeError(thrown);
  }
}

/** The same pixels as a PNG to be, without alpha where all of them are opaque. */
export function fromRgba({ data, width, height }: RgbaPixels, opaque: boolean): Sharp {
  const pixels = sharp(data, { raw: { width, height, channels: 4 } });
  return opaque ? pixels.removeAlpha() : pixels;
}

/** Pixels of three bytes as an image to be. */
export function fromRgb(data: Buffer, { width, height }: { width: number; height: number }): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

interface RawPixels {
  data: Buffer;
  info: OutputInfo;
}

function shrink(pixels: Sharp, edge: number, enlarge = false): Sharp {
  return pixels.resize(edge, edge, { fit: 'inside', withoutEnlargement: !enlarge });
}

async function rawOf(pixels: Sharp): Promise<RawPixels> {
  const { data, info } = await pixels.raw().toBuffer({ resolveWithObject: true });
  return { data: own(data), info };
}

function fromRaw({ data, info: { width, height, channels } }: RawPixels): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}

/**
 * Bytes in memory of their own. The WebAssembly build of sharp answers with a window on all of its memory; handed back to it, the whole
 * memory would be copied into itself until none is left.
 */
function own(data: Buffer): Buffer {
  return data.buffer instanceof ArrayBuffer ? data : Buffer.from(data);
}

function isTranslucent(rgba: Uint8Array): boolean {
  for (let index = 3; index < rgba.length; index += 4) if (rgba[index] !== 255) return true;
  return false;
}

/**
 * A drawing whose longest edge is what `edgeOf` makes of its own, or null where it is too costly, or where this build of sharp draws
 * none.
 */
export async function openSvg(path: string, edgeOf: (own: number) => number): Promise<Sharp | null> {
  if ((await stat(path)).size > MAX_SVG_LENGTH || !sharp.format.svg.input.buffer) return null;
  const text = await readFile(path, 'utf8');
  const size = svgSize(text);
  const drawing = size && isCheapSvg(text) ? resizeSvg(text, edgeOf(Math.max(size.width, size.height))) : null;
  return drawing === null ? null : sharp(Buffer.from(drawing), DECODING);
}

/**
 * An animation's later frames are decoded too, unless they are too many: then the first one has to vouch for the rest. The decoder
 * passes over what is missing at the end, so the end is looked for.
 */
async function verifyAllFrames(path: string): Promise<void> {
  if (!(await hasTrailer(path))) throw new Error('The animation has no end.');
  const { width, height, pages = 1 } = await sharp(path, HEADER_ONLY).metadata();
  if (pages === 1 || width * height * pages > MAX_PIXELS) return;
  await sharp(path, { ...DECODING, animated: true })
    .resize(16)
    .raw()
    .toBuffer();
}

/** A GIF ends with a semicolon (GIF89a, 27). Some writers pad with zeros. */
async function hasTrailer(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, Math.max(size - 64, 0));
    return buffer.subarray(0, bytesRead).toString('latin1').replace(/\0+$/u, '').endsWith(';');
  } finally {
    await file.close();
  }
}

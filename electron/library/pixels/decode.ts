import { readFile, stat } from 'node:fs/promises';
import type { OutputInfo, Sharp } from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import { StudioError } from '../../contract/errors/errors.ts';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import { errorCode } from '../../disk/error-code.ts';
import { PREVIEW_EDGE, THUMBNAIL_EDGE } from '../files/folders.ts';
import { hasGifEnd } from './count-frames.ts';
import { readApngFrames } from './apng-frames.ts';
import { openPixels } from './colour/file-colour.ts';
import { MAX_DECODED_PIXELS, renderedSvgEdge } from '../../contract/rules/pixel-limits.ts';
import { differenceHash } from './difference-hash.ts';
import { DECODING, HEADER_ONLY, sharp } from './sharp-limits.ts';
import { isCheapSvg, MAX_SVG_LENGTH } from '../svg/svg-cost.ts';
import { MalformedXmlError } from '../svg/tokenize-xml.ts';
import { resizeSvg, svgSize } from '../svg/svg-root.ts';

/** A thumbhash stores about seven waves per direction; more pixels don't change it. */
const HASH_EDGE = 64;
/** A higher effort saves a tenth of the bytes and doubles the time. */
const WEBP = { quality: 80, alphaQuality: 90, effort: 1 } as const;

/** Width and height as displayed (orientation applied), in pixels; null if the header can't be read. */
export async function readDimensions(
  path: string,
  format: FileFormat,
): Promise<{ width: number; height: number } | null> {
  if (format === 'svg')
    return (await stat(path)).size > MAX_SVG_LENGTH * 4 ? null : svgSize(await readFile(path, 'utf8'));
  try {
    return (await sharp(path, HEADER_ONLY).metadata()).autoOrient;
  } catch {
    // The image is kept and marked as damaged.
    return null;
  }
}

/** Size as displayed, and how the pixels are stored. */
export interface ImageHeader {
  width: number;
  height: number;
  /** 1 to 8, as in EXIF. */
  orientation: number;
  frames: number;
}

/** Reads an image's header. Rejects if it can't be read. */
export async function readHeader(path: string): Promise<ImageHeader> {
  const { autoOrient, orientation = 1, pages = 1, format } = await sharp(path, HEADER_ONLY).metadata();
  const frames = format === 'png' ? await readApngFrames(path) : pages;
  return { width: autoOrient.width, height: autoOrient.height, orientation, frames };
}

/** What one decode of an image yields. */
export interface ThumbnailSet {
  /** WebP, longest edge 512 and 256 pixels; smaller images aren't enlarged. */
  preview: Uint8Array;
  thumbnail: Uint8Array;
  /** Base64. */
  thumbhash: string;
  /** 8 bytes; see {@link differenceHash}. */
  dhash: Uint8Array;
  /** Whether any pixel isn't fully opaque. */
  hasAlpha: boolean;
}

/**
 * Decodes an image completely, the only proof that it is intact, and renders both thumbnails and the thumbhash from that
 * decode. Animations are decoded a second time to verify their later frames. Null: decoding it would cost too much, so it has
 * no thumbnails.
 * @param maxPixels limit for this file
 * @throws StudioError `image-undecodable` if the bytes are damaged; anything else is a failure of this computer
 */
export async function renderThumbnails(
  path: string,
  format: FileFormat,
  maxPixels = MAX_DECODED_PIXELS,
): Promise<ThumbnailSet | null> {
  const decoded = await decodeScaled(path, format, PREVIEW_EDGE, maxPixels);
  if (!decoded) return null;
  const hasAlpha = decoded.info.channels === 4 && isTranslucent(decoded.data);
  const large = hasAlpha ? decoded : await rawOf(fromRaw(decoded).removeAlpha());
  const small = await rawOf(shrink(fromRaw(large), THUMBNAIL_EDGE));
  const tiny = await rawOf(shrink(fromRaw(small), HASH_EDGE).ensureAlpha());
  return {
    preview: ownedBuffer(await fromRaw(large).webp(WEBP).toBuffer()),
    thumbnail: ownedBuffer(await fromRaw(small).webp(WEBP).toBuffer()),
    thumbhash: Buffer.from(rgbaToThumbHash(tiny.info.width, tiny.info.height, tiny.data)).toString('base64'),
    dhash: await differenceHash(fromRaw(small)),
    hasAlpha,
  };
}

/** The whole image decoded and scaled down; null if that would cost too much. */
async function decodeScaled(
  path: string,
  format: FileFormat,
  edge: number,
  maxPixels: number,
): Promise<RawPixels | null> {
  try {
    const source = format === 'svg' ? await openSvg(path, () => PREVIEW_EDGE) : await openPixels(path, maxPixels);
    if (!source) return null;
    if (format === 'gif') await verifyAllFrames(path);
    return await rawOf(shrink(source, edge, format === 'svg'));
  } catch (thrown) {
    if (isRendererLimit(thrown, format)) return null;
    throw toDecodeError(thrown);
  }
}

/**
 * Whether a drawing that is well-formed can't be rendered here: the renderer knows fewer levels, sizes and prefixes than a browser, which
 * says nothing against the file.
 */
export function isRendererLimit(thrown: unknown, format: FileFormat): boolean {
  const isMalformed = thrown instanceof MalformedXmlError;
  return format === 'svg' && !isMalformed && thrown instanceof Error && errorCode(thrown) === '';
}

/**
 * A decoding failure as `image-undecodable`. File errors and lack of memory say nothing about the image and are returned
 * unchanged.
 */
export function toDecodeError(thrown: unknown): unknown {
  if (
    thrown instanceof StudioError ||
    errorCode(thrown) !== '' ||
    (thrown instanceof Error && /memory|allocat/iu.test(thrown.message))
  )
    return thrown;
  const detail = { kind: 'text', text: 'This image can’t be decoded. Its file is kept unchanged.' } as const;
  return new StudioError({ code: 'image-undecodable', detail, billing: 'billed' }, { cause: thrown });
}

const RENDER_TIMEOUT_SECONDS = 20;

/**
 * An image as PNG: an SVG with its longest edge at 2,048 pixels or its own size if larger (up to 4,096); the first frame of an
 * animation; other images pixel for pixel, upright. Null: rendering it would cost too much.
 * @throws StudioError `image-undecodable`; anything else is a failure of this computer
 */
export async function renderPng(path: string, format: FileFormat): Promise<Uint8Array | null> {
  try {
    const source = format === 'svg' ? await openSvg(path, renderedSvgEdge) : await openPixels(path);
    if (!source) return null;
    return ownedBuffer(await source.timeout({ seconds: RENDER_TIMEOUT_SECONDS }).png().toBuffer());
  } catch (thrown) {
    if (isRendererLimit(thrown, format)) return null;
    throw toDecodeError(thrown);
  }
}

/** Red, green, blue and alpha of every pixel, 8 bits each. */
export interface RgbaPixels {
  data: Buffer;
  width: number;
  height: number;
}

/**
 * An image's pixels, upright, in sRGB; the first frame of an animation. With `to`, scaled to that size regardless of its aspect
 * ratio.
 * @throws StudioError `image-undecodable`, like {@link renderThumbnails}
 */
export async function readRgba(
  path: string,
  { maxPixels = MAX_DECODED_PIXELS, to }: { maxPixels?: number; to?: { width: number; height: number } } = {},
): Promise<RgbaPixels> {
  try {
    const upright = await openPixels(path, maxPixels);
    const sized = to ? upright.resize(to.width, to.height, { fit: 'fill', kernel: 'lanczos3' }) : upright;
    const { data, info } = await rawOf(sized.ensureAlpha());
    return { data, width: info.width, height: info.height };
  } catch (thrown) {
    throw toDecodeError(thrown);
  }
}

/** A sharp pipeline from RGB pixels. */
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

/** All pixels of a pipeline. */
export async function rawOf(pixels: Sharp): Promise<RawPixels> {
  const { data, info } = await pixels.raw().toBuffer({ resolveWithObject: true });
  return { data: ownedBuffer(data), info };
}

/** A pipeline from pixels. */
export function fromRaw({ data, info: { width, height, channels } }: RawPixels): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}

/**
 * Bytes in a buffer of their own. sharp's WebAssembly build returns views of its whole memory; passing one back would copy all of that
 * memory into itself until none is left.
 */
export function ownedBuffer(data: Buffer): Buffer {
  return data.buffer instanceof ArrayBuffer ? data : Buffer.from(data);
}

function isTranslucent(rgba: Uint8Array): boolean {
  for (let index = 3; index < rgba.length; index += 4) if (rgba[index] !== 255) return true;
  return false;
}

/**
 * An SVG as a sharp pipeline with its longest edge as `edgeOf` returns, or null if it is too costly or this build of sharp
 * can't render SVG.
 */
export async function openSvg(path: string, edgeOf: (longest: number) => number): Promise<Sharp | null> {
  if ((await stat(path)).size > MAX_SVG_LENGTH || !sharp.format.svg.input.buffer) return null;
  const text = await readFile(path, 'utf8');
  const size = svgSize(text);
  // Also without a size: it tells whether the file is whole.
  const isCheap = isCheapSvg(text);
  const drawing = size && isCheap ? resizeSvg(text, edgeOf(Math.max(size.width, size.height))) : null;
  return drawing === null ? null : sharp(Buffer.from(drawing), DECODING).toColourspace('srgb');
}

/**
 * Decodes an animation's later frames too, unless they are too many. The decoder ignores a missing end, so the
 * trailer is looked for; what follows it isn't part of the animation.
 */
async function verifyAllFrames(path: string): Promise<void> {
  if (!(await hasGifEnd(path))) throw new Error('The animation has no end.');
  const { width, height, pages = 1 } = await sharp(path, HEADER_ONLY).metadata();
  if (pages === 1 || width * height * pages > MAX_DECODED_PIXELS) return;
  await sharp(path, { ...DECODING, animated: true })
    .resize(16)
    .raw()
    .toBuffer();
}

import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Sharp } from 'sharp';
import { MAX_DECODED_PIXELS } from '../../../contract/rules/pixel-limits.ts';
import { DECODING, sharp } from '../sharp-limits.ts';
import { writePixels } from '../write-pixels.ts';
import { openPixels, readColour, type FileColour } from './file-colour.ts';
import { greyAsRgbProfile, profileChunk } from './icc-profile.ts';
import { pngChunk, PNG_HEADER_END } from './png-chunks.ts';

/** Red, green, blue and alpha of every pixel, 8 or 16 bits each, in a colour space of their own. */
export interface OwnPixels {
  data: Uint8Array | Uint16Array;
  width: number;
  height: number;
}

/** The colour space and depth in which pixels are handled without a conversion, and how a PNG says so. */
export interface OwnSpace {
  depth: 8 | 16;
  /** An RGB profile; null: sRGB. */
  profile: Buffer | null;
  /** Whole colour chunks for a PNG of these pixels. */
  chunks: readonly Buffer[];
  /** Whether the file's own numbers are kept. False for CMYK, and for grey with a profile that has no RGB counterpart: then sRGB. */
  kept: boolean;
}

const SRGB: OwnSpace = { depth: 8, profile: null, chunks: [], kept: false };

/** The space of a file's own numbers, as RGB. */
export async function readOwnSpace(path: string): Promise<OwnSpace> {
  const { space, depth, profile, from, png } = await readColour(path);
  if (space === 'cmyk') return SRGB;
  const rgb = space === 'grey' && profile ? greyAsRgbProfile(profile) : profile;
  if (profile && !rgb) return SRGB;
  // A grey profile doesn't fit pixels that became RGB; nor does a JPEG or WebP have chunks to copy.
  const isNew = rgb !== null && from === 'file' && (space === 'grey' || png === null);
  const chunks = rgb && isNew ? [profileChunk(rgb)] : png ? ownChunks(png.chunks, space) : [];
  return { depth, profile: rgb, chunks, kept: true };
}

/** A PNG's colour chunks, byte for byte; without a profile that doesn't fit pixels that became RGB. */
function ownChunks(chunks: ReadonlyMap<string, Buffer>, space: FileColour['space']): Buffer[] {
  return [...chunks].filter(([type]) => space === 'rgb' || type !== 'iCCP').map(([type, data]) => pngChunk(type, data));
}

/** A file's own numbers as a sharp pipeline, upright and unconverted; in sRGB where its space isn't kept. */
export async function openOwnPixels(path: string, space: OwnSpace, maxPixels = MAX_DECODED_PIXELS): Promise<Sharp> {
  if (!space.kept) return openPixels(path, maxPixels);
  const pixels = sharp(path, { ...DECODING, limitInputPixels: maxPixels, ignoreIcc: true });
  return pixels.autoOrient().toColourspace(interpretation(space));
}

export async function readOwnPixels(path: string, space: OwnSpace): Promise<OwnPixels> {
  return rawPixels(await openOwnPixels(path, space), space);
}

function interpretation({ depth }: OwnSpace): 'rgb16' | 'srgb' {
  return depth === 16 ? 'rgb16' : 'srgb';
}

/** A file's pixels converted into another file's space and depth, and scaled to `size`. */
export async function readPixelsInto(
  path: string,
  space: OwnSpace,
  size: { width: number; height: number } | null,
): Promise<OwnPixels> {
  const colour = await readColour(path);
  if (!isSame(colour, space)) return toDepth(await readConverted(path, colour, space.profile, size), space.depth);
  const own: OwnSpace = { ...space, depth: colour.depth, kept: true };
  return toDepth(await rawPixels(scaled(await openOwnPixels(path, own), size), own), space.depth);
}

async function readConverted(
  path: string,
  colour: FileColour,
  profile: Buffer | null,
  size: { width: number; height: number } | null,
): Promise<OwnPixels> {
  if (profile === null) return rawPixels(scaled(await openPixels(path), size), SRGB);
  const file = join(tmpdir(), `emulsion-profile-${randomUUID()}.icc`);
  await writeFile(file, profile, { flag: 'wx', mode: 0o600 });
  try {
    return await rawPixels(scaled(await openForProfile(path, colour), size).withIccProfile(file), SRGB);
  } finally {
    await rm(file, { force: true });
  }
}

/** libvips shifts between depths, which would darken white from 8 to 16 bits; 255 × 257 is 65,535. */
function toDepth(pixels: OwnPixels, depth: 8 | 16): OwnPixels {
  const { data } = pixels;
  if (data instanceof Uint16Array === (depth === 16)) return pixels;
  const { length } = data;
  const other = depth === 16 ? new Uint16Array(length) : new Uint8Array(length);
  for (let at = 0; at < length; at += 1) {
    const value = data[at] ?? 0;
    other[at] = depth === 16 ? value * 257 : Math.round(value / 257);
  }
  return { ...pixels, data: other };
}

function isSame({ space, profile }: FileColour, own: OwnSpace): boolean {
  if (space === 'cmyk' || profile === null || own.profile === null) return space !== 'cmyk' && profile === own.profile;
  return space === 'rgb' && profile.equals(own.profile);
}

/** Opened so that sharp's own conversion starts from the right colours: Display P3 at 16 bits, else sRGB at 8. */
async function openForProfile(path: string, { profile, from, depth, space }: FileColour): Promise<Sharp> {
  const wide = profile !== null && from === 'file' && space === 'rgb';
  if (wide) return sharp(path, DECODING).pipelineColourspace('rgb16').autoOrient();
  if (profile === null && space !== 'cmyk' && depth === 8)
    return sharp(path, { ...DECODING, ignoreIcc: true }).autoOrient();
  const { data, info } = await (await openPixels(path)).raw().toBuffer({ resolveWithObject: true });
  return sharp(Buffer.from(data), { raw: { width: info.width, height: info.height, channels: info.channels } });
}

function scaled(pixels: Sharp, size: { width: number; height: number } | null): Sharp {
  return size ? pixels.resize(size.width, size.height, { fit: 'fill', kernel: 'lanczos3' }) : pixels;
}

async function rawPixels(pixels: Sharp, space: OwnSpace): Promise<OwnPixels> {
  const { data, info } = await pixels
    .toColourspace(interpretation(space))
    .ensureAlpha()
    .raw({ depth: space.depth === 16 ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  // sharp's WebAssembly build returns views of its whole memory, which grows and moves.
  const bytes = data.buffer instanceof ArrayBuffer && data.byteOffset % 2 === 0 ? data : new Uint8Array(data);
  const own = space.depth === 16 ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2) : bytes;
  return { data: own, width: info.width, height: info.height };
}

/** A sharp pipeline from pixels; `opaque`: without their alpha. */
export function fromOwnPixels({ data, width, height }: OwnPixels, space: OwnSpace, opaque: boolean): Sharp {
  const pixels = sharp(data, { raw: { width, height, channels: 4 } });
  return (opaque ? pixels.removeAlpha() : pixels).toColourspace(interpretation(space));
}

/**
 * Writes pixels of a space as a PNG of its depth, with its colour chunks.
 * @throws StudioError `disk-full`
 */
export async function writeOwnPng(pixels: Sharp, { chunks }: OwnSpace, path: string): Promise<void> {
  const png = pixels.png();
  if (chunks.length === 0) return writePixels(png, path);
  const bare = `${path}-bare`;
  try {
    await writePixels(png, bare);
    await putChunksIn(bare, chunks, path);
  } finally {
    await rm(bare, { force: true });
  }
}

async function putChunksIn(from: string, chunks: readonly Buffer[], to: string): Promise<void> {
  const body = async function* (): AsyncGenerator<Buffer> {
    yield* createReadStream(from, { end: PNG_HEADER_END - 1 }) as AsyncIterable<Buffer>;
    yield* chunks;
    yield* createReadStream(from, { start: PNG_HEADER_END }) as AsyncIterable<Buffer>;
  };
  await pipeline(body, createWriteStream(to, { flags: 'wx' }));
}

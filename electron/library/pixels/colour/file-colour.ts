import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Metadata, Sharp } from 'sharp';
import { MAX_DECODED_PIXELS } from '../../../contract/rules/pixel-limits.ts';
import { DECODING, HEADER_ONLY, sharp } from '../sharp-limits.ts';
import { profileChunk, profileSpace } from './icc-profile.ts';
import { withChunks } from './png-chunks.ts';
import { readPngColour, type PngColour } from './png-colour.ts';

/** What the numbers in an image file mean. */
export interface FileColour {
  space: 'rgb' | 'grey' | 'cmyk';
  /** Bits per channel. */
  depth: 8 | 16;
  /** The ICC profile that gives the numbers their colours; null: sRGB, or a profile that means the same or can't be used. */
  profile: Buffer | null;
  /** `file`: embedded there; `built` from a PNG's gAMA, cHRM or cICP, which libvips doesn't read. */
  from: 'file' | 'built' | null;
  /** The colour chunks of a PNG; null for other formats. */
  png: PngColour | null;
}

/** Reads an image's colour space from its header. Rejects if the header can't be read. */
export async function readColour(path: string): Promise<FileColour> {
  const header = await sharp(path, HEADER_ONLY).metadata();
  const png = header.format === 'png' ? await readPngColour(path) : null;
  const space = spaceOf(header);
  const base = { space, depth: header.depth === 'ushort' ? (16 as const) : (8 as const), png };
  const built = png?.built && space !== 'cmyk' ? png.built[space] : null;
  if (built) return (await hasEffect(built, space)) ? { ...base, profile: built, from: 'built' } : noProfile(base);
  const counts = png === null || png.by === 'iCCP';
  const embedded = counts && space !== 'cmyk' ? (header.icc ?? null) : null;
  const fits = embedded && profileSpace(embedded) === (space === 'grey' ? 'GRAY' : 'RGB');
  return fits && (await hasEffect(embedded, space)) ? { ...base, profile: embedded, from: 'file' } : noProfile(base);
}

function noProfile(base: Pick<FileColour, 'space' | 'depth' | 'png'>): FileColour {
  return { ...base, profile: null, from: null };
}

function spaceOf({ space, channels }: Metadata): FileColour['space'] {
  if (space === 'cmyk') return 'cmyk';
  return channels <= 2 || space === 'b-w' || space === 'grey16' ? 'grey' : 'rgb';
}

/**
 * An image's pixels as a sharp pipeline: upright, in sRGB, 8 bits per channel; the first frame of an animation. The one way to open
 * pixels for showing, measuring or sending. Nothing is decoded until an output is requested.
 */
export async function openPixels(path: string, maxPixels = MAX_DECODED_PIXELS): Promise<Sharp> {
  const { space, depth, profile, from } = await readColour(path);
  const options = { ...DECODING, limitInputPixels: maxPixels, ignoreIcc: profile === null && space !== 'cmyk' };
  const source = from === 'built' && profile ? await readWithProfile(path, profile) : path;
  const pixels = sharp(source, options);
  // sharp would convert 16-bit pixels to Display P3 and call the result sRGB: reduced first, they take the way of 8-bit ones.
  const reduced = profile && depth === 16 ? pixels.pipelineColourspace(space === 'grey' ? 'b-w' : 'srgb') : pixels;
  return reduced.autoOrient().toColourspace('srgb');
}

/** A PNG's bytes with a profile in the place of its own colour chunks. */
async function readWithProfile(path: string, profile: Buffer): Promise<Buffer> {
  // libvips reads the first profile and no other colour chunk.
  return Buffer.concat(withChunks(await readFile(path), [profileChunk(profile)]));
}

const SAMPLES_PER_AXIS = 6;
const MAX_CACHED = 64;
const effects = new Map<string, boolean>();

/**
 * Whether libvips shows any colour differently by this profile, beyond rounding: found by trying, because profiles that call themselves
 * sRGB differ, and invalid ones are skipped without an error.
 */
async function hasEffect(profile: Buffer, space: 'rgb' | 'grey' | 'cmyk'): Promise<boolean> {
  const key = `${space}${createHash('sha256').update(profile).digest('hex')}`;
  const known = effects.get(key);
  if (known !== undefined) return known;
  const bare = await (space === 'grey' ? greySamples() : colourSamples()).png({ compressionLevel: 0 }).toBuffer();
  const tagged = Buffer.concat(withChunks(Buffer.from(bare), [profileChunk(profile)]));
  const shown = Buffer.from(await sharp(tagged).toColourspace('srgb').raw().toBuffer());
  const plain = Buffer.from(await sharp(bare).toColourspace('srgb').raw().toBuffer());
  const differs = shown.length !== plain.length || shown.some((value, at) => Math.abs(value - (plain[at] ?? 0)) > 1);
  if (effects.size >= MAX_CACHED) effects.clear();
  effects.set(key, differs);
  return differs;
}

function colourSamples(): Sharp {
  const size = SAMPLES_PER_AXIS;
  const data = Buffer.alloc(size ** 3 * 3);
  for (let at = 0; at < size ** 3; at += 1) {
    const steps = [Math.floor(at / size ** 2), Math.floor(at / size) % size, at % size];
    steps.forEach((step, channel) => {
      data[at * 3 + channel] = Math.round((step * 255) / (size - 1));
    });
  }
  return sharp(data, { raw: { width: size ** 2, height: size, channels: 3 } });
}

function greySamples(): Sharp {
  const data = Buffer.from(Array.from({ length: 256 }, (_none, value) => value));
  return sharp(data, { raw: { width: 256, height: 1, channels: 1 } }).toColourspace('b-w');
}

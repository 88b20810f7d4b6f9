import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import {
  buildGreyProfile,
  buildRgbProfile,
  SRGB_CURVE,
  SRGB_PRIMARIES,
  type Chromaticities,
} from '../../electron/library/pixels/colour/icc-profile.ts';
import { pngChunk, withChunks } from '../../electron/library/pixels/colour/png-chunks.ts';

const P3: Chromaticities = { ...SRGB_PRIMARIES, red: [0.68, 0.32], green: [0.265, 0.69] };
const ADOBE: Chromaticities = { ...SRGB_PRIMARIES, green: [0.21, 0.71] };

export type ProfileKind = 'none' | 'srgb' | 'p3' | 'adobe' | 'grey';

/** An ICC profile; null for `none`. */
export function testProfile(kind: ProfileKind): Buffer | null {
  if (kind === 'none') return null;
  if (kind === 'grey') return buildGreyProfile('Grey, linear', 1);
  const [primaries, curve] =
    kind === 'srgb' ? [SRGB_PRIMARIES, SRGB_CURVE] : kind === 'p3' ? [P3, SRGB_CURVE] : [ADOBE, 2.2];
  return buildRgbProfile(kind, primaries, curve);
}

export interface ColouredImage {
  width: number;
  height: number;
  channels: 1 | 2 | 3 | 4;
  depth: 8 | 16;
  profile: ProfileKind;
}

/** A PNG of the given numbers, row by row, with its profile. */
export async function colouredPng(
  { width, height, channels, depth, profile }: ColouredImage,
  numberAt: (index: number) => number,
): Promise<Buffer> {
  const length = width * height * channels;
  const numbers = Array.from({ length }, (_none, index) => numberAt(index));
  const data = depth === 16 ? Uint16Array.from(numbers) : Uint8Array.from(numbers);
  const grey = depth === 16 ? 'grey16' : 'b-w';
  const rgb = depth === 16 ? 'rgb16' : 'srgb';
  const pixels = sharp(data, { raw: { width, height, channels } }).toColourspace(channels < 3 ? grey : rgb);
  const icc = testProfile(profile);
  return withPngChunks(await pixels.png().toBuffer(), ...(icc ? [iccChunk(icc)] : []));
}

/** A PNG with chunks behind its header. */
export function withPngChunks(png: Uint8Array, ...chunks: Buffer[]): Buffer {
  return Buffer.concat(withChunks(Buffer.from(png), chunks));
}

export function iccChunk(profile: Buffer): Buffer {
  return pngChunk('iCCP', Buffer.concat([Buffer.from('test\0\0', 'latin1'), deflateSync(profile)]));
}

export function numbersChunk(type: 'gAMA' | 'cHRM', ...values: number[]): Buffer {
  const data = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => data.writeUInt32BE(value, index * 4));
  return pngChunk(type, data);
}

export function codePointsChunk(...points: number[]): Buffer {
  return pngChunk('cICP', Buffer.from(points));
}

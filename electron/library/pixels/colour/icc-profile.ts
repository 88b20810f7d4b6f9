import { deflateSync } from 'node:zlib';
import { pngChunk } from './png-chunks.ts';

/** CIE 1931 xy of a colour space's white and primaries. */
export interface Chromaticities {
  white: readonly [number, number];
  red: readonly [number, number];
  green: readonly [number, number];
  blue: readonly [number, number];
}

/**
 * A transfer function from stored value to light, both 0 to 1: (a·v + b)^g from `d` on, c·v below (ICC.1:2022, 10.18, type 3).
 * A number alone is an exponent.
 */
export type TransferCurve = number | readonly [g: number, a: number, b: number, c: number, d: number];

export const SRGB_CURVE: TransferCurve = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045];
export const SRGB_PRIMARIES: Chromaticities = {
  white: [0.3127, 0.329],
  red: [0.64, 0.33],
  green: [0.3, 0.6],
  blue: [0.15, 0.06],
};

type Vector = [number, number, number];
type Matrix = [Vector, Vector, Vector];

/** XYZ of ICC's reference white, D50 (ICC.1:2022, 7.2.16). */
const D50: Vector = [0.9642, 1, 0.8249];
const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

/** An ICC profile (version 4, RGB matrix with one curve for all channels). Null if the primaries are no colour space. */
export function buildRgbProfile(name: string, primaries: Chromaticities, curve: TransferCurve): Buffer | null {
  const columns = primariesInD50(primaries);
  return columns && assemble(name, 'RGB ', rgbTags(columns, curveTag(curve)));
}

/** The same for grey pixels: libvips accepts no RGB profile for them. */
export function buildGreyProfile(name: string, curve: TransferCurve): Buffer {
  return assemble(name, 'GRAY', [['kTRC', curveTag(curve)]]);
}

/** An RGB profile in which grey looks as in a grey profile: its curve with sRGB's primaries. Null if it isn't a simple one. */
export function greyAsRgbProfile(grey: Buffer): Buffer | null {
  const curve = tagOf(grey, 'kTRC');
  const columns = primariesInD50(SRGB_PRIMARIES);
  return curve && columns && assemble('Grey', 'RGB ', rgbTags(columns, curve));
}

/** What a profile's numbers are: `RGB`, `GRAY`, `CMYK`…; null if it isn't an ICC profile (ICC.1:2022, 7.2). */
export function profileSpace(profile: Buffer): string | null {
  if (profile.length < 132 || profile.toString('latin1', 36, 40) !== 'acsp') return null;
  return profile.toString('latin1', 16, 20).trim();
}

/** A PNG chunk that embeds a profile. */
export function profileChunk(profile: Buffer): Buffer {
  return pngChunk('iCCP', Buffer.concat([Buffer.from('ICC Profile\0\0', 'latin1'), deflateSync(profile)]));
}

/** A tag's bytes, by the profile's table of tags (ICC.1:2022, 7.3). */
function tagOf(profile: Buffer, name: string): Buffer | null {
  if (profileSpace(profile) === null) return null;
  const count = Math.min(profile.readUInt32BE(128), 100);
  for (let index = 0; index < count; index += 1) {
    const entry = 132 + index * 12;
    if (entry + 12 > profile.length) return null;
    if (profile.toString('latin1', entry, entry + 4) !== name) continue;
    const at = profile.readUInt32BE(entry + 4);
    const length = profile.readUInt32BE(entry + 8);
    return at + length <= profile.length && length >= 8 ? profile.subarray(at, at + length) : null;
  }
  return null;
}

/** XYZ of red, green and blue at full strength, adapted to D50 by Bradford's method. */
function primariesInD50({ white, red, green, blue }: Chromaticities): Matrix | null {
  if ([white, red, green, blue].some(([, y]) => !(y > 0))) return null;
  const primaries = transpose([xyz(red), xyz(green), xyz(blue)]);
  const inverted = invert(primaries);
  if (!inverted) return null;
  const scale = times(inverted, xyz(white));
  const cone = times(BRADFORD, xyz(white));
  const target = times(BRADFORD, D50);
  const back = invert(BRADFORD);
  if (!back || cone.some((value) => value === 0)) return null;
  return [red, green, blue].map((primary, index) => {
    const [x, y, z] = xyz(primary).map((value) => value * (scale[index] ?? 0)) as Vector;
    const adapted = times(BRADFORD, [x, y, z]).map((value, row) => (value * (target[row] ?? 0)) / (cone[row] ?? 1));
    return times(back, adapted as Vector);
  }) as Matrix;
}

function xyz([x, y]: readonly [number, number]): Vector {
  return [x / y, 1, (1 - x - y) / y];
}

function transpose([a, b, c]: Matrix): Matrix {
  return [
    [a[0], b[0], c[0]],
    [a[1], b[1], c[1]],
    [a[2], b[2], c[2]],
  ];
}

function times(matrix: Matrix, [x, y, z]: Vector): Vector {
  return matrix.map((row) => row[0] * x + row[1] * y + row[2] * z) as Vector;
}

function invert([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix | null {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (!Number.isFinite(1 / determinant)) return null;
  const rows: Matrix = [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ];
  return rows.map((row) => row.map((value) => value / determinant)) as Matrix;
}

function curveTag(curve: TransferCurve): Buffer {
  const values = typeof curve === 'number' ? [curve] : curve;
  const kind = Buffer.from([...Buffer.from('para\0\0\0\0', 'latin1'), 0, typeof curve === 'number' ? 0 : 3, 0, 0]);
  return Buffer.concat([kind, fixed(values)]);
}

/** Numbers as s15Fixed16 (ICC.1:2022, 4.6). */
function fixed(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeInt32BE(Math.round(value * 65_536), index * 4));
  return bytes;
}

type Tag = readonly [name: string, data: Buffer];

function rgbTags([red, green, blue]: Matrix, curve: Buffer): Tag[] {
  return [
    ['rXYZ', point(red)],
    ['gXYZ', point(green)],
    ['bXYZ', point(blue)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ];
}

function point(value: Vector): Buffer {
  return Buffer.concat([Buffer.from('XYZ \0\0\0\0', 'latin1'), fixed(value)]);
}

/** One text in English (ICC.1:2022, 10.15). */
function textTag(text: string): Buffer {
  const wide = Buffer.from(text, 'utf16le').swap16();
  const head = Buffer.alloc(28);
  head.write('mluc', 0, 'latin1');
  head.writeUInt32BE(1, 8);
  head.writeUInt32BE(12, 12);
  head.write('enUS', 16, 'latin1');
  head.writeUInt32BE(wide.length, 20);
  head.writeUInt32BE(28, 24);
  return Buffer.concat([head, wide]);
}

function assemble(name: string, space: 'RGB ' | 'GRAY', colours: readonly Tag[]): Buffer {
  const tags: Tag[] = [['desc', textTag(name)], ['cprt', textTag('Public domain')], ['wtpt', point(D50)], ...colours];
  const head = Buffer.alloc(132 + tags.length * 12);
  head.writeUInt32BE(0x04_40_00_00, 8);
  head.write(`mntr${space}XYZ `, 12, 'latin1');
  head.write('acsp', 36, 'latin1');
  fixed(D50).copy(head, 68);
  head.writeUInt32BE(tags.length, 128);
  const parts: Buffer[] = [head];
  let at = head.length;
  tags.forEach(([tag, data], index) => {
    head.write(tag, 132 + index * 12, 'latin1');
    head.writeUInt32BE(at, 136 + index * 12);
    head.writeUInt32BE(data.length, 140 + index * 12);
    const padded = Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
    parts.push(padded);
    at += padded.length;
  });
  const profile = Buffer.concat(parts);
  profile.writeUInt32BE(profile.length, 0);
  return profile;
}

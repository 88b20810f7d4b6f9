import {
  buildGreyProfile,
  buildRgbProfile,
  SRGB_CURVE,
  SRGB_PRIMARIES,
  type Chromaticities,
  type TransferCurve,
} from './icc-profile.ts';
import { readHeadChunks } from './png-chunks.ts';

/** The chunks that say what a PNG's numbers mean (PNG Third Edition, 11.3.2), the strongest first. */
const COLOUR_CHUNKS = ['cICP', 'iCCP', 'sRGB', 'gAMA', 'cHRM', 'mDCV', 'cLLI'] as const;

/** What a PNG says about its colours, read as Chromium does: cICP before iCCP before sRGB before gAMA with cHRM. */
export interface PngColour {
  /** Which chunk counts; null: none, so sRGB. */
  by: 'cICP' | 'iCCP' | 'sRGB' | 'gAMA' | null;
  /** The profile for `cICP` and `gAMA`, for colour and for grey pixels; null: sRGB, or not one that can be built. */
  built: { rgb: Buffer; grey: Buffer } | null;
  /** PQ or HLG, whose light goes beyond what sRGB can hold. */
  hdr: boolean;
  /** All of the file's colour chunks, as they stand there. */
  chunks: ReadonlyMap<string, Buffer>;
}

export async function readPngColour(path: string): Promise<PngColour> {
  const chunks = await readHeadChunks(path, new Set(COLOUR_CHUNKS));
  const points = chunks.get('cICP');
  // Another matrix isn't allowed in PNG, and Chromium ignores a narrow range.
  if (points?.length === 4 && points[2] === 0 && points[3] === 1) {
    const known = fromCodePoints(points[0] ?? 0, points[1] ?? 0);
    if (known) return { by: 'cICP', chunks, ...known };
  }
  if (chunks.has('iCCP')) return { by: 'iCCP', built: null, hdr: false, chunks };
  if (chunks.has('sRGB')) return { by: 'sRGB', built: null, hdr: false, chunks };
  const gamma = chunks.get('gAMA');
  if (gamma?.length !== 4) return { by: null, built: null, hdr: false, chunks };
  return { by: 'gAMA', built: fromGamma(gamma.readUInt32BE(0), chunks.get('cHRM')), hdr: false, chunks };
}

/** Chromium takes an exponent this close to 1/2.2 for sRGB's own curve. */
const SRGB_GAMMA = { value: 45_455, tolerance: 1500 } as const;

function fromGamma(stored: number, chroma: Buffer | undefined): PngColour['built'] {
  if (stored === 0) return null;
  const primaries = chroma?.length === 32 ? readChromaticities(chroma) : null;
  const near = Math.abs(stored - SRGB_GAMMA.value) <= SRGB_GAMMA.tolerance;
  if (near && !primaries) return null;
  return buildProfiles(primaries ?? SRGB_PRIMARIES, 100_000 / stored);
}

function buildProfiles(primaries: Chromaticities, curve: TransferCurve): PngColour['built'] {
  const rgb = buildRgbProfile('PNG', primaries, curve);
  return rgb && { rgb, grey: buildGreyProfile('PNG', curve) };
}

function readChromaticities(chroma: Buffer): Chromaticities {
  const pair = (index: number): [number, number] => [
    chroma.readUInt32BE(index * 8) / 100_000,
    chroma.readUInt32BE(index * 8 + 4) / 100_000,
  ];
  return { white: pair(0), red: pair(1), green: pair(2), blue: pair(3) };
}

const D65 = [0.3127, 0.329] as const;
const C = [0.31, 0.316] as const;

/** By the code points of ITU-T H.273, table 2. */
const PRIMARIES: Readonly<Record<number, Chromaticities>> = {
  1: SRGB_PRIMARIES,
  4: { white: C, red: [0.67, 0.33], green: [0.21, 0.71], blue: [0.14, 0.08] },
  5: { white: D65, red: [0.64, 0.33], green: [0.29, 0.6], blue: [0.15, 0.06] },
  6: { white: D65, red: [0.63, 0.34], green: [0.31, 0.595], blue: [0.155, 0.07] },
  7: { white: D65, red: [0.63, 0.34], green: [0.31, 0.595], blue: [0.155, 0.07] },
  8: { white: C, red: [0.681, 0.319], green: [0.243, 0.692], blue: [0.145, 0.049] },
  9: { white: D65, red: [0.708, 0.292], green: [0.17, 0.797], blue: [0.131, 0.046] },
  11: { white: [0.314, 0.351], red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06] },
  12: { white: D65, red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06] },
  22: { white: D65, red: [0.63, 0.34], green: [0.295, 0.605], blue: [0.155, 0.077] },
};

/** By H.273, table 3, as a display shows them: BT.709 and its kin with 2.4 (BT.1886), as in Chromium. */
const TRANSFERS: Readonly<Record<number, TransferCurve | 'hdr'>> = {
  1: 2.4,
  4: 2.2,
  5: 2.8,
  6: 2.4,
  7: [1 / 0.45, 1 / 1.1115, 0.1115 / 1.1115, 1 / 4, 0.0912],
  8: 1,
  11: 2.4,
  13: SRGB_CURVE,
  14: 2.4,
  15: 2.4,
  16: 'hdr',
  // SMPTE ST 428-1 scales by 48 / 52.37.
  17: [2.6, 1.034_08, 0, 0, 0],
  18: 'hdr',
};

function fromCodePoints(primaries: number, transfer: number): Pick<PngColour, 'built' | 'hdr'> | null {
  const space = PRIMARIES[primaries];
  const curve = TRANSFERS[transfer];
  if (!space || curve === undefined) return null;
  if (curve === 'hdr') return { built: null, hdr: true };
  const isSrgb = primaries === 1 && transfer === 13;
  return { built: isSrgb ? null : buildProfiles(space, curve), hdr: false };
}

import { rgbaToThumbHash } from 'thumbhash';
import { renderScene } from '../../electron/demo-api/drawing/render-scene.ts';
import { sharpFrom, type Pixels } from '../../electron/demo-api/drawing/pixels.ts';

/** What images of a made library show: a drawing of the demo server, described by its prompt and seed. */
export interface Picture {
  /** The subject's word, which its prompts name. */
  subject: string;
  seed: number;
  width: number;
  height: number;
  transparent: boolean;
  /** How often it is used. */
  weight: number;
}

/** What the library keeps of a picture beside its file. */
export interface PictureHash {
  /** Base64. */
  thumbhash: string;
}

const SUBJECTS = [
  'mountain',
  'valley',
  'courtyard',
  'aurora',
  'flower',
  'bokeh',
  'bottle',
  'desert',
  'forest',
  'abstract',
  'paper',
  'sea',
] as const;
const CUTOUTS = ['fox', 'teapot', 'planet', 'flower'] as const;
/** Sizes with their frequency. */
const SIZES: readonly (readonly [width: number, height: number, weight: number])[] = [
  [1024, 1024, 44],
  [1536, 1024, 17],
  [1024, 1536, 21],
  [2560, 1440, 9],
  [1440, 2560, 5],
  [2688, 1152, 3],
];

/** All pictures: each subject in each shape, cut-outs without a background, and the two most extreme shapes. */
export const PICTURES: readonly Picture[] = [
  ...SUBJECTS.flatMap((subject, row) =>
    SIZES.map(([width, height, weight], column) => ({
      ...{ subject, seed: row * SIZES.length + column + 1, width, height, transparent: false },
      weight: weight / SUBJECTS.length,
    })),
  ),
  ...CUTOUTS.map((subject, at) => ({
    ...{ subject, seed: 900 + at, width: 1024, height: 1024, transparent: true },
    weight: 1,
  })),
  { subject: 'strip', seed: 990, width: 1, height: 16_384, transparent: false, weight: 0.004 },
  { subject: 'strip', seed: 991, width: 16_384, height: 1, transparent: false, weight: 0.004 },
];

/** Longest edge in pixels of what a thumbhash is made from. */
const HASH_EDGE = 100;

/** Draws a picture with its longest edge at most `edge` pixels. */
export async function drawPicture(picture: Picture, edge = Infinity): Promise<Pixels> {
  const scale = Math.min(1, edge / Math.max(picture.width, picture.height));
  const size = { width: Math.round(picture.width * scale) || 1, height: Math.round(picture.height * scale) || 1 };
  if (picture.subject === 'strip') return drawStrip(size);
  return renderScene({ prompt: picture.subject, seed: picture.seed, transparent: picture.transparent, ...size });
}

function drawStrip({ width, height }: { width: number; height: number }): Pixels {
  const length = width * height;
  const data = Buffer.alloc(length * 3);
  for (let pixel = 0; pixel < length; pixel += 1)
    data.set([80 + (150 * pixel) / length, 90, 200 - (120 * pixel) / length], pixel * 3);
  return { data, width, height, channels: 3 };
}

let hashes: Promise<PictureHash[]> | null = null;

/** The hashes of all pictures, in their order. They are drawn once. */
export function hashPictures(): Promise<PictureHash[]> {
  hashes ??= Promise.all(PICTURES.map(hashPicture));
  return hashes;
}

async function hashPicture(picture: Picture): Promise<PictureHash> {
  const { data, info } = await sharpFrom(await drawPicture(picture, HASH_EDGE))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { thumbhash: Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64') };
}

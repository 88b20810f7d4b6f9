import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { Sha256 } from '../../electron/contract/entities/ids.ts';
import { animate } from '../../electron/demo-api/drawing/animate.ts';
import { drawSvg } from '../../electron/demo-api/drawing/draw-svg.ts';
import { encode } from '../../electron/demo-api/drawing/encode.ts';
import { originalPath, PREVIEW_EDGE, THUMBNAIL_EDGE, thumbnailPath } from '../../electron/library/files/folders.ts';
import { renderThumbnails } from '../../electron/library/pixels/decode.ts';
import type { OutputFormat } from '../../electron/contract/catalogue/parameters.ts';
import { drawPicture, PICTURES, type Picture } from './pictures.ts';
import type { PlannedFile } from './planned.ts';
import { withNumber } from './number-file.ts';

/** A picture as a file, of which any number of different copies can be written. */
export interface DrawnPicture {
  picture: Picture;
  format: OutputFormat;
  bytes: Buffer;
  preview: Uint8Array;
  thumbnail: Uint8Array;
  thumbhash: string;
  dhash: Uint8Array;
}

/** A mask or markup for images of one size. */
export interface DrawnMask {
  role: 'mask' | 'markup';
  width: number;
  height: number;
  bytes: Buffer;
}

/** Pictures that are drawn at most: the files are copies of these. */
const MAX_PICTURES = 44;
/** How many copies each has at least, if so many are wanted. */
const COPIES = 6;
const FORMATS: readonly OutputFormat[] = ['webp', 'jpeg', 'webp', 'png', 'jpeg'];
const GIF = { edge: 384, frames: 9, durationMs: 120 };

/** Draws what the newest images of a library show, at full size. */
export async function drawPictures(
  files: number,
  drawn?: (pictures: number, of: number) => void,
): Promise<DrawnPicture[]> {
  const wanted = Math.min(MAX_PICTURES, Math.ceil(files / COPIES));
  const scratch = mkdtempSync(join(tmpdir(), 'emulsion-drawn-'));
  const made: DrawnPicture[] = [];
  try {
    for (const [index, picture] of spread(wanted).entries()) {
      made.push(await drawFile(picture, index, scratch));
      drawn?.(made.length, wanted);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return made;
}

/** Pictures of all subjects and shapes; the extreme ones last. */
function spread(wanted: number): Picture[] {
  const step = 7;
  const usual = PICTURES.filter(({ subject }) => subject !== 'strip');
  const strips = PICTURES.filter(({ subject }) => subject === 'strip');
  const order = Array.from({ length: usual.length }, (_, index) => usual[(index * step) % usual.length]);
  const picked = order.filter((picture) => picture !== undefined).slice(0, wanted);
  return wanted < MAX_PICTURES ? picked : [...picked.slice(0, -strips.length), ...strips];
}

async function drawFile(picture: Picture, index: number, scratch: string): Promise<DrawnPicture> {
  const format = formatOf(picture, index);
  const bytes = await encodePicture(picture, format);
  const path = join(scratch, `${index}.${format}`);
  writeFileSync(path, bytes);
  const thumbnails = await renderThumbnails(path, format);
  if (!thumbnails) throw new Error(`The drawing of ${picture.subject} has no thumbnails.`);
  return { picture: sizedAs(picture, format), format, bytes, ...thumbnails };
}

/** The twelfth picture is animated, the thirteenth a drawing. */
function formatOf(picture: Picture, index: number): OutputFormat {
  if (picture.transparent || picture.subject === 'strip') return 'png';
  if (index % 20 === 11) return 'gif';
  if (index % 20 === 12) return 'svg';
  return FORMATS[index % FORMATS.length] ?? 'webp';
}

async function encodePicture(picture: Picture, format: OutputFormat): Promise<Buffer> {
  if (format === 'svg') return drawSvg(picture.subject, picture.width, picture.height, picture.seed);
  if (format === 'gif') return animate(await drawPicture(picture, GIF.edge), GIF.frames, GIF.durationMs, picture.seed);
  const pixels = await drawPicture(picture);
  if (format !== 'png' || picture.subject === 'strip') return encode(pixels, format, 80);
  const { width, height, channels, data } = pixels;
  return sharp(data, { raw: { width, height, channels } }).png({ palette: true, effort: 2 }).toBuffer();
}

function sizedAs(picture: Picture, format: OutputFormat): Picture {
  if (format !== 'gif') return picture;
  const scale = GIF.edge / Math.max(picture.width, picture.height);
  return { ...picture, width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) };
}

/** Two masks and a markup for each size of the pictures. */
export async function drawMasks(pictures: readonly DrawnPicture[]): Promise<DrawnMask[]> {
  const sizes = new Map(pictures.map(({ picture: { width, height } }) => [`${width}x${height}`, { width, height }]));
  const masks: DrawnMask[] = [];
  for (const { width, height } of sizes.values()) {
    if (Math.min(width, height) < 64) continue;
    for (const [role, svg] of layers(width, height))
      masks.push({ role, width, height, bytes: await sharp(Buffer.from(svg)).png({ compressionLevel: 3 }).toBuffer() });
  }
  return masks;
}

/** A mask is transparent where the image may change; markup is transparent where nothing is drawn. */
function layers(width: number, height: number): (readonly ['mask' | 'markup', string])[] {
  const svg = (shapes: string): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes}</svg>`;
  const hole = (x: number, y: number): string =>
    svg(
      `<path fill-rule="evenodd" d="M0 0H${width}V${height}H0Z M${(x - 0.2) * width} ${y * height}a${0.2 * width} ${0.2 * height} 0 1 0 ${0.4 * width} 0a${0.2 * width} ${0.2 * height} 0 1 0 ${-0.4 * width} 0Z"/>`,
    );
  const box = `<rect x="${width * 0.3}" y="${height * 0.3}" width="${width * 0.4}" height="${height * 0.3}" fill="none" stroke="#f33" stroke-width="8"/>`;
  return [
    ['mask', hole(0.35, 0.4)],
    ['mask', hole(0.65, 0.6)],
    ['markup', svg(box)],
  ];
}

/** Writes copies of pictures into a library's folder. Every copy has bytes of its own; thumbnails are hard links to the first copy's. */
export class FileWriter {
  readonly #folder: string;
  readonly #links = new Map<DrawnPicture, string[]>();
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes an original with its thumbnails. */
  write(drawn: DrawnPicture): PlannedFile {
    const file = this.#writeOriginal(drawn.bytes, drawn.format);
    const paths = ([PREVIEW_EDGE, THUMBNAIL_EDGE] as const).map((edge) =>
      thumbnailPath(this.#folder, file.sha256 as Sha256, edge),
    );
    const known = this.#links.get(drawn);
    for (const [index, path] of paths.entries()) {
      mkdirSync(dirname(path), { recursive: true });
      const first = known?.[index];
      if (first === undefined) writeFileSync(path, index === 0 ? drawn.preview : drawn.thumbnail);
      else linkSync(first, path);
    }
    if (!known) this.#links.set(drawn, paths);
    return file;
  }

  /** Writes a file that has no thumbnails of its own. */
  writePlain(bytes: Buffer): PlannedFile {
    return this.#writeOriginal(bytes, 'png');
  }

  #writeOriginal(bytes: Buffer, format: OutputFormat): PlannedFile {
    this.#count += 1;
    const numbered = withNumber(bytes, format, this.#count);
    const sha256 = createHash('sha256').update(numbered).digest('hex');
    const path = originalPath(this.#folder, sha256 as Sha256, format);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, numbered);
    return { sha256, format, bytes: numbered.length };
  }
}

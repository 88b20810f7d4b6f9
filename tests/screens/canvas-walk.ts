import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { THEMES } from './looks.ts';

/** The screenshots of docs/canvas.md. */
const WALK = [
  'canvas-empty-light-1000',
  'canvas-brush-dark-1800',
  'canvas-running-dark-1800',
  'canvas-split-dark-1800',
  'canvas-heat-light-1800',
  'canvas-extend-light-1800',
  'canvas-extended-dark-1800',
  'canvas-markup-dark-1800',
  'canvas-either-light-1000',
  'canvas-references-light-1800',
  'canvas-sheet-light-1800',
  'canvas-steps-dark-1800',
  'canvas-failed-light-1000',
];

/** One of each tool and of each way to compare, side by side: read from the narrow photographs, without rail and request. */
const PLATES: Record<string, readonly string[]> = {
  'canvas-tools': [
    ...['brush', 'eraser', 'lasso', 'polygon', 'rectangle', 'ellipse', 'similar', 'select'],
    ...['pen', 'markup', 'box', 'text', 'crop', 'extend', 'hand', 'by-numbers'],
  ],
  'canvas-ways': ['split', 'beside', 'blink', 'onion', 'difference', 'raw', 'heat', 'after'],
};

const PLATE_WIDTH = 1000;
/** The part of a screenshot shown on a contact sheet. */
const PART = { left: 68, top: 44, width: 616 };
/** How much of its height, until the steps begin. */
const HEIGHTS: Record<string, number> = { 'canvas-tools': 582, 'canvas-ways': 468 };
const COLUMNS = 4;
const GAP = 8;

/** A photograph of that name, at that width or any, hangs in the walk. */
export function isInWalk(name: string, width?: number): boolean {
  const onPlate = Object.values(PLATES).some((names) => names.includes(name.replace('canvas-', '')));
  if (onPlate && (width === undefined || width === PLATE_WIDTH)) return true;
  return WALK.some((photo) => THEMES.some((theme) => photo.startsWith(`${name}-${theme}-${width ?? ''}`)));
}

/** Copies the walk's photographs to where the document shows them, and lays the plates. */
export async function hangWalk(from: string, to: string): Promise<void> {
  for (const photo of WALK) await copyFile(join(from, `${photo}.webp`), join(to, `${photo}.webp`));
  for (const [plate, names] of Object.entries(PLATES))
    for (const theme of THEMES) {
      const photos = names.map((name) => join(from, `canvas-${name}-${theme}-${PLATE_WIDTH}.webp`));
      await layPlate(
        photos,
        join(to, `${plate}-${theme}.webp`),
        HEIGHTS[plate] ?? 500,
        theme === 'dark' ? '#000000' : '#ffffff',
      );
    }
}

async function layPlate(photos: readonly string[], to: string, part: number, background: string): Promise<void> {
  const [width, height] = [Math.round(PART.width * 0.72), Math.round(part * 0.72)];
  const parts = photos.map(async (photo, index) => ({
    input: await sharp(photo)
      .extract({ ...PART, height: part })
      .resize(width, height)
      .png()
      .toBuffer(),
    left: (index % COLUMNS) * (width + GAP),
    top: Math.floor(index / COLUMNS) * (height + GAP),
  }));
  const rows = Math.ceil(photos.length / COLUMNS);
  const size = { width: COLUMNS * (width + GAP) - GAP, height: rows * (height + GAP) - GAP };
  await sharp({ create: { ...size, channels: 3, background } })
    .composite(await Promise.all(parts))
    .webp({ quality: 84 })
    .toFile(to);
}

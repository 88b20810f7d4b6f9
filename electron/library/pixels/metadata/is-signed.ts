import { open, type FileHandle } from 'node:fs/promises';
import type { FileFormat } from '../../../contract/catalogue/file-formats.ts';
import { walkPngChunks } from '../colour/png-chunks.ts';
import { walkBoxes } from './bmff-boxes.ts';
import { walkGifBlocks } from './gif-blocks.ts';
import { walkJpegSegments } from './jpeg-segments.ts';
import { readAt } from './metadata-block.ts';
import { readRiffEnd, walkRiffChunks } from './riff-chunks.ts';
import { walkTiffFields } from './tiff-fields.ts';

const READERS: Readonly<Partial<Record<FileFormat, (file: FileHandle) => Promise<boolean>>>> = {
  png: (file) => some(walkPngChunks(file), ({ type }) => type === 'caBX'),
  jpeg: (file) => some(walkJpegSegments(file), ({ marker, head }) => marker === APP11 && isManifest(head)),
  webp: isSignedWebp,
  gif: isSignedGif,
  tiff: (file) => some(walkTiffFields(file), ({ tag }) => tag === TIFF_TAG),
  avif: isSignedBoxes,
  heic: isSignedBoxes,
};

/**
 * Whether an image file carries content credentials (C2PA specification 2, "Embedding manifests into various file formats"). Only its
 * structure is read: nothing is verified. Damaged files and formats other than PNG, JPEG, WebP, GIF, TIFF, AVIF and HEIC aren't signed.
 */
export async function isSigned(path: string, format: FileFormat): Promise<boolean> {
  const read = READERS[format];
  if (!read) return false;
  const file = await open(path, 'r');
  try {
    return await read(file);
  } finally {
    await file.close();
  }
}

const TIFF_TAG = 0xcd41;
/** The name, and the version of the block. */
const GIF_NAME = 'C2PA_GIF\x01\0\0';
const BOX_ID = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex');
const APP11 = 0xeb;
/** Behind the segment's own header (JPEG XT, ISO 18477-3) follow the boxes `jumb` and `jumd`; the latter names the kind of content. */
const BOX_START = 8;

/** JUMBF is used for other things too, for example by 360° photos. */
function isManifest(head: Buffer): boolean {
  const text = head.toString('latin1');
  return text.startsWith('JP') && text.includes('jumb', BOX_START) && text.includes('c2pa', BOX_START);
}

/** A file that was cut off is still signed. */
async function isSignedWebp(file: FileHandle): Promise<boolean> {
  const end = await readRiffEnd(file);
  return end !== null && some(walkRiffChunks(file, end), ({ type }) => type === 'C2PA');
}

/** An application's block before the first image. */
async function isSignedGif(file: FileHandle): Promise<boolean> {
  for await (const { kind, name } of walkGifBlocks(file)) {
    if (kind === 'image') return false;
    if (name === GIF_NAME) return true;
  }
  return false;
}

/** A box of its own kind beside those of the image. */
async function isSignedBoxes(file: FileHandle): Promise<boolean> {
  for await (const { type, at } of walkBoxes(file)) {
    const head = type === 'uuid' ? await readAt(file, at, 16) : null;
    if (head?.equals(BOX_ID)) return true;
  }
  return false;
}

async function some<Item>(items: AsyncIterable<Item>, test: (item: Item) => boolean): Promise<boolean> {
  for await (const item of items) if (test(item)) return true;
  return false;
}

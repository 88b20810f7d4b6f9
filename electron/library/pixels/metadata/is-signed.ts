import { open, type FileHandle } from 'node:fs/promises';
import type { FileFormat } from '../../../contract/catalogue/file-formats.ts';
import { walkPngChunks } from '../colour/png-chunks.ts';
import { walkJpegSegments } from './jpeg-segments.ts';
import { readRiffEnd, walkRiffChunks } from './riff-chunks.ts';

/**
 * Whether an image file carries content credentials (C2PA specification 2, "Embedding manifests into various file formats"). Only its
 * structure is read: nothing is verified. Damaged files and formats other than PNG, JPEG and WebP aren't signed.
 */
export async function isSigned(path: string, format: FileFormat): Promise<boolean> {
  if (format !== 'png' && format !== 'jpeg' && format !== 'webp') return false;
  const file = await open(path, 'r');
  try {
    if (format === 'png') return await some(walkPngChunks(file), ({ type }) => type === 'caBX');
    return format === 'jpeg'
      ? await some(walkJpegSegments(file), ({ marker, head }) => marker === APP11 && isManifest(head))
      : await isSignedWebp(file);
  } finally {
    await file.close();
  }
}

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

async function some<Item>(items: AsyncIterable<Item>, test: (item: Item) => boolean): Promise<boolean> {
  for await (const item of items) if (test(item)) return true;
  return false;
}

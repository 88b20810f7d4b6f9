import { open, type FileHandle } from 'node:fs/promises';
import type { OutputFormat } from '../../../contract/catalogue/parameters.ts';
import { readExif } from './exif.ts';
import { mapMetadata } from './map-metadata.ts';
import { readAt, type MetadataMap } from './metadata-block.ts';

const MAX_EXIF_BYTES = 1_000_000;

/** The EXIF orientation of a PNG, JPEG or WebP file, 1 to 8, read without decoding it; 1 if it has none. */
export async function readOrientation(path: string, format: OutputFormat): Promise<number> {
  const file = await open(path, 'r');
  try {
    const map = await mapMetadata(file, format);
    return map ? await orientationIn(file, map) : 1;
  } finally {
    await file.close();
  }
}

/** The orientation in a file's first EXIF block. */
export async function orientationIn(file: FileHandle, { blocks }: MetadataMap): Promise<number> {
  const block = blocks.find(({ kind }) => kind === 'exif');
  if (!block) return 1;
  const length = Math.min(block.contentEnd - block.content, MAX_EXIF_BYTES);
  return readExif(await readAt(file, block.content, length)).orientation;
}

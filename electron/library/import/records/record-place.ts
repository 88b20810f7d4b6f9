import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ZipPlace, ZipReader } from '../zip/read-zip.ts';

/** Where a record is: a file, or a part of a ZIP. */
export interface RecordPlace {
  path: string;
  zip: ZipPlace | null;
}

/** Larger records aren't read, bytes: those of requests with long prompts and many images have some tens of thousands. */
const MAX_RECORD_BYTES = 4 * 1024 * 1024;

/** A record's text; null if it is too large, or can't be read. @param zip the ZIP that it is in */
export async function readRecordText(place: RecordPlace, zip: ZipReader | null): Promise<string | null> {
  try {
    const bytes = place.zip ? await readPart(place.zip, zip) : await readWhole(place.path);
    return bytes && new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // No record is worth an image: it is imported without it.
    return null;
  }
}

async function readPart(place: ZipPlace, zip: ZipReader | null): Promise<Buffer | null> {
  if (!zip || place.uncompressedSize > MAX_RECORD_BYTES) return null;
  const chunks: Buffer[] = [];
  for await (const chunk of zip.read(place)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A link isn't followed: it may lead anywhere. Windows has no such flag; there `|` takes it for 0. */
async function readWhole(path: string): Promise<Buffer | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const stats = await file.stat();
    return stats.isFile() && stats.size <= MAX_RECORD_BYTES ? await file.readFile() : null;
  } finally {
    await file.close();
  }
}

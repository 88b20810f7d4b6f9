import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { OPEN_LIMITS, pixelsOf, type Pixels } from './pixels.ts';

/** Walks up to the folder with package.json, which works from the source, the bundle and a packaged application. */
function findFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, 'electron/demo-api/photos');
    if (folder === dirname(folder)) throw new Error('The folder of the demo server’s photos was not found.');
  }
}

const opened = new Map<string, Promise<Pixels>>();
/** Photos cached in memory, about 4 MB each. */
const MAX_CACHED = 8;

/**
 * Returns a photo's or cut-out's pixels. The file is read by Node, because libvips can't open files in the packaged application's
 * archive. The last few are cached and must not be modified.
 */
export function loadPhoto(file: string): Promise<Pixels> {
  const known = opened.get(file);
  opened.delete(file);
  const pixels = known ?? readFile(join(findFolder(), file)).then((bytes) => pixelsOf(sharp(bytes, OPEN_LIMITS)));
  // A failed read is retried the next time; the error is passed to the caller.
  pixels.catch(() => opened.delete(file));
  opened.set(file, pixels);
  for (const oldest of opened.keys()) {
    if (opened.size <= MAX_CACHED) break;
    opened.delete(oldest);
  }
  return pixels;
}

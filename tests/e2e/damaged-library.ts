import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export const ANIMALS = { 'a red fox': '#c52', 'a blue hare': '#25c', 'a green heron': '#2a6', 'a grey seal': '#888' };
/** The bytes of a file among the originals that is no image and that the library doesn't list. */
export const STRAY = Buffer.from('not an image');

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The place of an original with these bytes. */
export function placeOf(library: string, bytes: Uint8Array): string {
  const hash = sha256(bytes);
  return join(library, 'originals', hash.slice(0, 2), `${hash.slice(2)}.png`);
}

/**
 * Damages a library of `ANIMALS` that were imported: the fox's file is in the quarantine, the hare's is cut off, the heron's thumbnails are lost, a record is
 * cut off, and a file came in.
 */
export async function damageLibrary(library: string, images: Record<keyof typeof ANIMALS, Buffer>): Promise<void> {
  const { 'a red fox': fox, 'a blue hare': hare, 'a green heron': heron } = images;
  await mkdir(join(library, 'quarantine'), { recursive: true });
  await rename(placeOf(library, fox), join(library, 'quarantine', 'fox by hand.png'));
  await truncate(placeOf(library, hare), 100);
  for (const name of await readdir(join(library, 'thumbnails'), { recursive: true }))
    if (name.includes(sha256(heron).slice(2))) await rm(join(library, 'thumbnails', name));
  const records = await readdir(join(library, 'records'), { recursive: true });
  const [record = ''] = records.filter((name) => /[0-9a-f-]{36}\.json$/u.test(name));
  await truncate(join(library, 'records', record), 50);
  await mkdir(dirname(placeOf(library, STRAY)), { recursive: true });
  await writeFile(placeOf(library, STRAY), STRAY);
}

import { readdirSync, statSync } from 'node:fs';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageId } from '../contract/entities.ts';
import { transact } from './database.ts';
import { syncFolder } from './durable-file.ts';
import { INCOMING, originalPath, QUARANTINE } from './folders.ts';
import { settleLanding } from './images.ts';
import { endLanding, listLandings, whereIs, type Landing } from './landings.ts';
import type { Leftovers, Library } from './handle.ts';
import { keepOriginal } from './originals.ts';
import { DERIVED_PREFIX } from './thumbnails.ts';

/**
 * For the opening of a library: saves that a crash cut off are finished; what else lies in the incoming folder goes to quarantine, since
 * it may hold bytes that were paid for.
 */
export async function clearLeftovers(library: Library): Promise<Leftovers> {
  const reclaimed: ImageId[] = [];
  for (const landing of listLandings(library.db, library.folder)) {
    const picture = await finishLanding(library, landing);
    if (picture) reclaimed.push(picture);
  }
  return { reclaimed, quarantined: await emptyIncoming(library.folder) };
}

async function finishLanding(library: Library, landing: Landing): Promise<ImageId | null> {
  const { db, folder } = library;
  const place = await whereIs(folder, landing);
  if (place === 'nowhere') {
    transact(db, () => endLanding(db, landing.file));
    return null;
  }
  if (place === 'incoming') await keepOriginal(landing.file, originalPath(folder, landing.file.sha256, landing.format));
  return (await settleLanding(library, landing))?.id ?? null;
}

async function emptyIncoming(folder: string): Promise<string[]> {
  const incoming = join(folder, INCOMING);
  const quarantine = join(folder, QUARANTINE);
  const moved: string[] = [];
  for (const name of readdirSync(incoming)) {
    const path = join(incoming, name);
    if (name.startsWith(DERIVED_PREFIX) || statSync(path).size === 0) {
      await fs.rm(path, { recursive: true });
      continue;
    }
    const kept = `${new Date().toISOString().replaceAll(':', '-')}-${name}`;
    await fs.rename(path, join(quarantine, kept));
    moved.push(kept);
  }
  if (moved.length > 0) await syncFolder(quarantine);
  return moved;
}

import { readdirSync } from 'node:fs';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageId } from '../contract/entities.ts';
import type { Log } from '../contract/errors.ts';
import { prepare, transact, type Readable } from './db/database.ts';
import { DERIVED_PREFIX } from './files/derived-files.ts';
import { isPassing } from './db/disk-errors.ts';
import { INCOMING, originalPath, QUARANTINE } from './files/folders.ts';
import { settleLanding } from './images/save-image.ts';
import { endLanding, hasLanding, listLandings, whereIs, type Landing } from './files/pending-saves.ts';
import type { Leftovers, Library } from './files/library-handle.ts';
import { keepOriginal } from './files/originals.ts';
import { quarantine } from './files/quarantine.ts';

/**
 * For the opening of a library: saves that a crash cut off are finished; what else lies in the incoming folder goes to quarantine, since
 * it may hold bytes that were paid for. No leftover ever stops the opening: what cannot be put away is told in `failures`.
 */
export async function clearLeftovers(library: Library): Promise<Leftovers> {
  const leftovers: Leftovers = { reclaimed: [], quarantined: [], postponed: [], failures: [] };
  for (const landing of listLandings(library.db, library.folder)) await endLeftover(library, landing, leftovers);
  await emptyIncoming(library, leftovers);
  return leftovers;
}

/** Tells the log what the opening of a library found left behind and where it is now. Nothing, as a rule. */
export function tellLeftovers({ folder, leftovers }: Library, log: Log): void {
  const { reclaimed, quarantined, postponed, failures } = leftovers;
  const [put, set, stay] = [reclaimed, quarantined, postponed].map(
    ({ length }) => `${length} ${length === 1 ? 'file' : 'files'}`,
  );
  if (reclaimed.length > 0)
    log(`The last end left ${put} on the way into the library: now they are pictures in ${folder}`, null);
  if (quarantined.length > 0)
    log(
      `The last end left ${set} that belong to no picture, and perhaps were paid for: they are kept in ${join(folder, QUARANTINE)}`,
      null,
    );
  if (postponed.length > 0)
    log(
      `${stay} that the last end left could not be put away: they stay in ${join(folder, INCOMING)} until the next start`,
      null,
    );
  for (const thrown of failures) log('A file that the last end left could not be put into the library', thrown);
}

async function endLeftover(library: Library, landing: Landing, leftovers: Leftovers): Promise<void> {
  try {
    const picture = await finishLanding(library, landing);
    if (picture) leftovers.reclaimed.push(picture);
  } catch (thrown) {
    leftovers.failures.push(thrown);
    // It is known whose picture it is, so it keeps its place for the next start where only the disk is in the way.
    if (isPassing(thrown)) return;
    await putAway(library, landing, leftovers).catch((again: unknown) => leftovers.failures.push(again));
  }
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

/** Gives a landing up: its file goes to quarantine, unless another row shares it. */
async function putAway({ db, folder }: Library, { file, format }: Landing, { quarantined }: Leftovers): Promise<void> {
  const arrived = await quarantine(folder, file.path);
  const original = originalPath(folder, file.sha256, format);
  const kept = arrived ?? (isOriginal(db, file.sha256) ? null : await quarantine(folder, original));
  if (kept !== null) quarantined.push(kept);
  transact(db, () => endLanding(db, file));
}

function isOriginal(db: Readable, sha256: string): boolean {
  return (
    prepare<[string], { sha256: string }>(db, 'SELECT sha256 FROM originals WHERE sha256 = ?').get(sha256) !== undefined
  );
}

async function emptyIncoming({ db, folder }: Library, leftovers: Leftovers): Promise<void> {
  const incoming = join(folder, INCOMING);
  for (const name of readdirSync(incoming)) {
    if (hasLanding(db, name)) {
      leftovers.postponed.push(name);
      continue;
    }
    const path = join(incoming, name);
    try {
      if (name.startsWith(DERIVED_PREFIX)) await fs.rm(path, { recursive: true });
      else {
        const kept = await quarantine(folder, path);
        if (kept !== null) leftovers.quarantined.push(kept);
      }
    } catch (thrown) {
      leftovers.failures.push(thrown);
      leftovers.postponed.push(name);
    }
  }
}

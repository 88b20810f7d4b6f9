import { readdirSync } from 'node:fs';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageId } from '../contract/entities/ids.ts';
import type { Log } from '../contract/errors/errors.ts';
import { prepare, transact, type Readable } from './db/database.ts';
import { DERIVED_PREFIX } from './files/derived-files.ts';
import { isTransientError } from './db/disk-errors.ts';
import { INCOMING, originalPath, QUARANTINE } from './files/folders.ts';
import { completePendingSave } from './images/save-image.ts';
import {
  deletePendingSave,
  hasPendingSave,
  listPendingSaves,
  locatePendingSave,
  type PendingSave,
} from './files/pending-saves.ts';
import type { RecoveryReport, Library } from './files/library-handle.ts';
import { moveToOriginals } from './files/originals.ts';
import { moveToQuarantine } from './files/quarantine.ts';

/**
 * For the opening of a library: saves that a crash cut off are finished; what else lies in the incoming folder goes to quarantine, since
 * it may hold bytes that were paid for. No leftover ever stops the opening: what cannot be put away is told in `failures`.
 */
export async function recoverLibrary(library: Library): Promise<RecoveryReport> {
  const recovery: RecoveryReport = { completed: [], quarantined: [], postponed: [], failures: [] };
  for (const pending of listPendingSaves(library.db, library.folder))
    await recoverPendingSave(library, pending, recovery);
  await clearIncoming(library, recovery);
  return recovery;
}

/** Tells the log what the opening of a library found left behind and where it is now. Nothing, as a rule. */
export function logRecovery({ folder, recovery }: Library, log: Log): void {
  const { completed, quarantined, postponed, failures } = recovery;
  const [put, set, stay] = [completed, quarantined, postponed].map(
    ({ length }) => `${length} ${length === 1 ? 'file' : 'files'}`,
  );
  if (completed.length > 0)
    log(`The last end left ${put} on the way into the library: now they are images in ${folder}`, null);
  if (quarantined.length > 0)
    log(
      `The last end left ${set} that belong to no image, and perhaps were paid for: they are kept in ${join(folder, QUARANTINE)}`,
      null,
    );
  if (postponed.length > 0)
    log(
      `${stay} that the last end left could not be put away: they stay in ${join(folder, INCOMING)} until the next start`,
      null,
    );
  for (const thrown of failures) log('A file that the last end left could not be put into the library', thrown);
}

async function recoverPendingSave(library: Library, pending: PendingSave, recovery: RecoveryReport): Promise<void> {
  try {
    const image = await finishPendingSave(library, pending);
    if (image) recovery.completed.push(image);
  } catch (thrown) {
    recovery.failures.push(thrown);
    // It is known whose image it is, so it keeps its place for the next start where only the disk is in the way.
    if (isTransientError(thrown)) return;
    await abandonPendingSave(library, pending, recovery).catch((again: unknown) => recovery.failures.push(again));
  }
}

async function finishPendingSave(library: Library, pending: PendingSave): Promise<ImageId | null> {
  const { db, folder } = library;
  const place = await locatePendingSave(folder, pending);
  if (place === 'nowhere') {
    transact(db, () => deletePendingSave(db, pending.file));
    return null;
  }
  if (place === 'incoming')
    await moveToOriginals(pending.file, originalPath(folder, pending.file.sha256, pending.format));
  return (await completePendingSave(library, pending))?.id ?? null;
}

/** Gives a landing up: its file goes to quarantine, unless another row shares it. */
async function abandonPendingSave(
  { db, folder }: Library,
  { file, format }: PendingSave,
  { quarantined }: RecoveryReport,
): Promise<void> {
  const arrived = await moveToQuarantine(folder, file.path);
  const original = originalPath(folder, file.sha256, format);
  const kept = arrived ?? (isOriginal(db, file.sha256) ? null : await moveToQuarantine(folder, original));
  if (kept !== null) quarantined.push(kept);
  transact(db, () => deletePendingSave(db, file));
}

function isOriginal(db: Readable, sha256: string): boolean {
  return (
    prepare<[string], { sha256: string }>(db, 'SELECT sha256 FROM originals WHERE sha256 = ?').get(sha256) !== undefined
  );
}

async function clearIncoming({ db, folder }: Library, recovery: RecoveryReport): Promise<void> {
  const incoming = join(folder, INCOMING);
  for (const name of readdirSync(incoming)) {
    if (hasPendingSave(db, name)) {
      recovery.postponed.push(name);
      continue;
    }
    const path = join(incoming, name);
    try {
      if (name.startsWith(DERIVED_PREFIX)) await fs.rm(path, { recursive: true });
      else {
        const kept = await moveToQuarantine(folder, path);
        if (kept !== null) recovery.quarantined.push(kept);
      }
    } catch (thrown) {
      recovery.failures.push(thrown);
      recovery.postponed.push(name);
    }
  }
}

import { readdirSync } from 'node:fs';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import type { FileFormat } from '../contract/catalogue/file-formats.ts';
import type { ImageId, Sha256 } from '../contract/entities/ids.ts';
import { StudioError, type Log } from '../contract/errors/errors.ts';
import { adoptReceived, readAdoptable } from './adopt-received.ts';
import { prepare, transact, type Readable } from './db/database.ts';
import { DERIVED_PREFIX } from './files/derived-files.ts';
import { isTransientError } from './db/disk-errors.ts';
import { INCOMING, originalPath, ORIGINALS, QUARANTINE } from './files/folders.ts';
import { completePendingSave } from './images/save-image.ts';
import {
  deletePendingSave,
  hasPendingSave,
  listPendingSaves,
  locatePendingSave,
  type PendingSave,
  type StoredPendingSave,
} from './files/pending-saves.ts';
import { readReceivedName } from './files/received-name.ts';
import { jobOfGeneration, settleSavedLate } from './jobs/settle-saved-late.ts';
import type { RecoveryReport, Library, UnsavedImage } from './files/library-handle.ts';
import { moveToOriginals } from './files/originals.ts';
import { copyToQuarantine, moveToQuarantine } from './files/quarantine.ts';

/**
 * On opening a library: completes saves that a crash interrupted, and saves whole images whose saving hadn't begun, also those in the
 * rescue folders; other files in the incoming folder go to the quarantine, since their bytes may have been billed. Nothing here stops the opening; errors are in `failures`.
 */
export async function recoverLibrary(library: Library): Promise<RecoveryReport> {
  const recovery: RecoveryReport = { completed: [], quarantined: [], postponed: [], unsaved: [], failures: [] };
  try {
    for (const pending of listPendingSaves(library.db, library.folder))
      await recoverPendingSave(library, pending, recovery);
    await clearIncoming(library, recovery);
    await clearProbes(library, recovery);
    for (const folder of library.rescue.candidates) await emptyRescueFolder(library, folder, recovery);
  } catch (thrown) {
    // Without the list it isn't known whose a file is, so all stay where they are.
    recovery.failures.push(thrown);
  }
  return recovery;
}

/** Logs what was recovered on opening a library. Usually nothing. */
export function logRecovery({ folder, recovery }: Library, log: Log): void {
  const { completed, quarantined, postponed, failures } = recovery;
  const [put, set, stay] = [completed, quarantined, postponed].map(
    ({ length }) => `${length} ${length === 1 ? 'file' : 'files'}`,
  );
  if (completed.length > 0)
    log(`Recovered ${put} that the last session received but didn’t finish saving; now in ${folder}`, null);
  if (quarantined.length > 0)
    log(`Quarantined ${set} that the last session left, possibly billed: ${join(folder, QUARANTINE)}`, null);
  if (postponed.length > 0)
    log(
      `${stay} that the last session left couldn’t be moved; still in ${join(folder, INCOMING)} until the next start`,
      null,
    );
  if (recovery.unsaved.length > 0)
    log(`${recovery.unsaved.length} received images couldn’t be saved yet; they are kept and tried again`, null);
  for (const thrown of failures) log('A file that the last session left couldn’t be recovered', thrown);
}

async function recoverPendingSave(
  library: Library,
  pending: StoredPendingSave,
  recovery: RecoveryReport,
): Promise<void> {
  try {
    if (pending.target === null) throw pending.damage;
    const { target } = pending;
    if (target.kind === 'input') {
      await undoInput(library, pending, recovery);
      return;
    }
    const image = await finishPendingSave(library, { ...pending, target });
    if (image) recovery.completed.push(image);
  } catch (thrown) {
    recovery.failures.push(thrown);
    // Its target is known, so after a disk error it stays: an image is tried again while the application runs, and all at the next start.
    if (isTransientError(thrown)) {
      const image = unsavedImage(library, pending);
      if (image) recovery.unsaved.push({ ...image, error: thrown });
      return;
    }
    await abandonPendingSave(library, pending, recovery).catch((again: unknown) => recovery.failures.push(again));
  }
}

/** Takes an input that wasn't added completely from the originals. Its staging file is deleted with the others. */
async function undoInput(
  { db, folder }: Library,
  { file, format }: StoredPendingSave,
  { quarantined }: RecoveryReport,
): Promise<void> {
  const kept = await quarantineOriginal(db, folder, file.sha256, format);
  if (kept !== null) quarantined.push(kept);
  transact(db, () => deletePendingSave(db, file));
}

/** The image of a pending save, to be saved later; null for a partial image. */
function unsavedImage({ db }: Library, { file, target }: StoredPendingSave): UnsavedImage | null {
  if (target?.kind !== 'image') return null;
  const { generationId, position, revisedPrompt, at } = target;
  const jobId = jobOfGeneration(db, generationId);
  return jobId && { jobId, input: { generationId, position, file, revisedPrompt, at } };
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
  const image = await completePendingSave(library, pending);
  if (image) settleSavedLate(db, pending.target.generationId, 0);
  return image?.id ?? null;
}

/** Abandons a pending save: its file goes to the quarantine, unless another row uses it. */
async function abandonPendingSave(
  { db, folder }: Library,
  { file, format }: Pick<PendingSave, 'file' | 'format'>,
  { quarantined }: RecoveryReport,
): Promise<void> {
  const received = await moveToQuarantine(folder, file.path);
  const kept = received ?? (await quarantineOriginal(db, folder, file.sha256, format));
  if (kept !== null) quarantined.push(kept);
  transact(db, () => deletePendingSave(db, file));
}

/** Moves a file that no row uses. Null if there is none, or if hash and format name no file. */
async function quarantineOriginal(
  db: Readable,
  folder: string,
  sha256: Sha256,
  format: FileFormat,
): Promise<string | null> {
  const path = pathOrNull(() => originalPath(folder, sha256, format));
  return path === null || isOriginal(db, sha256) ? null : moveToQuarantine(folder, path);
}

function pathOrNull(path: () => string): string | null {
  try {
    return path();
  } catch (thrown) {
    if (thrown instanceof StudioError && thrown.code === 'library-damaged') return null;
    throw thrown;
  }
}

function isOriginal(db: Readable, sha256: string): boolean {
  return (
    prepare<[string], { sha256: string }>(db, 'SELECT sha256 FROM originals WHERE sha256 = ?').get(sha256) !== undefined
  );
}

async function clearIncoming(library: Library, recovery: RecoveryReport): Promise<void> {
  const { db, folder } = library;
  const incoming = join(folder, INCOMING);
  for (const name of readdirSync(incoming)) {
    if (hasPendingSave(db, name)) {
      recovery.postponed.push(name);
      continue;
    }
    const path = join(incoming, name);
    try {
      if (name.startsWith(DERIVED_PREFIX)) await fs.rm(path, { recursive: true });
      else if (!(await adopt(library, path, recovery))) {
        const kept = await moveToQuarantine(folder, path);
        if (kept !== null) recovery.quarantined.push(kept);
      }
    } catch (thrown) {
      recovery.failures.push(thrown);
      recovery.postponed.push(name);
    }
  }
}

/** Deletes what a check of the storage had moved to the originals when it was cut off. */
async function clearProbes({ folder }: Library, recovery: RecoveryReport): Promise<void> {
  const originals = join(folder, ORIGINALS);
  for (const name of await fs.readdir(originals)) {
    if (!name.startsWith(DERIVED_PREFIX)) continue;
    await fs.rm(join(originals, name)).catch((thrown: unknown) => recovery.failures.push(thrown));
  }
}

/** Brings home what an earlier session kept outside the library. Files of other libraries stay. */
async function emptyRescueFolder(library: Library, folder: string, recovery: RecoveryReport): Promise<void> {
  const names = await fs.readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    try {
      if (name.startsWith(DERIVED_PREFIX)) await fs.rm(path, { force: true });
      else if (!(await adopt(library, path, recovery)) && isOurs(library, name))
        recovery.quarantined.push(await copyToQuarantine(library.folder, path));
    } catch (thrown) {
      recovery.failures.push(thrown);
    }
  }
}

/** Whether a file of a rescue folder belongs to a request of this library. */
function isOurs({ db }: Library, name: string): boolean {
  const owner = readReceivedName(name);
  return owner !== null && jobOfGeneration(db, owner.generationId) !== null;
}

/** Saves a whole image that an earlier session received. False: the file is no such image. */
async function adopt(library: Library, path: string, recovery: RecoveryReport): Promise<boolean> {
  const image = await readAdoptable(library, path);
  if (!image) return false;
  try {
    const id = await adoptReceived(library, image);
    if (id !== null) recovery.completed.push(id);
  } catch (thrown) {
    recovery.failures.push(thrown);
    recovery.unsaved.push({ ...image, error: thrown });
  }
  return true;
}

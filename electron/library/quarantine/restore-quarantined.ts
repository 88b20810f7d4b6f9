import { copyFile, rm } from 'node:fs/promises';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import type { RunId, Sha256 } from '../../contract/entities/ids.ts';
import type { QuarantineId, Restored } from '../../contract/entities/quarantine.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { prepare, type Readable } from '../db/database.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { derivedPath } from '../files/derived-files.ts';
import { originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { hasHash, hashFile, moveToOriginals } from '../files/originals.ts';
import { keepCopyInQuarantine } from '../files/quarantine.ts';
import { RefusedFiles } from '../import/import-plan.ts';
import { ImportThread } from '../import/import-thread.ts';
import { runImport } from '../import/run-import.ts';
import { removeQuarantined } from './remove-quarantined.ts';
import { requireQuarantined } from './quarantined-path.ts';

export interface RestoreWork {
  library: Library;
  id: QuarantineId;
  /** What the import is recorded under. */
  runId: RunId;
  /** Images were added. */
  added(): void;
  failed(thrown: unknown): void;
}

/**
 * Takes a file out of the quarantine: to its place if it is a listed original that is missing or damaged, else as an imported image. It leaves the
 * quarantine only when its bytes are proven to be among the originals.
 * @throws StudioError `not-found`; `input-invalid` for what is no image, damaged, or in the library already; `disk-full`, `disk-unwritable`
 */
export async function restoreQuarantined(work: RestoreWork): Promise<Restored> {
  const { library, id } = work;
  const { db, folder } = library;
  const { path, stat } = requireQuarantined(folder, id);
  const sha256 = await hashFile(path);
  const listed = findOriginal(db, sha256);
  if (listed) {
    const place = originalPath(folder, sha256, listed.format);
    if (await hasHash(place, sha256)) throw refused('Its bytes are in the library already.');
    await putBack(folder, { path, bytes: stat.size, sha256 }, place);
  } else await importFile(work, { path, bytes: stat.size, sha256, modifiedAt: stat.mtimeMs });
  const stored = listed ?? findOriginal(db, sha256);
  if (!stored || !(await hasHash(originalPath(folder, sha256, stored.format), sha256)))
    throw refused('It changed while it was read.');
  await removeQuarantined(folder, id);
  return { as: listed ? 'original' : 'image' };
}

/** The damaged bytes that are replaced are kept. */
async function putBack(
  folder: string,
  file: { path: string; bytes: number; sha256: Sha256 },
  place: string,
): Promise<void> {
  const copy = derivedPath(folder, 'restore');
  try {
    await copyFile(file.path, copy);
    if (!(await hasHash(copy, file.sha256))) throw refused('It changed while it was read.');
    await keepCopyInQuarantine(folder, place);
    await moveToOriginals({ ...file, path: copy }, place);
  } catch (thrown) {
    throw toDiskError(thrown, { folder });
  } finally {
    await rm(copy, { force: true });
  }
}

async function importFile(
  { library, runId, added, failed }: RestoreWork,
  { path, bytes, sha256, modifiedAt }: { path: string; bytes: number; sha256: Sha256; modifiedAt: number },
): Promise<void> {
  const refusedFiles = new RefusedFiles();
  const thread = new ImportThread(library.folder);
  const candidate = {
    origin: { path, zip: null },
    name: path,
    sha256,
    bytes,
    format: 'png' as const,
    dates: { made: null, takenAt: null, besideAt: null, fileAt: modifiedAt },
    source: null,
    beside: null,
    record: null,
    marks: [],
  };
  const control = {
    signal: new AbortController().signal,
    progress: () => undefined,
    pausePoint: () => Promise.resolve(),
  };
  try {
    const { imported } = await runImport(
      { library, thread, id: runId, candidates: [candidate], refused: refusedFiles, exact: true, added, failed },
      control,
    );
    if (imported === 0) throw refused('It isn’t an image that can be decoded.');
  } finally {
    await thread.close();
  }
}

function findOriginal(db: Readable, sha256: Sha256): { format: FileFormat } | undefined {
  return prepare<[string], { format: FileFormat }>(db, 'SELECT format FROM originals WHERE sha256 = ?').get(sha256);
}

function refused(reason: string): StudioError {
  return new StudioError({ code: 'input-invalid', message: `${reason} It stays in the quarantine.` });
}

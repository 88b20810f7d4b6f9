import { realpathSync, unlinkSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import type { ImageId, Sha256 } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { syncFolder } from '../../disk/durable-file.ts';
import { errorCode } from '../../disk/error-code.ts';
import { setImmediate } from 'node:timers/promises';
import { prepare, transact, type Readable, type Writable } from '../db/database.ts';
import { syncCommits } from '../db/unsynced.ts';
import { heatMapPath, originalPath, PREVIEW_EDGE, THUMBNAIL_EDGE, thumbnailPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';

interface Removal {
  kind: 'original' | 'heat-map';
  name: string;
  format: FileFormat | null;
}

/** Files at once: a few ms. */
const PIECE = 40;

/**
 * Deletes the files that no row names any more, with their thumbnails. Each is looked for in the database again right before it is deleted.
 * What a crash interrupts is done by the next start; so is a file that can't be deleted now.
 * @returns files that couldn't be deleted, with the errors
 */
export async function finishRemovals(
  library: Pick<Library, 'db' | 'folder'>,
  isStopped: () => boolean,
): Promise<unknown[]> {
  const { db, folder } = library;
  const failures: unknown[] = [];
  for (let after: Removal | null = null; !isStopped();) {
    // Otherwise a power cut could bring a row back whose file is gone.
    await syncCommits(db);
    const removals: Removal[] = nextRemovals(db, after);
    if (removals.length === 0) break;
    after = removals.at(-1) ?? null;
    const done: Removal[] = [];
    const folders = new Set<string>();
    for (const removal of removals) {
      try {
        if (!isNamed(db, removal))
          for (const path of pathsOf(folder, removal)) if (deleteFile(folder, path)) folders.add(dirname(path));
        done.push(removal);
      } catch (thrown) {
        failures.push(thrown);
      }
    }
    // Otherwise a power cut could bring a file back that no row explains.
    for (const each of folders) await syncFolder(each);
    transact(db, () => done.forEach(({ kind, name }) => forget(db, kind, name)));
    await setImmediate();
  }
  return failures;
}

function nextRemovals(db: Readable, after: Removal | null): Removal[] {
  const sql = `SELECT kind, name, format FROM removals WHERE (kind, name) > (?, ?) ORDER BY kind, name LIMIT ${PIECE}`;
  return prepare<[string, string], Removal>(db, sql).all(after?.kind ?? '', after?.name ?? '');
}

/** Whether a file belongs to something again: the same bytes were received once more, or are just being saved. */
function isNamed(db: Readable, { kind, name }: Removal): boolean {
  const sql =
    kind === 'heat-map'
      ? 'SELECT EXISTS (SELECT 1 FROM images WHERE id = :name) AS named'
      : `SELECT EXISTS (SELECT 1 FROM originals WHERE sha256 = :name) OR EXISTS (SELECT 1 FROM landings WHERE sha256 = :name) AS named`;
  return prepare<[{ name: string }], { named: number }>(db, sql).get({ name })?.named === 1;
}

/** [] for a name that is none: a library may come from anyone. */
function pathsOf(folder: string, { kind, name, format }: Removal): string[] {
  try {
    if (kind === 'heat-map') return [heatMapPath(folder, name as ImageId)];
    const sha256 = name as Sha256;
    const thumbnails = [PREVIEW_EDGE, THUMBNAIL_EDGE].map((edge) =>
      thumbnailPath(folder, sha256, edge as typeof PREVIEW_EDGE),
    );
    return format === null ? [] : [...thumbnails, originalPath(folder, sha256, format)];
  } catch (thrown) {
    if (thrown instanceof StudioError && thrown.code === 'library-damaged') return [];
    throw thrown;
  }
}

/** Returns false if there was none, or if its folder leads out of the library. */
function deleteFile(folder: string, path: string): boolean {
  try {
    if (!realpathSync(dirname(path)).startsWith(realpathSync(folder) + sep)) return false;
    unlinkSync(path);
    return true;
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(thrown))) return false;
    throw thrown;
  }
}

function forget(db: Writable, kind: string, name: string): void {
  prepare<[string, string]>(db, 'DELETE FROM removals WHERE kind = ? AND name = ?').run(kind, name);
}

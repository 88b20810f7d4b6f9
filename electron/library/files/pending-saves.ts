import { basename } from 'node:path';
import type { Sha256 } from '../../contract/entities/ids.ts';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import {
  pendingSaveTargetFromJson,
  pendingSaveTargetToJson,
  readRows,
  type PendingSaveTarget,
  type ReceivedTarget,
} from '../db/columns.ts';
import { prepare, transact, type Readable, type Writable } from '../db/database.ts';
import { incomingPath, originalPath } from './folders.ts';
import { hasHash, type ReceivedFile } from './originals.ts';

/**
 * Recorded before a file is moved and deleted in the transaction that stores its row, so a save that a crash interrupted can be
 * completed, or undone. So every file among the originals has a row at any time.
 */
export interface PendingSave<Target extends PendingSaveTarget = ReceivedTarget> {
  file: ReceivedFile;
  format: FileFormat;
  target: Target;
}

/** A pending save as it is stored. Its target may be damaged; then `target` is null and `damage` says so. */
export type StoredPendingSave =
  | (PendingSave<PendingSaveTarget> & { damage: null })
  | (Omit<PendingSave, 'target'> & { target: null; damage: unknown });

/**
 * Records a pending save, durably. A second record for the same file replaces the first.
 * @throws StudioError like `transact`
 */
export function recordPendingSave(db: Writable, { file, format, target }: PendingSave<PendingSaveTarget>): void {
  const sql = 'INSERT OR REPLACE INTO landings (file, sha256, bytes, format, target) VALUES (?, ?, ?, ?, ?)';
  transact(db, () => {
    prepare<[string, string, number, string, string]>(db, sql).run(
      basename(file.path),
      file.sha256,
      file.bytes,
      format,
      pendingSaveTargetToJson(target),
    );
  });
}

/** Deletes a pending save. Call it in the transaction that stores the row or abandons the file. */
export function deletePendingSave(db: Writable, file: ReceivedFile): void {
  prepare<[string]>(db, 'DELETE FROM landings WHERE file = ?').run(basename(file.path));
}

/** Whether saving a file of the incoming folder has begun. */
export function hasPendingSave(db: Readable, fileName: string): boolean {
  return (
    prepare<[string], { file: string }>(db, 'SELECT file FROM landings WHERE file = ?').get(fileName) !== undefined
  );
}

interface PendingSaveRow {
  file: string;
  sha256: Sha256;
  bytes: number;
  format: FileFormat;
  target: string;
}

/**
 * All pending saves. The database may come from anyone: a row whose file name leads out of the incoming folder is reported and left out;
 * one with a wrong hash, format or target is damaged.
 */
export function listPendingSaves(db: Readable, folder: string): StoredPendingSave[] {
  const rows = prepare<[], PendingSaveRow>(db, 'SELECT * FROM landings').all();
  return readRows(rows, (row) => {
    const path = incomingPath(folder, row.file);
    const save = { file: { path, bytes: row.bytes, sha256: row.sha256 }, format: row.format };
    try {
      originalPath(folder, row.sha256, row.format);
      return { ...save, target: pendingSaveTargetFromJson(row.target, row.file), damage: null };
    } catch (damage) {
      return { ...save, target: null, damage };
    }
  });
}

/** Where a pending save's file is. A file counts only if its hash is right. */
export async function locatePendingSave(
  folder: string,
  { file, format }: Pick<PendingSave, 'file' | 'format'>,
): Promise<'incoming' | 'originals' | 'nowhere'> {
  if (await hasHash(file.path, file.sha256)) return 'incoming';
  return (await hasHash(originalPath(folder, file.sha256, format), file.sha256)) ? 'originals' : 'nowhere';
}

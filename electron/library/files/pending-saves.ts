import { basename, join } from 'node:path';
import type { GenerationId, Sha256, Timestamp } from '../../contract/entities/ids.ts';
import type { OutputFormat } from '../../contract/catalogue/parameters.ts';
import { prepare, transact, type Readable, type Writable } from '../db/database.ts';
import { INCOMING, originalPath } from './folders.ts';
import { hasHash, type ReceivedFile } from './originals.ts';

/** Whose file it is that is on its way to the originals. */
export type PendingSaveTarget =
  | { kind: 'image'; generationId: GenerationId; position: number; revisedPrompt: string | null; at: Timestamp }
  | { kind: 'partial'; generationId: GenerationId; index: number; at: Timestamp };

/** Noted before a file is moved and gone with the commit of its row: what is still here after a crash can be finished. */
export interface PendingSave {
  file: ReceivedFile;
  format: OutputFormat;
  target: PendingSaveTarget;
}

/** Notes where a file is going, durably when it returns; a second note of the same file replaces the first. Throws as `transact` does. */
export function recordPendingSave(db: Writable, { file, format, target }: PendingSave): void {
  const sql = 'INSERT OR REPLACE INTO landings (file, sha256, bytes, format, target) VALUES (?, ?, ?, ?, ?)';
  transact(db, () => {
    prepare<[string, string, number, string, string]>(db, sql).run(
      basename(file.path),
      file.sha256,
      file.bytes,
      format,
      JSON.stringify(target),
    );
  });
}

/** To be called in the transaction that stores the row, or that gives the file up. */
export function deletePendingSave(db: Writable, file: ReceivedFile): void {
  prepare<[string]>(db, 'DELETE FROM landings WHERE file = ?').run(basename(file.path));
}

/** Whether a file of the incoming folder is one whose saving has begun. */
export function hasPendingSave(db: Readable, fileName: string): boolean {
  return (
    prepare<[string], { file: string }>(db, 'SELECT file FROM landings WHERE file = ?').get(fileName) !== undefined
  );
}

interface PendingSaveRow {
  file: string;
  sha256: Sha256;
  bytes: number;
  format: OutputFormat;
  target: string;
}

/** What is under way, or was when the process ended. A row may be a stranger's: its file is never looked for outside the incoming folder. */
export function listPendingSaves(db: Readable, folder: string): PendingSave[] {
  return prepare<[], PendingSaveRow>(db, 'SELECT * FROM landings')
    .all()
    .map((row) => ({
      file: { path: join(folder, INCOMING, basename(row.file)), bytes: row.bytes, sha256: row.sha256 },
      format: row.format,
      target: JSON.parse(row.target) as PendingSaveTarget,
    }));
}

/** How far a landing had come when the process ended. A file counts only when all its bytes are right. */
export async function locatePendingSave(
  folder: string,
  { file, format }: PendingSave,
): Promise<'incoming' | 'originals' | 'nowhere'> {
  if (await hasHash(file.path, file.sha256)) return 'incoming';
  return (await hasHash(originalPath(folder, file.sha256, format), file.sha256)) ? 'originals' : 'nowhere';
}

import { basename, join } from 'node:path';
import type { GenerationId, Sha256, Timestamp } from '../contract/entities.ts';
import type { OutputFormat } from '../contract/parameters.ts';
import { prepare, transact, type Readable, type Writable } from './database.ts';
import { INCOMING, originalPath } from './folders.ts';
import { hasHash, type ArrivedFile } from './originals.ts';

/** Whose file it is that is on its way to the originals. */
export type LandingTarget =
  | { kind: 'picture'; generationId: GenerationId; position: number; revisedPrompt: string | null; at: Timestamp }
  | { kind: 'partial'; generationId: GenerationId; index: number; at: Timestamp };

/** Noted before a file is moved and gone with the commit of its row: what is still here after a crash can be finished. */
export interface Landing {
  file: ArrivedFile;
  format: OutputFormat;
  target: LandingTarget;
}

export function noteLanding(db: Writable, { file, format, target }: Landing): void {
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

export function endLanding(db: Writable, file: ArrivedFile): void {
  prepare<[string]>(db, 'DELETE FROM landings WHERE file = ?').run(basename(file.path));
}

interface LandingRow {
  file: string;
  sha256: Sha256;
  bytes: number;
  format: OutputFormat;
  target: string;
}

export function listLandings(db: Readable, folder: string): Landing[] {
  return prepare<[], LandingRow>(db, 'SELECT * FROM landings')
    .all()
    .map((row) => ({
      file: { path: join(folder, INCOMING, row.file), bytes: row.bytes, sha256: row.sha256 },
      format: row.format,
      target: JSON.parse(row.target) as LandingTarget,
    }));
}

/** How far a landing had come when the process ended. A file counts only when all its bytes are right. */
export async function whereIs(
  folder: string,
  { file, format }: Landing,
): Promise<'incoming' | 'originals' | 'nowhere'> {
  if (await hasHash(file.path, file.sha256)) return 'incoming';
  return (await hasHash(originalPath(folder, file.sha256, format), file.sha256)) ? 'originals' : 'nowhere';
}

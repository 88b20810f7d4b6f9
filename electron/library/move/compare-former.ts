import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openUntrusted } from '../db/database.ts';
import { knownFiles } from '../db/known-files.ts';
import { DATABASE } from '../files/folders.ts';
import { isOriginal, hashOf, list } from './copy-files.ts';
import { filesFingerprint, rowsFingerprint, type FileState } from './fingerprint.ts';
import type { Receipt } from './receipt.ts';
import { findUncopied } from './uncopied-files.ts';

/**
 * `changed`: something was added or changed in the old folder since it was copied. `lost`: an image of the copy isn't there. `uncopied`: a file or
 * link in the old folder that isn't Emulsion's and that no copy has.
 */
export type Comparison = { kind: 'same' | 'changed' | 'lost' } | { kind: 'uncopied'; path: string };

/**
 * Compares a library that is open nowhere with what it was when it was copied, and whether the copy still has its originals, but those that
 * were deleted in it. Blocks, so call it in a thread. Changes nothing.
 * @throws what the disk or SQLite throws
 */
export function compareFormer({ source, target, files, rows }: Receipt): Comparison {
  const uncopied = findUncopied(source);
  if (uncopied !== null) return { kind: 'uncopied', path: uncopied };
  const states: FileState[] = [];
  for (const { path } of list(source)) {
    const stat = statSync(join(source, path), { bigint: true });
    states.push({ path, bytes: Number(stat.size), modified: String(stat.mtimeNs) });
  }
  if (filesFingerprint(states) !== files || rowsIn(source) !== rows) return { kind: 'changed' };
  const db = openUntrusted(join(target, DATABASE), { readonly: true, fileMustExist: true, timeout: 5000 });
  try {
    const { isOriginal: isListed } = knownFiles(db);
    const isLost = ({ path, bytes }: FileState): boolean =>
      isOriginal(path) &&
      isListed(hashOf(path)) &&
      statSync(join(target, path), { throwIfNoEntry: false })?.size !== bytes;
    return { kind: states.some(isLost) ? 'lost' : 'same' };
  } finally {
    db.close();
  }
}

function rowsIn(folder: string): string {
  const path = join(folder, DATABASE);
  const beside = ['-wal', '-shm'].map((end) => path + end).filter((name) => !existsSync(name));
  const db = openUntrusted(path, { readonly: true, fileMustExist: true, timeout: 5000 });
  try {
    return rowsFingerprint(db);
  } finally {
    db.close();
    // SQLite creates them empty even for a connection that only reads, and leaves them.
    for (const name of beside) rmSync(name, { force: true });
  }
}

import { readFile } from 'node:fs/promises';
import { errorCode } from '../../disk/error-code.ts';
import { transactUnsynced } from '../db/unsynced.ts';
import type { Library } from '../files/library-handle.ts';
import { keepCopyInQuarantine } from '../files/quarantine.ts';
import { isRemembered, rememberRecord, type RecordName } from './record-hashes.ts';
import { saysAll } from './says-all.ts';

/**
 * Keeps a copy of a record in the quarantine before a text replaces it, unless it is what this database wrote last or the text says all that it
 * says. Otherwise a later state of the database may have written it: one that was lost, and replaced by an older copy.
 * @throws the system's error; then the record must not be replaced
 */
export async function keepReplaced(
  library: Library,
  { name, path, text }: { name: RecordName; path: string; text: string },
): Promise<void> {
  const before = await readOrNull(path);
  if (before === null || isRemembered(library.db, name, before) || saysAll(text, before.toString('utf8'))) return;
  await keepRecord(library, name, path, before);
}

/** Keeps a copy of a record in the quarantine. Until its file is another one, it isn't kept again. @throws the system's error */
export async function keepRecord(
  { db, folder }: Library,
  name: RecordName,
  path: string,
  content?: Uint8Array,
): Promise<void> {
  const kept = content ?? (await readOrNull(path));
  await keepCopyInQuarantine(folder, path);
  if (kept) transactUnsynced(db, () => rememberRecord(db, name, kept));
}

async function readOrNull(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}

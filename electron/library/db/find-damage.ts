import { errorCode } from '../../disk/error-code.ts';
import { openUntrusted } from './database.ts';

/** Lines that SQLite's check returns at most. */
const MAX_LINES = 20;

/**
 * What SQLite's `quick_check` finds: damaged pages of tables, indexes and the free list. Reads the whole file, so call it in a thread of its
 * own. [] for a sound database.
 * @throws SQLite's error, where it isn't about damage
 */
export function findDamage(path: string): string[] {
  const db = openUntrusted(path, { readonly: true, fileMustExist: true, timeout: 1000 });
  try {
    const lines = db.prepare<[], string>(`PRAGMA quick_check(${MAX_LINES})`).pluck().all();
    return lines.length === 1 && lines[0] === 'ok' ? [] : lines;
  } catch (thrown) {
    if (/^SQLITE_(?:CORRUPT|NOTADB)/u.test(errorCode(thrown))) return [String(thrown)];
    throw thrown;
  } finally {
    db.close();
  }
}

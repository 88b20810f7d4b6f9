import { prepare, type Readable } from '../db/database.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { syncCommits, transactUnsynced } from '../db/unsynced.ts';
import { writeDerived } from '../files/derived-files.ts';
import type { Library } from '../files/library-handle.ts';
import type { SidecarId } from '../files/sidecar-marks.ts';
import { keepReplaced } from './keep-replaced.ts';
import { rememberRecord } from './record-hashes.ts';
import { RECORDED_TABLES } from './recorded-tables.ts';
import { renderSidecar } from './render-sidecar.ts';
import { beginEpoch } from './write-library-record.ts';

/** Times that a sidecar is written again because its rows changed meanwhile; after that it stays outdated until something writes it. */
const MAX_REWRITES = 3;

/**
 * Writes the sidecar of a request or an import from its current rows, replacing an older one. For failed requests too. It is marked as written once the
 * file is durable, and only if the rows still say what was written.
 * @throws StudioError `not-found`, `disk-full`, `disk-unwritable`, `library-damaged`
 */
export function writeSidecar(library: Library, id: SidecarId): Promise<void> {
  // One after the other: of two writers, the one with the older rows could be the last to replace the file.
  const queue = writing.get(library.db) ?? new Map<string, Promise<void>>();
  writing.set(library.db, queue);
  const before = queue.get(id) ?? Promise.resolve();
  const written = before.catch(() => undefined).then(() => writeUntilCurrent(library, id));
  queue.set(id, written);
  const forget = (): void => {
    if (queue.get(id) === written) queue.delete(id);
  };
  written.then(forget, forget);
  return written;
}
const writing = new WeakMap<Readable, Map<string, Promise<void>>>();

async function writeUntilCurrent(library: Library, id: SidecarId): Promise<void> {
  const { folder } = library;
  for (let rewrite = 0; rewrite < MAX_REWRITES; rewrite += 1) {
    const { path, text } = renderSidecar(library, id);
    try {
      // Otherwise a power cut could leave a sidecar that is ahead of its rows, which don't know of it.
      await beginEpoch(library);
      await syncCommits(library.db);
      await keepReplaced(library, { name: id, path, text });
      await writeDerived(folder, path, text);
    } catch (thrown) {
      throw toDiskError(thrown, { folder });
    }
    if (markWritten(library, id, text)) return;
  }
}

/**
 * Remembers what was written, and marks the sidecar as written if its rows still say what it contains. Returns whether they do. Not synced: a mark that a power cut undoes is
 * made again, with the same sidecar, at the next start.
 */
function markWritten(library: Library, id: SidecarId, text: string): boolean {
  return transactUnsynced(library.db, () => {
    rememberRecord(library.db, id, text);
    if (renderSidecar(library, id).text !== text) return false;
    for (const table of RECORDED_TABLES)
      prepare<[number, string]>(library.db, `UPDATE ${table} SET recorded_at = ? WHERE id = ?`).run(Date.now(), id);
    return true;
  });
}

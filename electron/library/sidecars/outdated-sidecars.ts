import { setImmediate } from 'node:timers/promises';
import type { GenerationId } from '../../contract/entities/ids.ts';
import { prepare, transact, type Readable } from '../db/database.ts';
import type { Library } from '../files/library-handle.ts';
import { markSidecarOutdated } from '../files/sidecar-marks.ts';
import { writeSidecar } from './write-sidecar.ts';

/** Ended requests whose sidecar is missing or outdated, oldest first. */
export function listOutdatedSidecars(db: Readable): GenerationId[] {
  const sql =
    "SELECT id FROM generations WHERE recorded_at IS NULL AND state NOT IN ('intent', 'sent') ORDER BY created_at";
  return prepare<[], { id: GenerationId }>(db, sql)
    .all()
    .map((row) => row.id);
}

/** Writes outdated sidecars of ended requests. Errors go to `failed`; the next start retries. */
export async function writeSidecars(
  library: Library,
  ids: readonly GenerationId[],
  failed: (thrown: unknown) => void,
): Promise<void> {
  for (const id of new Set(ids)) if (isOutdated(library.db, id)) await writeSidecar(library, id).catch(failed);
}

function isOutdated(db: Readable, id: GenerationId): boolean {
  const sql =
    "SELECT 1 AS outdated FROM generations WHERE id = ? AND recorded_at IS NULL AND state NOT IN ('intent', 'sent')";
  return prepare<[string], { outdated: number }>(db, sql).get(id) !== undefined;
}

/** Requests that are listed at once: about a millisecond. */
const PAGE = 200;

interface Outdated {
  id: GenerationId;
  created_at: number;
}

/**
 * Writes all outdated sidecars of ended requests, oldest first, however many there are. Errors go to `failed`; the next start retries.
 * @param except those that are left outdated
 * @returns those that couldn't be written
 */
export async function writeOutdatedSidecars(
  library: Library,
  options: { failed(thrown: unknown): void; signal?: AbortSignal | undefined; except?: ReadonlySet<GenerationId> },
): Promise<Set<GenerationId>> {
  const { failed, signal, except } = options;
  const refused = new Set<GenerationId>();
  for (let page = readPage(library.db, null); page.length > 0; page = readPage(library.db, page.at(-1) ?? null)) {
    for (const { id } of page) {
      if (signal?.aborted) return refused;
      if (except?.has(id)) continue;
      await writeSidecar(library, id).catch((thrown: unknown) => {
        refused.add(id);
        // Work stopped because the application is closing stays due.
        if (!signal?.aborted) failed(thrown);
      });
    }
    await setImmediate();
  }
  return refused;
}

function readPage(db: Readable, after: Outdated | null): Outdated[] {
  const sql = `SELECT id, created_at FROM generations WHERE recorded_at IS NULL AND state NOT IN ('intent', 'sent')
    AND created_at >= :at AND (created_at, id) > (:at, :id) ORDER BY created_at, id LIMIT ${PAGE}`;
  const from = { at: after?.created_at ?? 0, id: after?.id ?? '' };
  return prepare<[{ at: number; id: string }], Outdated>(db, sql).all(from);
}

/** Writes the sidecars of ended requests again, regardless of their marks. Errors go to `failed`; the next start retries. */
export async function rewriteSidecars(
  library: Library,
  ids: readonly GenerationId[],
  failed: (thrown: unknown) => void,
): Promise<void> {
  const { db } = library;
  transact(db, () => ids.forEach((id) => markSidecarOutdated(db, id)));
  await writeSidecars(library, ids, failed);
}
